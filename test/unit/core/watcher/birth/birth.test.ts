import { expect, test } from 'vitest';
import { hookEndMs } from '../../../../../src/core/timing.ts';
import { createRegister } from '../../../../../src/core/watcher/birth/birth.ts';
import { fence, serviceWith } from '../../service.fixture.ts';
import { done, noAnswer, OwnRegion, type Reaction } from '../fencing/own-region.fixture.ts';

const data = { kind: 'custom', functions: { one: 'promote', two: 'promote', far: 'promote' } } as const;
const service = serviceWith({ data: data as never });
const asIs: Reaction = { outcome: 'as-ordered', hasWritten: false };
const elsewhere: Reaction = { outcome: 'pending', hasWritten: false, detail: 'it would be done' };

/** A deployment without a register, whose data is written at a site. */
function deployed(writer: string): OwnRegion {
  const own = new OwnRegion(service, null);
  own.reaction = (order) => (order.kind !== 'promote' ? done : order.to === writer ? asIs : elsewhere);
  return own;
}

test('a new register begins at the preferred site in epoch 1', () => {
  const own = deployed('one');

  own.run(createRegister(own.state, service), 1_000);

  expect(own.proposed[0]).toMatchObject({ active: 'one', epoch: 1 });
});

test('one that begins elsewhere has an epoch that no lost register can have had', () => {
  const own = deployed('far');

  own.run(createRegister(own.state, service), 1_000);

  expect(own.proposed[0]?.active).toBe('far');
  expect(own.proposed[0]?.epoch).not.toBe(1);
});

test('while it is not known who writes nobody is made active, and people are told once', () => {
  const own = deployed('one');
  const askedMs: number[] = [];
  own.reaction = () => {
    askedMs.push(own.nowMs);
    return noAnswer;
  };

  own.run(createRegister(own.state, service), 1_000);
  own.run(createRegister(own.state, service), 3_000);

  expect(own.proposed).toEqual([]);
  expect(own.events.map(({ kind }) => kind)).toEqual(['drift-stuck']);
  // A function of the user that gave no answer may still run: it is not asked beside itself.
  expect(askedMs).toEqual([1_000, 1_000 + hookEndMs(service.failover)]);
});

test.each([
  ['closed', elsewhere, ['far']],
  ['closed in part, or nobody can tell', noAnswer, ['far']],
  ['open', asIs, []],
])('a fence that is found %s is owed accordingly, but for the site that serves', (_, seen, owed) => {
  const fenced = serviceWith({ data: data as never, sites: { one: { fence }, far: { fence } } });
  const own = new OwnRegion(fenced, null);
  own.reaction = (order) => {
    if (order.kind === 'fence') return order.isIsolated ? done : seen;
    return order.kind === 'promote' && order.to === 'one' ? asIs : elsewhere;
  };

  own.run(createRegister(own.state, fenced), 1_000);

  const [first] = own.proposed;
  expect(first?.active).toBe('one');
  expect(first?.owed).toEqual(owed.map((site) => ({ site, epoch: first?.epoch, proof: 'none', guardsData: true })));
});
