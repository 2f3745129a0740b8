import { type Change, isEqual, type ServicePair } from './change.ts';

/** What changes of a service as a whole, apart from its sites and its switches. */
export function serviceChanges({ before, after }: ServicePair): readonly Change[] {
  const changes: Change[] = [];
  const where = after.name;
  if (before.mode !== after.mode) {
    const to = after.mode === 'active-active' ? 'all sites that are well join' : 'all but the active site leave';
    changes.push({
      kind: 'mode-changed',
      where,
      effect: 'care',
      message: `Carried out as a move once every watcher has the new mode: ${to}.`,
      hint: 'deploy while all sites are well and no run is open; "cdk-failover plan" says what will move',
    });
  }
  if (!isEqual(before.data, after.data)) {
    changes.push({
      kind: 'data-changed',
      where,
      effect: 'care',
      message:
        after.data === undefined
          ? 'A move promotes nothing any more, and no limit on lag holds it.'
          : 'From now on a move promotes what is written here; what it promoted before stays as it is.',
      hint: 'deploy while "cdk-failover status" says PROTECTED and no run is open',
    });
  }
  if (!isEqual(thresholdsOf(before), thresholdsOf(after))) {
    changes.push({
      kind: 'thresholds-changed',
      where,
      effect: 'safe',
      message: 'Each watcher goes by the new figures from its next start on, within three minutes.',
      hint: null,
    });
  }
  return changes;
}

/** What two watchers may differ in and still mean the same move (ADR 10). */
function thresholdsOf({ detection, failover, failback, capacity }: ServicePair['before']): unknown {
  return [detection, failover, failback, capacity];
}
