import { Resolver } from 'node:dns/promises';
import type { Dns } from '../../ports/dns.ts';
import { PortError } from '../../ports/port-error.ts';

/** Answers that say that a name has no address of the type. */
const noAddressCodes = new Set(['ENODATA', 'ENOTFOUND']);

/** One question takes a resolver that has to ask around well under a second; a lost datagram is asked for again. */
const limits = { timeout: 1_000, tries: 2 };

/**
 * Asks a resolver, with whatever it has cached: what a client there would be told.
 *
 * @param servers - addresses with ports; this machine's own resolvers when left out
 * @returns rejects with a `PortError`: `timeout`, `invalid` for what is no name, or `unavailable`
 */
export function createResolve(servers: readonly string[] = []): Dns['resolve'] {
  return async (name) => {
    const resolver = new Resolver(limits);
    if (servers.length > 0) resolver.setServers(servers);
    const found = await Promise.all([ask(() => resolver.resolve4(name)), ask(() => resolver.resolve6(name))]);
    return { addresses: found.flat().sort() };
  };
}

/** Asks this machine's own resolver. */
export const resolveName: Dns['resolve'] = createResolve();

async function ask(query: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await query();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (noAddressCodes.has(code)) return [];
    throw new PortError({ kind: kindOf(code), detail: `resolver: ${code}` }, error);
  }
}

function kindOf(code: string): 'timeout' | 'invalid' | 'unavailable' {
  if (code === 'ETIMEOUT') return 'timeout';
  return code === 'EBADNAME' ? 'invalid' : 'unavailable';
}
