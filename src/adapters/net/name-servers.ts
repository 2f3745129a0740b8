import { Resolver } from 'node:dns/promises';
import { PortError } from '../../ports/port-error.ts';

/** Finds the name servers of a domain, in lower case and without the last dot; null where there are none. */
export type ResolveNameServers = (domain: string) => Promise<readonly string[] | null>;

/** Answers that say that a name has no name servers. */
const noneCodes = new Set(['ENODATA', 'ENOTFOUND']);

/** One question takes a resolver that has to ask around well under a second; a lost datagram is asked for again. */
const limits = { timeout: 1_000, tries: 2 };

/**
 * Asks this machine's resolvers, as clients do.
 *
 * @param servers - others, as `host:port`
 */
export function createResolveNameServers(servers: readonly string[] = []): ResolveNameServers {
  return async (domain) => {
    const resolver = new Resolver(limits);
    if (servers.length > 0) resolver.setServers(servers);
    try {
      const found = await resolver.resolveNs(domain);
      return found.map((name) => name.toLowerCase().replace(/\.$/, '')).sort();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (noneCodes.has(code)) return null;
      const detail = `no resolver says what name servers ${domain} has: ${code}`;
      throw new PortError({ kind: code === 'ETIMEOUT' ? 'timeout' : 'unavailable', detail }, error);
    }
  };
}
