import { aliasTtlSeconds, type RecordPlan, type RecordType } from '../../../core/dns/zone-plan.ts';
import { aliasAddress } from './alias-addresses.ts';

/** What an authoritative server answers. */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly values: readonly string[];
  /** That of the record that was chosen at the end of all aliases; 0 without an answer. */
  readonly ttlSeconds: number;
}

/** Most records that a multivalue answer holds. Source: Route 53 Developer Guide, "Multivalue answer routing". */
const multivalueAnswerCountMax = 8;

/** Everything that a name may answer, with the share of questions that each gets. */
export interface AnswerShare {
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** 0 to 1; of all answers of the name together 1. */
  readonly share: number;
}

/** Who asks; what is left out is nobody in particular. */
export interface Asker {
  /** Two letters of ISO 3166 for the country, of Route 53 for the continent. */
  readonly country?: string;
  readonly continent?: string;
  /** Region that is nearest. */
  readonly region?: string;
}

/**
 * Answers a question as Route 53 does; of a name with several serving sites, everything that it may answer.
 *
 * Among the records of one name and type, the healthy ones that the routing policy would choose from; when none is
 * healthy, it goes on as if all were. A record without a check is healthy. An alias inside the zone is as healthy as
 * what it leads to, and as its own check besides, unless it is steadfast; one to a name of AWS's own as its own check
 * alone. Sources: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured"
 * and "How health checks work in complex Amazon Route 53 configurations"; API Reference, "ResourceRecordSet", Failover.
 *
 * @param records - of the whole zone, in lower case
 * @param name - in any case, with or without the last dot; inside the zone
 * @returns NOERROR without values for a name that has other types, or only names below it (RFC 8020, section 2)
 */
export function answerQuery(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: RecordType,
  asker: Asker = {},
): DnsAnswer {
  const wanted = plain(name);
  const shares = answerShares(records, isHealthy, wanted, type, asker);
  if (shares.length > 0) {
    const values = [...new Set(shares.flatMap((each) => each.values))];
    return { rcode: 'NOERROR', values, ttlSeconds: Math.max(...shares.map(({ ttlSeconds }) => ttlSeconds)) };
  }
  const isKnown = records.some((record) => record.name === wanted || record.name.endsWith(`.${wanted}`));
  return { rcode: isKnown ? 'NOERROR' : 'NXDOMAIN', values: [], ttlSeconds: 0 };
}

/** A name as records have it. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Everything that anybody is answered by a name, wherever they are; each value once. */
export function answersAnywhere(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: RecordType,
): DnsAnswer {
  const askers = records.flatMap(({ routing }): readonly Asker[] => {
    if (routing?.kind !== 'geolocation' || routing.location.kind === 'default') return [];
    const { kind, code } = routing.location;
    return [kind === 'country' ? { country: code } : { continent: code }];
  });
  const answers = [{}, ...askers].map((asker) => answerQuery(records, isHealthy, name, type, asker));
  return {
    rcode: answers[0]?.rcode ?? 'NXDOMAIN',
    values: [...new Set(answers.flatMap(({ values }) => values))],
    ttlSeconds: Math.max(...answers.map(({ ttlSeconds }) => ttlSeconds)),
  };
}

/**
 * One answer of a name, as a resolver gets it: one record by the policy, or up to eight values in a random order.
 *
 * @param random - uniform, 0 inclusive to 1 exclusive
 */
export function drawAnswer(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: RecordType,
  random: () => number,
  asker: Asker = {},
): DnsAnswer {
  const wanted = plain(name);
  const all = answerQuery(records, isHealthy, wanted, type, asker);
  if (all.values.length < 2) return all;
  const isBelow = (each: string) => each === wanted || each.endsWith(`.${wanted}`);
  if (records.some((record) => record.routing?.kind === 'multivalue' && isBelow(record.name))) {
    const mixed = all.values.map((value) => [random(), value] as const).sort(([a], [b]) => a - b);
    return { ...all, values: mixed.map(([, value]) => value) };
  }
  const shares = answerShares(records, isHealthy, wanted, type, asker);
  let left = random();
  const drawn = shares.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return { ...all, ...(drawn ? { values: drawn.values, ttlSeconds: drawn.ttlSeconds } : {}) };
}

/**
 * What a name answers, and how often; empty for a name without records of the type.
 *
 * Where the name has a CNAME record, an address is what a resolver finds that follows it: one IPv4 address stands for
 * whatever is behind the other name. It is kept as long as the record allows, since how long the other name's own
 * answer is kept, nobody here knows.
 */
export function answerShares(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: RecordType,
  asker: Asker = {},
): readonly AnswerShare[] {
  const zone = { records, isHealthy, asker };
  const own = choose(zone, name, type, [])?.shares ?? [];
  if (own.length > 0 || type !== 'A') return own;
  const led = choose(zone, name, 'CNAME', [])?.shares ?? [];
  return led.map((each) => ({ ...each, values: each.values.map((other) => aliasAddress(other, 'A')) }));
}

