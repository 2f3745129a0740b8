import type { Calls } from '../../core/calls.ts';
import type { Answer } from '../../core/fault.ts';
import type { AcceptorReply, AcceptorState } from '../../core/register/acceptor.ts';
import type { Register } from '../../core/register/register.ts';
import { call, type Routine } from '../../core/routine.ts';
import type { AnyCall, Tamper } from './tamper.ts';

type State = AcceptorState<Register>;

/** Changes every register that a process gets to see, wherever it reads it. */
export function seeingRegisters(change: (register: Register) => Register): Tamper {
  return seeingStates((state) => (state.accepted === null ? state : { ...state, accepted: change(state.accepted) }));
}

/** Changes every acceptor state that a process gets to see. */
export function seeingStates(change: (state: State, region: string) => State): Tamper {
  return function* (made, pass) {
    const answer = yield* pass();
    return answer.ok ? { ok: true, value: changeStates(made, answer.value, change) } : answer;
  };
}

/** What a call brought back, with every acceptor state in it changed. */
export function changeStates(made: AnyCall, value: unknown, change: (state: State, region: string) => State): unknown {
  switch (made.name) {
    case 'prepare':
    case 'accept': {
      const reply = value as Calls['prepare']['output'];
      return { ...reply, state: change(reply.state, made.input.region) };
    }
    case 'readTable': {
      const view = value as Calls['readTable']['output'];
      const entries = Object.entries(view.acceptors).map(([service, state]) => [
        service,
        state === null ? null : change(state, made.input.region),
      ]);
      return { ...view, acceptors: Object.fromEntries(entries) };
    }
    default:
      return value;
  }
}

/** Makes accepts go out under a ballot that nobody prepared. */
export const acceptUnderAnotherBallot: Tamper = function* (made, pass): Routine<Answer<unknown>> {
  if (made.name !== 'accept') return yield* pass();
  const { ballot } = made.input;
  const raised = `${String(Number(ballot.slice(0, 12)) + 1_000).padStart(12, '0')}${ballot.slice(12)}`;
  return (yield* call('accept', { ...made.input, ballot: raised })) as Answer<unknown>;
};

/** Puts the plan that the tables showed last back into every value that begins its switchover. */
export function keepPlan(): Tamper {
  const plans = new Map<string, NonNullable<Register['planned']>>();
  return function* (made, pass): Routine<Answer<unknown>> {
    if (made.name === 'accept') {
      const { service, value } = made.input;
      const planned = plans.get(service);
      const isBegun = value.run?.reason === 'planned' && planned !== undefined;
      return isBegun
        ? ((yield* call('accept', { ...made.input, value: { ...value, planned } })) as Answer<unknown>)
        : yield* pass();
    }
    const answer = yield* pass();
    if (made.name !== 'readTable' || !answer.ok) return answer;
    for (const [service, state] of Object.entries((answer.value as Calls['readTable']['output']).acceptors)) {
      const planned = state?.accepted?.planned;
      if (planned) plans.set(service, planned);
    }
    return answer;
  };
}

/** Takes an accept that got no answer for granted, in the name of the table that was heard of before. */
export function presumeAccepted(): Tamper {
  const incarnations = new Map<string, string>();
  return function* (made, pass): Routine<Answer<unknown>> {
    const answer = yield* pass();
    if (made.name !== 'accept' && made.name !== 'prepare') return answer;
    const { region, ballot } = made.input;
    if (answer.ok) {
      incarnations.set(region, (answer.value as AcceptorReply<Register>).state.incarnation);
      return answer;
    }
    if (made.name !== 'accept') return answer;
    const incarnation = incarnations.get(region) ?? '';
    const state = { incarnation, promised: ballot, acceptedBallot: ballot, accepted: made.input.value };
    return { ok: true, value: { isGranted: true, state } };
  };
}

/** Hides from every reader which epochs the watchers have seen. */
export const withoutEpochs: Tamper = function* (made, pass): Routine<Answer<unknown>> {
  const answer = yield* pass();
  if (made.name !== 'readTable' || !answer.ok) return answer;
  const view = answer.value as Calls['readTable']['output'];
  if (view.opinions === null) return answer;
  const { epochs: _, ...opinions } = view.opinions;
  return { ok: true, value: { ...view, opinions } };
};

/** Begins every move that a person asks for one epoch too late. */
export const passEpochsOver: Tamper = function* (made, pass): Routine<Answer<unknown>> {
  const { run, epoch } = made.name === 'accept' ? made.input.value : { run: null, epoch: 0 };
  const isBegun = run !== null && run.epoch === epoch && run.reason === 'operator' && run.holder === null;
  if (made.name !== 'accept' || !isBegun) return yield* pass();
  const value = { ...made.input.value, epoch: epoch + 1, run: { ...run, epoch: epoch + 1 } };
  return (yield* call('accept', { ...made.input, value })) as Answer<unknown>;
};
