import { type Deployment, majorityOf, serviceOf } from '../model/deployment.ts';
import { lastResortName, type Service, sitesByPriority } from '../model/service.ts';
import { type Guarded, guardsIn, memoryAlarmName } from './checks.ts';
import { rememberedIn } from './memory.ts';
import { dnsTree } from './record-tree.ts';

/** What a region's oracle was asked about a guard: a question of Route 53's checkers. */
export interface Question {
  readonly service: string;
  readonly site: string;
  readonly path: string;
}

/** What came of asking the oracle of a region as Route 53's checkers do. */
export type OracleReading =
  /** The status of each answer, by {@link guardKey}; `why` some questions had none, null when all had. */
  | { readonly kind: 'answered'; readonly statuses: Readonly<Record<string, number>>; readonly why: string | null }
  /** It has no address: no function URL was made, and nothing of the user's stands before it. */
  | { readonly kind: 'no-address' }
  /** Nothing came back, or the address could not be read. */
  | { readonly kind: 'silent'; readonly why: string };

/** What DNS keeps in mind of some sites of a service, in each control region. */
export interface Memory extends Guarded {
  readonly service: string;
  /** The alarm that a health check follows, of the same name in each region. It says whether none of `sites` serves. */
  readonly alarm: string;
}

/** An alarm's state as CloudWatch names it; `missing`: there is no such alarm. */
export type MemoryState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'missing';

/** What the alarms of a region say, by name; or why they could not be read. */
export type MemoryReading =
  | { readonly kind: 'read'; readonly states: Readonly<Record<string, MemoryState>> }
  | { readonly kind: 'unread'; readonly why: string };

/** What was read of all that Route 53 follows, by control region; null for what is not there to be read. */
export interface DnsReadings {
  readonly oracles: Readonly<Record<string, OracleReading>> | null;
  readonly memories: Readonly<Record<string, MemoryReading>> | null;
}

/** What one region says of one guard: whether none of its sites serves. Null when that is not known, and why. */
export type Word = { readonly isOff: boolean; readonly why: null } | { readonly isOff: null; readonly why: string };

/** What one region says, by {@link guardKey}. */
export type Words = Readonly<Record<string, Word>>;

/** A guard's name among those of a deployment. */
export function guardKey(service: string, site: string): string {
  return `${service}/${site}`;
}

/** What every oracle is asked; empty where no check asks one. */
export function questionsIn(deployment: Deployment): readonly Question[] {
  const [region] = deployment.controlRegions;
  return Object.keys(deployment.services).flatMap((service) =>
    dnsTree(deployment, serviceOf(deployment, service)).checks.flatMap((check) =>
      check.kind === 'oracle' && check.region === region ? [{ service, site: check.site, path: check.path }] : [],
    ),
  );
}

/** Everything that DNS keeps in mind of a deployment. */
export function memoriesIn({ name, services }: Deployment): readonly Memory[] {
  return Object.entries(services).flatMap(([service, configured]) =>
    rememberedIn(configured).map((guarded) => ({
      ...guarded,
      service,
      alarm: memoryAlarmName(name, service, guarded.sites),
    })),
  );
}

/** The votes of an oracle. An answer that is neither a vote nor none is a vote missing, and is not known. */
export function wordsOfOracle(deployment: Deployment, reading: OracleReading): Words {
  const wordOf = (key: string): Word => {
    if (reading.kind === 'no-address') return unknown('has no function URL');
    if (reading.kind === 'silent') return unknown(reading.why);
    const status = reading.statuses[key];
    if (status === undefined) return unknown(reading.why ?? 'not asked');
    return status === 200 || status === 503 ? known(status === 200) : unknown(`answers with status ${status}`);
  };
  const keys = Object.entries(deployment.services).flatMap(([name, service]) =>
    service.traffic.dns?.mode === 'oracle' ? guardsIn(service).map(({ site }) => guardKey(name, site)) : [],
  );
  return Object.fromEntries(keys.map((key) => [key, wordOf(key)]));
}

/** The memory of a region. Without data the last word stands, which the alarm does not tell. */
export function wordsOfMemory(deployment: Deployment, reading: MemoryReading): Words {
  const wordOf = (alarm: string): Word => {
    if (reading.kind === 'unread') return unknown(reading.why);
    switch (reading.states[alarm] ?? 'missing') {
      case 'ALARM':
        return known(true);
      case 'OK':
        return known(false);
      case 'INSUFFICIENT_DATA':
        return unknown('has no data, so its last word stands');
      case 'missing':
        return unknown('has no alarm');
    }
  };
  return Object.fromEntries(
    memoriesIn(deployment).map(({ service, site, alarm }) => [guardKey(service, site), wordOf(alarm)]),
  );
}

function known(isOff: boolean): Word {
  return { isOff, why: null };
}

function unknown(why: string): Word {
  return { isOff: null, why };
}

/**
 * Whether a majority of control regions says so; null while those that are not known could make one.
 *
 * @param said - by region; a region that is left out is not known
 */
export function majoritySays(
  deployment: Pick<Deployment, 'controlRegions'>,
  said: Readonly<Record<string, boolean | null | undefined>>,
): boolean | null {
  const words = deployment.controlRegions.map((region) => said[region] ?? null);
  const majority = majorityOf(deployment);
  if (words.filter((word) => word === true).length >= majority) return true;
  return words.filter((word) => word !== false).length < majority ? false : null;
}

/**
 * The sites that a name leads to, where its checks are as `isOff` says: the first of a chain, or all of a pool, that
 * is not off. With every site of a pool off, the last resort; without one Route 53 answers as if none was.
 *
 * @returns null when it depends on what is not known
 */
export function sitesLedTo(service: Service, isOff: (guard: Guarded) => boolean | null): readonly string[] | null {
  const { dns } = service.traffic;
  const guards = guardsIn(service);
  const sites = sitesByPriority(service);
  const lastResort = dns?.lastResort === undefined ? [] : [lastResortName];
  if (dns?.policy === 'failover') {
    const first = guards.find((guard) => isOff(guard) !== true);
    if (first === undefined) return [...sites, ...lastResort].slice(-1);
    return isOff(first) === null ? null : [first.site];
  }
  const words = guards.map((guard) => [guard.site, isOff(guard)] as const);
  if (words.some(([, word]) => word === null)) return null;
  const left = words.flatMap(([site, word]) => (word === true ? [] : [site]));
  if (left.length > 0) return left;
  return lastResort.length > 0 ? lastResort : sites;
}