interface Zone {
  readonly records: readonly RecordPlan[];
  readonly isHealthy: (checkId: string) => boolean;
  readonly asker: Asker;
}

interface Chosen {
  readonly shares: readonly AnswerShare[];
  readonly isHealthy: boolean;
}

type Candidate = Chosen & { readonly record: RecordPlan };

/**
 * What a name answers. AWS documents no limit of aliases that lead one to the next, so only a circle is left.
 *
 * @param way - the names that led here
 */
function choose(zone: Zone, name: string, type: RecordType, way: readonly string[]): Chosen | null {
  if (way.includes(name)) return null;
  const candidates = zone.records
    .filter((record) => record.name === name && record.type === type)
    .flatMap((record): readonly Candidate[] => {
      const chosen = follow(zone, record, way);
      return chosen === null ? [] : [{ ...chosen, record }];
    });
  const meant = candidates.filter(({ record }) => isMeantFor(record, zone.asker));
  if (meant.length === 0) return null;
  const healthy = meant.filter((each) => each.isHealthy);
  return healthy.length > 0
    ? { shares: byPolicy(healthy, zone.asker), isHealthy: true }
    : { shares: byPolicy(meant, zone.asker), isHealthy: false };
}

/** Whether a record may answer at all: a location answers only those who are there. */
function isMeantFor({ routing }: RecordPlan, { country, continent }: Asker): boolean {
  if (routing?.kind !== 'geolocation') return true;
  const { location } = routing;
  if (location.kind === 'default') return true;
  return location.kind === 'country' ? location.code === country : location.code === continent;
}

/**
 * What the routing policy makes of the records that may be chosen.
 *
 * By latency, an asker whose region has no record is answered by one of the same part of the world, else by any: a
 * stand-in for Route 53's own measurements, which it does not publish.
 */
function byPolicy(candidates: readonly Candidate[], asker: Asker): readonly AnswerShare[] {
  const [first] = [...candidates].sort((a, b) => rankOf(a.record, asker) - rankOf(b.record, asker));
  switch (first?.record.routing?.kind) {
    case 'weighted':
      return byWeight(candidates);
    case 'multivalue':
      return evenly(candidates.slice(0, multivalueAnswerCountMax));
    case 'latency':
      return asker.region === undefined ? evenly(candidates) : (first?.shares ?? []);
    default:
      return first?.shares ?? [];
  }
}

/**
 * By weight; when all weights are 0, evenly. Source: Route 53 Developer Guide, "Values specific for weighted records".
 */
function byWeight(candidates: readonly Candidate[]): readonly AnswerShare[] {
  const weightOf = ({ record }: Candidate) => (record.routing?.kind === 'weighted' ? record.routing.weight : 0);
  const total = candidates.reduce((sum, candidate) => sum + weightOf(candidate), 0);
  if (total === 0) return evenly(candidates);
  return candidates
    .filter((candidate) => weightOf(candidate) > 0)
    .flatMap((candidate) => scaled(candidate.shares, weightOf(candidate) / total));
}

function evenly(candidates: readonly Candidate[]): readonly AnswerShare[] {
  return candidates.flatMap(({ shares }) => scaled(shares, 1 / candidates.length));
}

function scaled(shares: readonly AnswerShare[], factor: number): readonly AnswerShare[] {
  return shares.map((each) => ({ ...each, share: each.share * factor }));
}

/** The order in which failover, geolocation and latency records are preferred. */
function rankOf({ failover, routing }: RecordPlan, { region }: Asker): number {
  if (routing?.kind === 'geolocation') return ['country', 'continent', 'default'].indexOf(routing.location.kind);
  if (routing?.kind === 'latency') {
    if (routing.region === region) return 0;
    return partOf(routing.region) === partOf(region ?? '') ? 1 : 2;
  }
  return failover === 'SECONDARY' ? 1 : 0;
}

/** Part of the world that a region is in: `eu` of `eu-west-1`. */
function partOf(region: string): string {
  return region.split('-')[0] ?? '';
}

function follow(zone: Zone, record: RecordPlan, way: readonly string[]): Chosen | null {
  const isChecked = record.checkId === null || zone.isHealthy(record.checkId);
  const { target } = record;
  switch (target.kind) {
    case 'values':
      return { shares: [{ values: target.values, ttlSeconds: target.ttlSeconds, share: 1 }], isHealthy: isChecked };
    case 'external-alias': {
      // Without `EvaluateTargetHealth`, only its own check counts.
      const values = [aliasAddress(target.name, record.type)];
      return { shares: [{ values, ttlSeconds: aliasTtlSeconds, share: 1 }], isHealthy: isChecked };
    }
    case 'alias': {
      const found = choose(zone, target.name, record.type, [...way, record.name]);
      if (found === null) return null;
      return { ...found, isHealthy: isChecked && (target.isSteadfast === true || found.isHealthy) };
    }
  }
}
