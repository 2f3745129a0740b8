import type { Answer } from '../../core/fault.ts';
import { isShiftMissing } from '../../core/register/run.ts';
import { call, type Routine } from '../../core/routine.ts';
import type { PlantedBug } from './planted-bug.ts';
import { seeingRegisters } from './registers.ts';
import { both, onAnswer, type Tamper } from './tamper.ts';

/** Bugs in how a pool shares its traffic. */
export const poolBugs: readonly PlantedBug[] = [
  {
    name: 'capacity-is-ignored',
    property: 'S8',
    mistake: 'traffic is shifted onto survivors whatever they carry already',
    tamper: () =>
      both(
        onAnswer('probe', (seen) =>
          seen.outcome === 'unknown' || seen.report?.load === undefined
            ? seen
            : { ...seen, report: { ...seen.report, load: 0 } },
        ),
        onAnswer('survey', (seen) => ({ ...seen, load: 0 })),
      ),
  },
  {
    name: 'demand-is-forgotten',
    property: 'S8',
    mistake: 'a shift does not go by the demand that it was decided by',
    tamper: () =>
      seeingRegisters((register) => ({ ...register, run: register.run && { ...register.run, demand: null } })),
  },
  {
    name: 'arrivals-count-in-full',
    property: 'S8',
    mistake: 'a site that is given traffic stands for its share before clients are there',
    tamper: () =>
      seeingRegisters((register) => ({ ...register, run: register.run && { ...register.run, joining: [] } })),
  },
  {
    name: 'ballast-is-dropped',
    property: 'S8',
    mistake: 'the end of a run drops what had to stay at a dead site',
    tamper: () => ballastIsDropped,
  },
  {
    name: 'failed-shift-counts-as-whole',
    property: 'S8',
    mistake: 'a shift whose write failed is put right later, without what had to stay behind',
    tamper: () => failedShiftIsWhole,
  },
  {
    name: 'turned-back-in-full',
    property: 'S8',
    mistake: 'a return that is turned back gives all that the site had got to whoever is left',
    tamper: () => turnedBackInFull,
  },
  {
    name: 'pool-is-emptied',
    property: 'S8',
    mistake: 'the last site of a pool is withdrawn as any other',
    tamper: () => poolIsEmptied,
  },
];

/** Ends a run with all that serve at their full share and nothing elsewhere. */
function* ballastIsDropped(made: Parameters<Tamper>[0], pass: Parameters<Tamper>[1]): Routine<Answer<unknown>> {
  if (made.name !== 'accept' || made.input.value.run?.state !== 'done') return yield* pass();
  return (yield* call('accept', { ...made.input, value: { ...made.input.value, ramp: {} } })) as Answer<unknown>;
}

function* failedShiftIsWhole(made: Parameters<Tamper>[0], pass: Parameters<Tamper>[1]): Routine<Answer<unknown>> {
  const run = made.name === 'accept' ? made.input.value.run : null;
  if (made.name !== 'accept' || run === null || !isShiftMissing(run)) return yield* pass();
  return (yield* call('accept', { ...made.input, value: { ...made.input.value, ramp: {} } })) as Answer<unknown>;
}

function* turnedBackInFull(made: Parameters<Tamper>[0], pass: Parameters<Tamper>[1]): Routine<Answer<unknown>> {
  const run = made.name === 'accept' ? made.input.value.run : null;
  const isTurnedBack = run?.kind === 'readmit' && run.steps.some(({ state }) => state === 'turned-back');
  if (made.name !== 'accept' || run === null || !isTurnedBack) return yield* pass();
  const value = { ...made.input.value, ramp: run.rampBefore };
  return (yield* call('accept', { ...made.input, value })) as Answer<unknown>;
}

/** Proposes a pool without its last site, where a withdrawal leaves one. */
function* poolIsEmptied(made: Parameters<Tamper>[0], pass: Parameters<Tamper>[1]): Routine<Answer<unknown>> {
  if (made.name !== 'accept' || made.input.value.run?.kind !== 'withdraw') return yield* pass();
  const value = { ...made.input.value, serving: made.input.value.serving.slice(1) };
  return (yield* call('accept', { ...made.input, value })) as Answer<unknown>;
}
