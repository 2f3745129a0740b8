import type { RecordPlan } from '../../core/dns-tree.ts';

/** What an authoritative server answers. */
export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

/** Longest chain of aliases that is followed. */
const aliasDepthMax = 12;
/** What Route 53 answers an alias to itself with is the target's own; without any value there is nothing to keep. */
const noTtlSeconds = 0;

/**
 * Chooses among the records of one name as Route 53 does for failover routing.
 *
 * PRIMARY while it is healthy, else SECONDARY while that is, and PRIMARY again when neither is. An alias is as healthy as
 * what it leads to. Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured".
 */
export function answerQuery(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: 'A' | 'AAAA',
): DnsAnswer {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const chosen = choose(records, isHealthy, wanted, type, 0);
  if (chosen !== null) return { rcode: 'NOERROR', ...chosen };
  const isKnown = records.some((record) => record.name === wanted);
  return { rcode: isKnown ? 'NOERROR' : 'NXDOMAIN', values: [], ttlSeconds: noTtlSeconds };
}

type Chosen = Pick<DnsAnswer, 'values' | 'ttlSeconds'> & { readonly isHealthy: boolean };

function choose(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  name: string,
  type: 'A' | 'AAAA',
  depth: number,
): Chosen | null {
  if (depth > aliasDepthMax) return null;
  const candidates = records
    .filter((record) => record.name === name && record.type === type)
    .sort((a, b) => (a.failover < b.failover ? -1 : 1))
    .map((record) => follow(records, isHealthy, record, depth))
    .filter((candidate) => candidate !== null);
  return candidates.find((candidate) => candidate.isHealthy) ?? candidates[0] ?? null;
}

function follow(
  records: readonly RecordPlan[],
  isHealthy: (checkId: string) => boolean,
  record: RecordPlan,
  depth: number,
): Chosen | null {
  const isChecked = record.checkId === null || isHealthy(record.checkId);
  if (record.target.kind === 'values') return { ...record.target, isHealthy: isChecked };
  const target = choose(records, isHealthy, record.target.name, record.type, depth + 1);
  return target === null ? null : { ...target, isHealthy: isChecked && target.isHealthy };
}
