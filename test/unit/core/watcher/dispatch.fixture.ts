import { noKnowledge, type SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import type { Answer } from '../../../../src/core/fault.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Run, StepName } from '../../../../src/core/register/run.ts';
import type { Request, Routine } from '../../../../src/core/routine.ts';
import { leaseWaitMs } from '../../../../src/core/timing.ts';
import { type HookTurns, orderInTurn } from '../../../../src/core/watcher/run/hook-turns.ts';
import type { StepContext } from '../../../../src/core/watcher/run/step-context.ts';
import { executeStep } from '../../../../src/core/watcher/run/steps.ts';
import { Process } from '../../../../src/sim/process.ts';
import { seededRandom } from '../../../../src/sim/random.ts';
import { Scheduler } from '../../../../src/sim/scheduler.ts';
import { registerWith, runWith, step } from '../service.fixture.ts';

export const done: StepReport = { outcome: 'as-ordered', hasWritten: true };
export const stale: StepReport = { outcome: 'stale', claimed: { epoch: 3, attempt: 1 } };

export type Called = Request & { kind: 'call' };
/** Null never answers. */
export type Outside = (
  request: Called,
  count: number,
) => { readonly answer: Answer<unknown>; readonly afterMs: number } | null;

/** What a step sees at one instant: the time since it began, and every ramp that it has journaled. */
export interface Instant {
  readonly nowMs: number;
  readonly ramps: readonly Register['ramp'][];
}

/** Performs one step in virtual time; `end` is null when it has not ended within the limit. */
export function dispatch(
  name: StepName,
  given: NamedService,
  outside: Outside,
  more: {
    states?: Partial<Run>;
    knowledge?: SiteKnowledge | ((at: Instant) => SiteKnowledge);
    register?: Register;
    /** Age of the run, and of the step, when it is taken up. */
    ageMs?: number;
    /** Whether nothing is heard from the region that is asked; true unless it is said. */
    isSilent?: (nowMs: number) => boolean;
    /** Whether the site is up for the other members of a group; true unless it is said. */
    isUpInGroup?: boolean;
    /** How long that was so when the step begins. */
    silentMs?: number;
    /** The newest register that anybody has shown, none unless it is said. */
    seen?: (nowMs: number) => Register | null;
    /** The run is somebody else's by now. */
    isLost?: boolean;
  } = {},
) {
  const scheduler = new Scheduler();
  const calls: (Called & { readonly atMs: number })[] = [];
  const ramps: Register['ramp'][] = [];
  let register = more.register ?? registerWith({ epoch: 2, owed: [{ site: 'one', epoch: 2, proof: 'none' }] });
  const process = new Process(
    { role: 'watcher', place: 'region-2', serial: 1, watcher: 'region-2' },
    {
      scheduler,
      random: seededRandom(1),
      skewMs: () => 0,
      reach: (_, called, input, reply) => {
        const request = { kind: 'call', name: called, input } as Called;
        calls.push({ ...request, atMs: scheduler.nowMs });
        const reaction = outside(request, calls.length);
        if (reaction) scheduler.after(reaction.afterMs, () => reply(reaction.answer as never));
      },
    },
  );
  const turns: HookTurns = new Map();
  let end: unknown = null;
  let endedMs = -1;
  let rampedMs = 0;
  const context: StepContext = {
    service: given,
    run: runWith(more.states),
    ownRegion: 'region-2',
    controlRegions: ['region-1', 'region-2', 'region-3'],
    ageMs: () => (more.ageMs ?? 0) + scheduler.nowMs,
    stepAgeMs: () => (more.ageMs ?? 0) + scheduler.nowMs,
    shiftAgeMs: () => scheduler.nowMs - rampedMs,
    give: (region, order) => orderInTurn({ hookTurns: turns, memories: new Map() }, given, region, order),
    noteAnswer: () => {},
    tell: function* () {},
    look: () => {
      const { knowledge = noKnowledge } = more;
      return gives(typeof knowledge === 'function' ? knowledge({ nowMs: scheduler.nowMs, ramps }) : knowledge);
    },
    register: () => register,
    seen: () => more.seen?.(scheduler.nowMs) ?? null,
    isUpInGroup: () => gives(more.isUpInGroup ?? true),
    silentMs: (_, ownMs = 0) => {
      const isSilent = more.isSilent?.(scheduler.nowMs) ?? true;
      const countedMs = more.silentMs === undefined ? 0 : more.silentMs + scheduler.nowMs;
      return gives(isSilent ? Math.max(ownMs, countedMs) : null);
    },
    leaseWaitMs: () => leaseWaitMs(given),
    isUnclosed: () => false,
    setRamp: (ramp) => {
      if (more.isLost) return gives(null);
      ramps.push(ramp);
      rampedMs = scheduler.nowMs;
      register = { ...register, ramp };
      return gives(register);
    },
  };
  process.start(executeStep(context, step(name)), (result) => {
    end = result;
    endedMs = scheduler.nowMs;
  });
  scheduler.runUntil(30 * 60_000);
  return { end, endedMs, calls, ramps };
}

/** A routine that asks for nothing. */
export function* gives<T>(value: T): Routine<T> {
  yield* [];
  return value;
}

/** Everything answers so, at once. */
export const says = (value: unknown) => (): ReturnType<Outside> => ({ answer: { ok: true, value }, afterMs: 10 });
export const hangs: Outside = () => null;
