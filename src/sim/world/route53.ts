import { type AddressType, aliasTtlSeconds, type RecordPlan } from '../../core/dns-tree.ts';
import { aliasAddress } from './alias-addresses.ts';

/** What an authoritative server answers. */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly values: readonly string[];
  /** That of the record that was chosen at the end of all aliases; 0 without an answer. */
  readonly ttlSeconds: number;
}

/** Most records that a multivalue answer holds. Source: Route 53 Developer Guide, "Multivalue answer routing". */
export const multivalueAnswerCountMax = 8;
/** Longest chain of aliases that is followed: the chain of ten sites, which a service may have, and a margin. */
const aliasDepthMax = 12;

/**
 * Answers a question as Route 53 does.
 *
 * Among the records of one name and type, the first healthy one in the order of the routing policy; when none is
 * healthy, the first of all, as if all were. A record without a check is healthy. An alias inside the zone is as healthy
 * as what it leads to, and as its own check besides; one to a name of AWS's own as its own check alone. Sources: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health
 * checking is configured" and "How health checks work in complex Amazon Route 53 configurations"; API Reference,
 * "ResourceRecordSet", Failover.
 *
 * @param records - of the whole zone, in lower case
 * @param name - in any case, with or without the last dot; inside the zone
 * @returns NOERROR without values for a name that has other types, or only names below it (RFC 8020, section 2)
 */
export function answerQuery(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: AddressType,
): DnsAnswer {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const chosen = choose(records, isHealthy, wanted, type, 0);
  if (chosen !== null) return { rcode: 'NOERROR', values: chosen.values, ttlSeconds: chosen.ttlSeconds };
  const isKnown = records.some((record) => record.name === wanted || record.name.endsWith(`.${wanted}`));
  return { rcode: isKnown ? 'NOERROR' : 'NXDOMAIN', values: [], ttlSeconds: 0 };
}

type Chosen = Pick<DnsAnswer, 'values' | 'ttlSeconds'> & { readonly isHealthy: boolean };

function choose(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: AddressType,
  depth: number,
): Chosen | null {
  if (depth > aliasDepthMax) return null;
  let unhealthy: Chosen | null = null;
  for (const record of byPreference(records.filter((each) => each.name === name && each.type === type))) {
    const candidate = follow(records, isHealthy, record, depth);
    if (candidate?.isHealthy) return candidate;
    unhealthy ??= candidate;
  }
  return unhealthy;
}

/** The order in which the routing policy of these records would have them; another policy is another order. */
function byPreference(records: readonly RecordPlan[]): readonly RecordPlan[] {
  return [...records].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ failover }: RecordPlan): number {
  return failover === 'SECONDARY' ? 1 : 0;
}

function follow(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  record: RecordPlan,
  depth: number,
): Chosen | null {
  const isChecked = record.checkId === null || isHealthy(record.checkId);
  if (record.target.kind === 'values') {
    return { values: record.target.values, ttlSeconds: record.target.ttlSeconds, isHealthy: isChecked };
  }
  // Without `EvaluateTargetHealth`, only its own check counts.
  if (record.target.kind === 'external-alias') {
    const values = [aliasAddress(record.target.name, record.type)];
    return { values, ttlSeconds: aliasTtlSeconds, isHealthy: isChecked };
  }
  const target = choose(records, isHealthy, record.target.name, record.type, depth + 1);
  return target === null ? null : { ...target, isHealthy: isChecked && target.isHealthy };
}
