import { describe, expect, test } from 'vitest';
import type { TargetsDesired } from '../../../../src/core/kinds/targets.ts';
import { registerWith, serviceWith, step, targets } from '../service.fixture.ts';
import { type Called, dispatch, done, type Outside, says } from './dispatch.fixture.ts';

const both = registerWith({ epoch: 2, serving: ['one', 'two'] });
const pool = serviceWith({
  mode: 'active-active',
  sites: { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 1 } },
  traffic: { targets },
});

test.each([0, 40, 120, 400])(
  'S8: a shift goes by the demand that it was decided by (demand=120, limit=90, two reports %i)',
  (load) => {
    const states = { kind: 'withdraw', serving: ['two'], demand: 120, steps: [step('targets')] } as const;
    const knowledge = {
      verdicts: { one: 'down', two: 'up', far: 'up' },
      reports: { one: { load: 0 }, two: { load } },
      dependencies: {},
    } as const;

    const { ramps, end } = dispatch('targets', pool, says(done), { states, knowledge, register: both });

    // 120 * 100 / (100 + 34) = 89.6: no less may stay at the dead site.
    expect(ramps).toEqual([{ one: 34 }]);
    expect(end).toMatchObject({ state: 'fallback', detail: '66 % shifted; more would overload two' });
  },
);

describe('a shift behind two listeners', () => {
  const behindTwo = serviceWith({ traffic: { targets: { ...targets, listenerArn: ['listener-1', 'listener-2'] } } });
  const listenerOf = ({ input }: Called) => (input as { readonly order: TargetsDesired }).order.listener;
  const failover = { kind: 'failover', from: 'one', to: 'two', steps: [step('targets')] } as const;
  const knowledge = { verdicts: { one: 'down', two: 'up' }, reports: {}, dependencies: {} } as const;

  test('sets the weights of both', () => {
    const { calls, end } = dispatch('targets', behindTwo, says(done), { states: failover, knowledge });

    const orders = calls.filter(({ name }) => name === 'invoke').map(listenerOf);
    expect(orders).toEqual([0, 1]);
    expect(end).toMatchObject({ state: 'done' });
  });

  test.each([0, 1])('has failed when one of them cannot be set (listener=%i)', (broken) => {
    const denied = { outcome: 'failed', fault: { kind: 'denied', detail: 'no right' } } as const;
    const outside: Outside = (request) =>
      says(request.name === 'invoke' && listenerOf(request) === broken ? denied : done)();

    const { end } = dispatch('targets', behindTwo, outside, { states: failover, knowledge });

    expect(end).toMatchObject({ state: 'failed' });
  });
});

describe('a return to a pool that is turned back', () => {
  const states = {
    kind: 'readmit',
    from: 'one',
    to: 'two',
    serving: ['one', 'two'],
    steps: [step('targets')],
  } as const;
  const inHalves = serviceWith({
    mode: 'active-active',
    sites: { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 1 } },
    traffic: { targets: { ...targets, ramp: { stepsPercent: [50, 100], pauseMs: 4_000 } } },
  });
  const register = registerWith({ epoch: 2, serving: ['one'] });
  const knowledge = { verdicts: { one: 'up', two: 'degraded' }, reports: {}, dependencies: {} } as const;

  test.each([
    [80, 0],
    // 140 * 100 / (100 + 56) = 89.7: no more may go back to the other site.
    [140, 50],
    [120, 34],
  ])('leaves what the other site cannot carry (demand=%i, limit=90)', (demand, left) => {
    const given = { states: { ...states, demand, rampBefore: {} }, knowledge, register };

    const { ramps, end } = dispatch('targets', inHalves, says(done), given);

    expect(ramps).toEqual([{ two: 50 }, { two: left }]);
    expect(end).toMatchObject({ state: 'turned-back' });
  });
});
