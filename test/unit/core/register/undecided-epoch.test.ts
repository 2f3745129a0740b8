import { expect, test } from 'vitest';
import { makeBallot, noBallot } from '../../../../src/core/register/ballot.ts';
import { changeRegister } from '../../../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';
import { runAlone, type Tables } from '../../../support/interleave.ts';

const three = ['us-east-1', 'us-west-2', 'us-east-2'];

/** Three tables of a founded register. One of them alone holds a second epoch, whose proposer is gone. */
function halfDecided() {
  let marks = 0;
  const tables = new SimStateTables(three, () => `mark-${++marks}`);
  const accepted: string[] = [];
  const asked: Tables = {
    prepare: (region, ballot) => tables.prepare(region, 'web', ballot),
    accept: (region, ballot, value) => {
      accepted.push(`${value.epoch} ${value.active}`);
      return tables.accept(region, 'web', ballot, value);
    },
    lose: (region) => tables.lose(region),
  };
  const founder = { service: 'web', regions: three, mark: 'us-east-1.a.1', floor: noBallot };
  const found = (current: Register | null) => (current === null ? genesis('virginia') : null);
  const founded = runAlone(changeRegister(founder, found), asked) as { readonly register: Register };
  accepted.length = 0;
  const second: Register = { ...founded.register, epoch: 2, active: 'oregon' };
  const ballot = makeBallot(50, 'us-west-2.gone.1');
  tables.prepare('us-west-2', 'web', ballot);
  tables.accept('us-west-2', 'web', ballot, second);
  const changed = (fn: (current: Register) => Register | null) =>
    runAlone(
      changeRegister({ service: 'web', regions: three, mark: 'us-east-2.b.1', floor: noBallot }, (current) =>
        current === null ? null : fn(current),
      ),
      asked,
    );
  return { changed, accepted };
}

test('S2: an epoch begins on a decided value only: one that was left half way is completed first', () => {
  const { changed, accepted } = halfDecided();

  const outcome = changed((current) => ({ ...current, epoch: current.epoch + 1, active: 'ohio' }));

  expect(outcome).toMatchObject({ outcome: 'changed', register: { epoch: 3, active: 'ohio' } });
  expect([...new Set(accepted)]).toEqual(['2 oregon', '3 ohio']);
});

test('a change within an epoch takes a value that was left half way along, in one round', () => {
  const { changed, accepted } = halfDecided();

  const outcome = changed((current) => ({ ...current, active: 'ohio' }));

  expect(outcome).toMatchObject({ outcome: 'changed', register: { epoch: 2, active: 'ohio' } });
  expect([...new Set(accepted)]).toEqual(['2 ohio']);
});

test('a change that wants nothing completes what was left half way', () => {
  const { changed, accepted } = halfDecided();

  expect(changed(() => null)).toMatchObject({ outcome: 'unchanged', register: { epoch: 2, active: 'oregon' } });
  expect([...new Set(accepted)]).toEqual(['2 oregon']);
});
