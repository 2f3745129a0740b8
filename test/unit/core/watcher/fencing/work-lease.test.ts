import { expect, test } from 'vitest';
import type { Register } from '../../../../../src/core/register/register.ts';
import { guardWork } from '../../../../../src/core/watcher/fencing/work-lease.ts';
import { registerWith, runWith, serviceWith, step, votersElsewhere } from '../../service.fixture.ts';
import { leaseMs, OwnRegion } from './own-region.fixture.ts';

const work = [{ kind: 'eventbridge-rule', name: 'nightly', bus: 'default' }] as const;
const workingService = serviceWith({ sites: { one: { work }, far: { work } } });
const atFar: Partial<Register> = { epoch: 2, active: 'far', writer: 'far', serving: ['far'] };
const handsOver = runWith({ epoch: 2, from: 'one', to: 'far', serving: ['far'], steps: [step('work')] });

/** A watcher that last heard these regions' tables, at 500 ms. */
function hearing(register: Register, answering: readonly string[], service = workingService): OwnRegion {
  const region = new OwnRegion(service, register);
  region.look(400);
  // The own table is asked and gives no answer; what it said before is not kept.
  if (!answering.includes('region-1')) region.state.reads.delete('region-1');
  region.look(500, answering);
  return region;
}

const turnedBy = (region: OwnRegion, nowMs: number) => region.ordersOf(guardWork(region.state), nowMs);

test.each([
  [leaseMs - 1, []],
  [leaseMs, ['turn off one']],
])('out of contact for %i ms the work of the active site is turned off: %j (leaseMs=10000)', (outMs, expected) => {
  const region = hearing(registerWith(), ['region-1', 'region-2']);

  region.look(500 + outMs, ['region-1']);

  expect(turnedBy(region, 500 + outMs)).toEqual(expected);
});

test('out of contact, work that a proven standby has is left to drift repair', () => {
  const region = hearing(registerWith(atFar), ['region-1', 'region-2']);

  region.look(500 + leaseMs, ['region-1']);

  expect(turnedBy(region, 500 + leaseMs)).toEqual([]);
});

const others = ['region-2', 'region-3'];
test.each([
  [
    'its own table is dark',
    'work was handed over',
    ['turn off one'],
    others,
    registerWith({ ...atFar, run: handsOver }),
  ],
  ['its own table is dark', 'no run is open', ['turn off one'], others, registerWith(atFar)],
  ['its own table is dark', 'it is the active site', [], others, registerWith()],
  [
    'its own table is dark',
    'the new site is not ready yet',
    [],
    others,
    registerWith({
      ...atFar,
      run: { ...handsOver, steps: [step('promote'), { ...step('work'), after: ['promote'] }] },
    }),
  ],
  [
    'its own table answers',
    'work was handed over',
    [],
    ['region-1', 'region-2'],
    registerWith({ ...atFar, run: handsOver }),
  ],
])('in contact, when %s and %s: %j', (_table, _register, expected, answering, register) => {
  const region = hearing(register, answering);

  expect(turnedBy(region, 600)).toEqual(expected);
});

test('the order needs no claim, and carries the newest token', () => {
  const region = hearing(registerWith({ ...atFar, run: { ...handsOver, attempt: 3 } }), others);

  region.run(guardWork(region.state), 600);

  expect(region.orders).toMatchObject([
    { kind: 'work', isSelfFence: true, isOn: false, token: { epoch: 2, attempt: 3 } },
  ]);
});

test.each([
  ['a region that has left the voters', workingService, registerWith({ voters: votersElsewhere })],
  ['a pool', serviceWith({ mode: 'active-active', sites: workingService.sites }), registerWith()],
])('%s turns nothing off, out of contact for any time', (_, service, register) => {
  const region = hearing(register, others, service);

  expect(turnedBy(region, 500 + 2 * leaseMs)).toEqual([]);
});

test('a deployment that is new turns nothing off: nobody was made active yet', () => {
  const region = new OwnRegion(workingService, null);
  region.look(500);
  region.look(500 + 2 * leaseMs, ['region-1']);

  expect(turnedBy(region, 500 + 2 * leaseMs)).toEqual([]);
});

test.each([
  ['a region that has never read a table', [], null],
  ['a region that has read no decided register', others, registerWith(atFar)],
] as const)('%s turns its work off at the end of the lease, under the oldest token', (_, answering, undecided) => {
  const region = new OwnRegion(workingService, null);
  if (undecided !== null) region.hold(undecided, ['region-3']);
  region.look(500, answering);

  expect(turnedBy(region, 600)).toEqual([]);
  expect(turnedBy(region, 500 + leaseMs)).toEqual(['turn off one']);
  expect(region.orders).toMatchObject([{ token: { epoch: 0, attempt: 0 } }]);
});
