import { describe, expect, test } from 'vitest';
import { type Command, obey } from '../../../../src/core/operator/command.ts';
import type { CommandContext } from '../../../../src/core/operator/command-outcome.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { fence, registerWith, runWith, serviceWith, step } from '../service.fixture.ts';

const oneDown = { verdicts: { one: 'down', two: 'up', far: 'up' }, reports: {}, dependencies: {} } as const;

function context(register: Partial<Register>, more: Partial<CommandContext> = {}): CommandContext {
  return {
    service: serviceWith({ sites: { one: { fence } } }),
    register: registerWith(register),
    knowledge: oneDown,
    stopwatches: {},
    group: null,
    disputes: [],
    by: 'eve',
    wallMs: 77,
    votersMs: 77,
    ...more,
  };
}

const goOn: Command = { verb: 'continue' };
const skip = (name: 'fence' | 'start' | 'address' | 'dns', areTwoWritersAllowed = false): Command => ({
  verb: 'skip',
  step: name,
  areTwoWritersAllowed,
});
const open = { epoch: 2, active: 'two', run: runWith({ steps: [step('fence'), step('dns', ['fence'])] }) };
const undone = {
  epoch: 2,
  active: 'two',
  writer: 'two',
  serving: ['two'],
  run: runWith({ state: 'failed', steps: [step('address', [], 'failed'), step('dns', [], 'done')] }),
};
/** The site serves at less than its full size. */
const short = {
  epoch: 2,
  active: 'two',
  writer: 'two',
  serving: ['two'],
  run: runWith({
    state: 'done',
    steps: [step('fence', [], 'done'), step('start', [], 'fallback'), step('dns', [], 'done')],
  }),
};
const forced: Command = { verb: 'failover', to: 'two', isForced: true, isDataLossAllowed: false, isProofWaived: false };
const nothing = {
  epoch: 3,
  setbacks: [{ site: 'two', epoch: 2, count: 3, step: 'start', detail: 'no room', kind: 'move' }],
} as const;

describe('continue', () => {
  test('opens a run again where it failed', () => {
    expect(obey(goOn, context(undone))).toMatchObject({
      outcome: 'accepted',
      register: { epoch: 2, run: { state: 'running', attempt: 2, holder: null } },
    });
  });

  test.each<[string, Command]>([
    ['continue', goOn],
    ['a forced failover to the same site', forced],
  ])('asks again for the size of a site that serves short, and leaves its fence alone (%s)', (_, command) => {
    const outcome = obey(command, context(short));

    expect(outcome).toMatchObject({ outcome: 'accepted', message: expect.stringContaining('not done: start') });
    const { run } = (outcome as { register: Register }).register;
    expect(run).toMatchObject({ state: 'running', attempt: 2, holder: null, isShortAllowed: true });
    expect(run?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'fence done',
      'start pending',
      'dns done',
    ]);
  });

  test('tries a step again that a person has skipped', () => {
    const skipped = obey(skip('start'), context(short));
    const again = obey(goOn, context((skipped as { register: Register }).register));

    expect(again).toMatchObject({ outcome: 'accepted', message: expect.stringContaining('not done: start') });
  });

  test('begins a move that came to nothing anew, without waiting, by every gate', () => {
    expect(obey(goOn, context(nothing))).toMatchObject({
      outcome: 'accepted',
      register: { epoch: 4, active: 'two', run: { kind: 'failover', by: 'eve', isShortAllowed: false } },
    });
    expect(obey(goOn, context({ ...nothing, maintenance: ['two'] }))).toMatchObject({ outcome: 'refused' });
  });

  test.each<[string, Partial<Register>, string]>([
    ['nothing has failed', {}, 'nothing to continue'],
    ['a run is under way', open, 'is under way; it waits for fence, dns'],
  ])('changes nothing while %s', (_, register, says) => {
    expect(obey(goOn, context(register))).toMatchObject({
      outcome: 'unchanged',
      message: expect.stringContaining(says),
    });
  });
});

describe('skip', () => {
  test.each<[string, Partial<Register>]>([
    ['a run that waits for it', open],
    ['a move that came to nothing by it', { ...nothing, setbacks: [{ ...nothing.setbacks[0], step: 'fence' }] }],
  ])('the fence takes a word of its own, in %s, and says what may happen', (_, register) => {
    const refused = obey(skip('fence'), context(register));
    const accepted = obey(skip('fence', true), context(register));

    expect(refused).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/one may still take writes beside two.*skip shop fence --allow-two-writers/),
    });
    expect(accepted).toMatchObject({ outcome: 'accepted', message: expect.stringContaining('two writers') });
    const run = accepted.outcome === 'accepted' ? accepted.register.run : null;
    expect(run?.steps.find(({ name }) => name === 'fence')).toMatchObject({ state: 'skipped' });
    expect(run?.steps.find(({ name }) => name === 'fence')?.detail).toContain('skipped by eve');
  });

  test('whoever carries the run out has another attempt against it', () => {
    expect(obey(skip('fence', true), context(open))).toMatchObject({ register: { run: { attempt: 2, holder: null } } });
  });

  test('the start of a move that came to nothing: the site serves with what there is, and the history has it', () => {
    const service = serviceWith({ sites: { two: { scale: [{ kind: 'instances', instanceIds: ['i-2'] }] } } });

    const outcome = obey(skip('start'), context(nothing, { service }));

    expect(outcome).toMatchObject({
      outcome: 'accepted',
      message: expect.stringContaining('may go down under the load'),
      register: { epoch: 4, serving: ['two'], history: [{ what: expect.stringContaining('start skipped') }] },
    });
  });

  test('the start of a site that serves short: the risk is recorded, and the size is still missing', () => {
    const outcome = obey(skip('start'), context(short));

    expect(outcome).toMatchObject({
      outcome: 'accepted',
      message: expect.stringMatching(/may go down under the load.*still asked for/),
      register: { epoch: 2, serving: ['two'], run: { state: 'done' }, history: [{ what: 'skip start' }] },
    });
    const { register } = outcome as { register: Register };
    expect(register.run?.steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'done']);
    expect(obey(skip('start'), context(register))).toMatchObject({
      outcome: 'unchanged',
      message: 'start of failover one > two is skipped already',
    });
  });

  test('a start that has failed while the fence is still open skips no more than the start', () => {
    const steps = [step('fence'), step('start', [], 'failed'), step('dns', ['fence', 'start'], 'failed')];

    const outcome = obey(skip('start'), context({ ...open, run: runWith({ steps }) }));

    const { run } = (outcome as { register: Register }).register;
    expect(run).toMatchObject({ state: 'running', attempt: 2 });
    expect(run?.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'fence pending',
      'start skipped',
      'dns pending',
    ]);
  });

  test.each<[string, Command, Partial<Register>, string]>([
    ['nothing has failed', skip('start'), {}, 'nothing to skip'],
    ['the step is done', skip('dns'), undone, 'dns is not what failover one > two waits for; that is: address'],
    ['the run has no such step', skip('address'), open, 'that is: fence'],
    [
      'the step itself waits for another one',
      skip('dns'),
      open,
      'dns is not what failover one > two waits for; that is: fence',
    ],
    [
      'the move that came to nothing never got there',
      skip('dns'),
      nothing,
      'the move to two failed at; that was: start',
    ],
  ])('is refused when %s', (_, command, register, says) => {
    expect(obey(command, context(register))).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining(says),
    });
  });
});
