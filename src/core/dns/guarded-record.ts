import type { RecordPlan } from './zone-plan.ts';

/** The checks of one site's record. */
export interface GuardIds {
  /** Null where no oracle is asked. */
  readonly votes: string | null;
  /** Null where DNS remembers nothing. */
  readonly memory: string | null;
}

/**
 * A site's record in a pool, healthy while neither votes nor memory take it out.
 *
 * A record has one check. So the memory guards an alias, which also evaluates the record behind it: a record by itself,
 * under the votes. Source: Route 53 Developer Guide, "How health checks work in complex Amazon Route 53
 * configurations".
 *
 * @returns what an alias leads to before the alias
 */
export function guardedRecord(record: RecordPlan, guard: GuardIds | null): readonly RecordPlan[] {
  if (guard === null) return [record];
  if (guard.memory === null || guard.votes === null) return [{ ...record, checkId: guard.memory ?? guard.votes }];
  const name = `on-${record.setIdentifier}.${record.name}`;
  const alone = { setIdentifier: 'on', failover: null, routing: { kind: 'weighted', weight: 1 } } as const;
  return [
    { ...record, ...alone, name, checkId: guard.votes },
    { ...record, checkId: guard.memory, target: { kind: 'alias', name } },
  ];
}
