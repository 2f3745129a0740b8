import type { RecordPlan } from '../../../core/dns/zone-plan.ts';

/** A record of a template, and the records that it comes after. */
export interface RecordResource {
  readonly record: RecordPlan;
  readonly zoneId: string;
  readonly needs: readonly string[];
}

/** Records of a template by logical id. */
export type RecordResources = ReadonlyMap<string, RecordResource>;

/** What one step of a stack's update does to one record. */
export interface RecordChange {
  readonly kind: 'create' | 'update' | 'remove';
  readonly id: string;
}

/** The records of a plan as resources: identified by name, type and set, an alias after all that it leads to. */
export function resourcesFrom(records: readonly RecordPlan[], zoneId: string): RecordResources {
  const idOf = ({ name, type, setIdentifier }: RecordPlan) => [name, type, setIdentifier ?? 'simple'].join(' ');
  return new Map(
    records.map((record) => {
      const { target, type } = record;
      const needed = records.filter(
        (each) => target.kind === 'alias' && each.name === target.name && each.type === type,
      );
      return [idOf(record), { record, zoneId, needs: needed.map(idOf) }];
    }),
  );
}

/**
 * Carries an update out as CloudFormation does, one record at a time, and shows the zone after each step.
 *
 * First what is new or changed, what it needs before it; then, in a pass of its own at the end, what the new template
 * no longer has, what needs it before it. A record with another name or in another zone is replaced: made at first, and
 * removed at the end. Between steps that do not need each other the order is drawn. Sources: CloudFormation User
 * Guide, "Update behaviors of stack resources" and "DependsOn attribute"; AWS::Route53::RecordSet, "Update requires".
 *
 * @param random - uniform, 0 inclusive to 1 exclusive
 * @param visit - called with the zone's records after each step
 */
export function updateStack(
  before: RecordResources,
  after: RecordResources,
  random: () => number,
  visit: (zone: readonly RecordPlan[], change: RecordChange) => void,
): void {
  const zone = new Map([...before].map(([id, { record }]) => [id, record]));
  const show = (change: RecordChange) => visit([...zone.values()], change);
  const changed = [...after].filter(([id, resource]) => !isSame(before.get(id), resource)).map(([id]) => id);
  for (const id of inOrder(changed, (each) => after.get(each)?.needs ?? [], random)) {
    const old = before.get(id);
    const wanted = after.get(id);
    if (wanted === undefined) continue;
    if (old !== undefined && isReplaced(old, wanted)) zone.set(`${id} before`, old.record);
    zone.set(id, wanted.record);
    show({ kind: old === undefined ? 'create' : 'update', id });
  }
  const left = [...zone.keys()].filter((id) => !after.has(id));
  const needsOf = (id: string) => before.get(id)?.needs ?? [];
  const neededBy = (id: string) => left.filter((other) => needsOf(other).includes(id));
  for (const id of inOrder(left, neededBy, random)) {
    zone.delete(id);
    show({ kind: 'remove', id });
  }
}

function isSame(before: RecordResource | undefined, after: RecordResource): boolean {
  return (
    before !== undefined && !isReplaced(before, after) && JSON.stringify(before.record) === JSON.stringify(after.record)
  );
}

function isReplaced(before: RecordResource, after: RecordResource): boolean {
  return before.record.name !== after.record.name || before.zoneId !== after.zoneId;
}

/** The ids, each after those among them that it needs; drawn where there is a choice. */
function inOrder(
  ids: readonly string[],
  needsOf: (id: string) => readonly string[],
  random: () => number,
): readonly string[] {
  const ordered: string[] = [];
  const waiting = new Map(ids.map((id) => [id, needsOf(id).filter((need) => ids.includes(need))]));
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.every((need) => !waiting.has(need))).map(([id]) => id);
    const next = ready[Math.floor(random() * ready.length)];
    if (next === undefined) throw new Error(`resources need each other: ${[...waiting.keys()].join(', ')}`);
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}
