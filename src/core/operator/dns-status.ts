import { oracleVote } from '../dns/oracle-vote.ts';
import {
  type DnsReadings,
  guardKey,
  majoritySays,
  sitesLedTo,
  type Words,
  wordsOfMemory,
  wordsOfOracle,
} from '../dns/readings.ts';
import type { Deployment } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { remembers } from '../model/traffic.ts';
import { ledgerLines } from '../register/ledger.ts';
import type { Register } from '../register/register.ts';
import { movesActive } from '../register/run.ts';
import { longestShiftMs, recoveryBound } from '../timing.ts';

/** Sites to which the name would lead if every region said what one says; null when that is not known, and why. */
export interface RegionSays {
  readonly sites: readonly string[] | null;
  readonly why: string | null;
}

/** Where votes and memories lead the clients of a service. */
export interface DnsStatus {
  /** Sites that the name leads to by a majority of them; null when that is not known. */
  readonly leadsTo: readonly string[] | null;
  /**
   * Against the register. `follows`: it leads elsewhere, as is normal for a time after a move. `differs`: it leads
   * elsewhere, and that time is over.
   */
  readonly state: 'agrees' | 'follows' | 'differs' | 'unknown';
  /** How long it may go on to follow, in milliseconds; null when it does not. */
  readonly followLeftMs: number | null;
  /** By control region; null where no oracle is asked, or none can be from here. */
  readonly oracles: Readonly<Record<string, RegionSays>> | null;
  /** By control region; null where DNS remembers nothing, or it cannot be read from here. */
  readonly memories: Readonly<Record<string, RegionSays>> | null;
}

/**
 * What was read of votes and memories, as far as it is about one service.
 *
 * @param register - null while it is not known
 * @param readings - null when nobody reads them
 * @param wallMs - the time by the clocks of the watchers, which wrote the times of the run
 * @returns null where there is nothing to say: the name has no checks, or nothing of them can be read from here
 */
export function dnsStatus(
  deployment: Deployment,
  service: NamedService,
  register: Register | null,
  readings: DnsReadings | null,
  wallMs: number,
): DnsStatus | null {
  const { dns } = service.traffic;
  if (dns === undefined || readings === null) return null;
  const votes = dns.mode === 'oracle' ? readings.oracles : null;
  const kept = remembers(dns) ? readings.memories : null;
  if (votes === null && kept === null) return null;
  const own = { ...deployment, services: { [service.name]: service } };
  const oracles = votes && mapValues(votes, (reading) => wordsOfOracle(own, reading));
  const memories = kept && mapValues(kept, (reading) => wordsOfMemory(own, reading));
  const leadsTo = ledTo(deployment, service, oracles, memories);
  return {
    leadsTo,
    ...judge(service, register, leadsTo, wallMs),
    oracles: oracles && saidBy(deployment, service, oracles),
    memories: memories && saidBy(deployment, service, memories),
  };
}

/** A site is off when a majority of votes or a majority of memories says so. */
function ledTo(
  deployment: Deployment,
  service: NamedService,
  oracles: Readonly<Record<string, Words>> | null,
  memories: Readonly<Record<string, Words>> | null,
): readonly string[] | null {
  return sitesLedTo(service, ({ site }) => {
    const key = guardKey(service.name, site);
    const isOff = [oracles, memories].flatMap((words) =>
      words === null
        ? []
        : [
            majoritySays(
              deployment,
              mapValues(words, (word) => word[key]?.isOff),
            ),
          ],
    );
    if (isOff.includes(true)) return true;
    return isOff.includes(null) ? null : false;
  });
}

function saidBy(
  deployment: Deployment,
  service: NamedService,
  words: Readonly<Record<string, Words>>,
): Readonly<Record<string, RegionSays>> {
  return Object.fromEntries(
    deployment.controlRegions.map((region) => {
      let why: string | null = null;
      const sites = sitesLedTo(service, ({ site }) => {
        const word = words[region]?.[guardKey(service.name, site)];
        if (word?.isOff === undefined || word.isOff === null) why ??= word?.why ?? 'not read';
        return word?.isOff ?? null;
      });
      return [region, { sites, why: sites === null ? why : null }];
    }),
  );
}

function judge(
  service: NamedService,
  register: Register | null,
  leadsTo: readonly string[] | null,
  wallMs: number,
): Pick<DnsStatus, 'state' | 'followLeftMs'> {
  if (register === null || leadsTo === null) return { state: 'unknown', followLeftMs: null };
  const wanted = sitesLedTo(service, ({ sites }) => oracleVote(register, service, sites) === 'off') ?? [];
  if (wanted.length === leadsTo.length && wanted.every((site) => leadsTo.includes(site)))
    return { state: 'agrees', followLeftMs: null };
  const leftMs = movedMs(register) + followMsMax(service, register) - wallMs;
  return leftMs > 0 ? { state: 'follows', followLeftMs: leftMs } : { state: 'differs', followLeftMs: null };
}

/** When the newest epoch came to its end, as far as it has: the last time of its run, or when it was founded. */
function movedMs({ epoch, run, history }: Register): number {
  const begun = history.filter((entry) => entry.epoch === epoch).at(-1)?.atMs;
  const ended = run?.epoch === epoch ? ledgerLines(run.times).map(({ atMs }) => atMs) : [];
  return Math.max(begun ?? Number.NEGATIVE_INFINITY, ...ended);
}

/** Longest that names may take to follow what the register says. */
function followMsMax(service: NamedService, { epoch, run }: Register): number {
  if (run?.epoch === epoch && movesActive(run)) return longestShiftMs(service, run);
  const { shiftMs, recallMs } = recoveryBound(service);
  return shiftMs + recallMs;
}

/** Such as `oracles: oregon 2/3, unknown 1/3; memories: oregon 3/3`. */
export function dnsText({ oracles, memories }: Pick<DnsStatus, 'oracles' | 'memories'>): string {
  return [
    ...(oracles === null ? [] : [`oracles: ${countText(oracles)}`]),
    ...(memories === null ? [] : [`memories: ${countText(memories)}`]),
  ].join('; ');
}

/** How many regions say what, the most first; those that are not known come last. */
export function countText(said: Readonly<Record<string, RegionSays>>): string {
  const all = Object.values(said);
  const unknown = all.filter(({ sites }) => sites === null).length;
  const counts = new Map<string, number>();
  for (const { sites } of all) {
    if (sites !== null) counts.set(sites.join('+'), (counts.get(sites.join('+')) ?? 0) + 1);
  }
  const known = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}/${all.length}`);
  return [...known, ...(unknown === 0 ? [] : [`unknown ${unknown}/${all.length}`])].join(', ');
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W): Readonly<Record<string, W>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
