import type { ApiFaultName } from '../../../src/scenario/scenario.ts';
import type { SeenCall } from './call-survey.ts';
import type { CallFault } from './failover-case.ts';

/** Every way in which a call can fail, in the order of the columns. */
export const faultKinds: readonly ApiFaultName[] = [
  'timeout',
  'throttle',
  'error',
  'denied',
  'lost-response',
  'late',
  'twice',
  'stale',
];

/** Calls whose answer can be stale. Source: the table of `fail ... with:` in docs/scenarios.md. */
const isEventual = /^(ec2|elasticloadbalancing|autoscaling):Describe/;

/** Least and longest time on the way to a call's region, in milliseconds. Source: src/sim/world/links.ts. */
const wayMs = { near: [3, 4], far: [35, 46] } as const;

/** A fault that strikes one call, and whatever else its caller asks of the same API in the same few milliseconds. */
export function faultAt({ api, region, by, atMs }: SeenCall, kind: ApiFaultName): CallFault {
  const [leastMs, longestMs] = by === region ? wayMs.near : wayMs.far;
  return { api, region, by, with: kind, atMs: atMs - longestMs, forMs: longestMs - leastMs + 1 };
}

/**
 * The calls that are failed: of those of each API in each region, so many, evenly spread from the first to the last.
 *
 * @param pointsMax - at least 1; the first and the last are among them from 2 on
 */
export function pointsOf(calls: readonly SeenCall[], pointsMax: number): readonly SeenCall[] {
  const groups = new Map<string, SeenCall[]>();
  for (const call of calls) {
    const key = `${call.api} ${call.region}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return [...groups.values()].flatMap((group) => spread(group, pointsMax));
}

/** Some items, evenly spread from the first to the last; all when there are no more. */
export function spread<T>(items: readonly T[], countMax: number): readonly T[] {
  if (items.length <= countMax) return items;
  if (countMax === 1) return items.slice(0, 1);
  const step = (items.length - 1) / (countMax - 1);
  return Array.from({ length: countMax }, (_, index) => items[Math.round(index * step)] as T);
}

/** Every fault at every point, where it makes sense. */
export function faultsAt(points: readonly SeenCall[]): readonly CallFault[] {
  return points.flatMap((point) =>
    faultKinds.filter((kind) => kind !== 'stale' || isEventual.test(point.api)).map((kind) => faultAt(point, kind)),
  );
}

/** How a run with a fault ended: `missed` when no call met the fault. */
export type Verdict = 'passed' | 'failed' | 'missed';

/** A fault and how the run with it ended. */
export interface Tried {
  readonly fault: CallFault;
  readonly verdict: Verdict;
}

/** Whether a line of the trace says that a call met the fault. Source: src/sim/trace.ts. */
export function isStruck(line: string, { api, region, by, with: kind }: CallFault): boolean {
  return line.trimStart().endsWith(`~~ ${api} in ${region} for ${by}: ${kind}`);
}

/** Rows are APIs, columns are faults; a cell is passed/of, `-` where nothing was tried. */
export function matrixTable(tried: readonly Tried[]): readonly (readonly string[])[] {
  const struck = tried.filter(({ verdict }) => verdict !== 'missed');
  const apis = [...new Set(tried.map(({ fault }) => fault.api))].sort();
  const cell = (api: string, kind: string) => {
    const cases = struck.filter(({ fault }) => fault.api === api && fault.with === kind);
    const passed = cases.filter(({ verdict }) => verdict === 'passed');
    return cases.length === 0 ? '-' : `${passed.length}/${cases.length}`;
  };
  return [['API', ...faultKinds], ...apis.map((api) => [api, ...faultKinds.map((kind) => cell(api, kind))])];
}
