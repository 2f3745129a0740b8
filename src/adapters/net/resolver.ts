import { Resolver } from 'node:dns/promises';
import { PortError } from '../../ports/port-error.ts';

/** Finds the addresses of a name now, sorted; none when it has none. */
export type Resolve = (name: string) => Promise<{ readonly addresses: readonly string[] }>;

/** One name server, by IP address. */
export interface NameServer {
  readonly host: string;
  readonly port: number;
}

/** How long and how often a name server is asked. Node's resolver doubles the time with each attempt. */
export interface AskLimits {
  /** Time of the first attempt, milliseconds. */
  readonly timeoutMs: number;
  readonly attemptsMax: number;
}

/** Answers that say that a name has no address of the type. */
const noAddressCodes = new Set(['ENODATA', 'ENOTFOUND']);

/** One question takes a resolver that has to ask around well under a second; a lost datagram is asked for again. */
const defaultLimits: AskLimits = { timeoutMs: 1_000, attemptsMax: 2 };

/**
 * Asks a resolver, with whatever it has cached: what a client there would be told.
 *
 * @param servers - this machine's own resolvers when empty
 * @returns rejects with a `PortError`: `timeout`, `invalid` for what is no name, or `unavailable`
 */
export function createResolve(
  servers: readonly NameServer[] = [],
  { timeoutMs, attemptsMax }: AskLimits = defaultLimits,
): Resolve {
  return async (name) => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: attemptsMax });
    if (servers.length > 0) resolver.setServers(servers.map(({ host, port }) => `${host}:${port}`));
    const found = await Promise.all([ask(() => resolver.resolve4(name)), ask(() => resolver.resolve6(name))]);
    return { addresses: found.flat().sort() };
  };
}

/** Asks this machine's own resolver. */
export const resolveName: Resolve = createResolve();

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
