import { resolve4, resolve6 } from 'node:dns/promises';
import type { Dns } from '../../ports/dns.ts';
import { PortError } from '../../ports/port-error.ts';

/** Answers that say that a name has no address of the type. */
const noAddressCodes = new Set(['ENODATA', 'ENOTFOUND']);

/**
 * Asks this machine's own resolver, with whatever it has cached: what a client here would be told.
 *
 * @throws {PortError} `timeout` or `unavailable` when the resolver gave no answer
 */
export const resolveName: Dns['resolve'] = async (name) => {
  const found = await Promise.all([ask(() => resolve4(name)), ask(() => resolve6(name))]);
  return { addresses: found.flat().sort() };
};

async function ask(query: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await query();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (noAddressCodes.has(code)) return [];
    throw new PortError({ kind: code === 'ETIMEOUT' ? 'timeout' : 'unavailable', detail: `resolver: ${code}` }, error);
  }
}
