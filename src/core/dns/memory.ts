import type { FailoverEvent } from '../alerting/event.ts';
import { lastResortName, type Service } from '../model/service.ts';
import { remembers } from '../model/traffic.ts';
import type { Register } from '../register/register.ts';
import { type Guarded, guardsIn } from './checks.ts';
import { oracleVote } from './oracle-vote.ts';

/** Begins the keys under which a pulse holds what is to be remembered. */
const keyPrefix = 'left.';

/** Everything that DNS keeps in mind of a service: one memory a guard; empty for a service without memory. */
export function rememberedIn(service: Service): readonly Guarded[] {
  const { dns } = service.traffic;
  return dns === undefined || !remembers(dns) ? [] : guardsIn(service);
}

/**
 * What a region's watcher writes each minute, to be remembered: 1 under each guard whose sites were left, else 0.
 *
 * It is the vote of the region's oracle, by the same register. Without one, nothing is written, and the last word
 * stands. Beside votes the last resort is not remembered either: clients would be kept at it for minutes after a site
 * is up again, and if it is forgotten, every site is down.
 *
 * @param register - the newest value that the region's own table accepted; null when it cannot be read
 */
export function memoryData(service: Service, register: Register | null): Readonly<Record<string, number>> {
  if (register === null || register.serving.length === 0) return {};
  if (service.traffic.dns?.mode === 'oracle' && register.serving.includes(lastResortName)) return {};
  return Object.fromEntries(
    rememberedIn(service).map(({ sites }) => [
      `${keyPrefix}${memoryDimension(sites)}`,
      oracleVote(register, service, sites) === 'off' ? 1 : 0,
    ]),
  );
}

/** What an event says is to be remembered, by the dimension of its metric; empty for any event but a pulse. */
export function memoriesIn({ kind, data }: FailoverEvent): readonly (readonly [dimension: string, value: number])[] {
  if (kind !== 'pulse') return [];
  return Object.entries(data).flatMap(([key, value]) =>
    key.startsWith(keyPrefix) && typeof value === 'number' ? [[key.slice(keyPrefix.length), value] as const] : [],
  );
}

/** The sites of a guard as a dimension of its metric. */
export function memoryDimension(sites: readonly string[]): string {
  return [...sites].sort().join('+');
}
