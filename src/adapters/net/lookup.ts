import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

type Listener = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

const listenersByHost = new Map<string, Listener[]>();

/**
 * The system's resolver, asked at most once at a time for each host.
 *
 * A lookup cannot be cancelled and holds one of the few threads of Node's pool until the resolver gives up, which takes
 * longer than a probe's deadline. Without this a dead resolver would get more lookups queued with each tick. An answer
 * is shared by those who wait for it and never kept.
 */
export const sharedLookup: LookupFunction = (host, options, callback) => {
  const listener: Listener = (error, addresses) => {
    const first = addresses[0];
    if (error || !first) callback(error ?? new Error(`no address for ${host}`), '');
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  };

  const waiting = listenersByHost.get(host);
  if (waiting) {
    waiting.push(listener);
    return;
  }
  const listeners = [listener];
  listenersByHost.set(host, listeners);
  lookup(host, { all: true }, (error, addresses) => {
    listenersByHost.delete(host);
    for (const listen of listeners) listen(error, addresses ?? []);
  });
};

/** The first address of a host, by the same resolver. An address is its own. */
export function addressOf(host: string): Promise<{ readonly address: string; readonly family: number }> {
  const own = isIP(host);
  if (own !== 0) return Promise.resolve({ address: host, family: own });
  return new Promise((resolve, reject) => {
    sharedLookup(host, {}, (error, address, family) => {
      if (error) reject(error);
      else resolve({ address: String(address), family: family ?? 4 });
    });
  });
}
