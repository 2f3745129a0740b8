import { expect, test } from 'vitest';
import { noBallot } from '../../../../src/core/register/ballot.ts';
import { changeRegister } from '../../../../src/core/register/proposer.ts';
import { genesis } from '../../../../src/core/register/register.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';
import { runAlone, type Tables } from '../../../support/interleave.ts';

const five = ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-central-1'];

/** Five tables that vote on a register, and one more. */
function fiveVoters() {
  let marks = 0;
  const tables = new SimStateTables([...five, 'ap-south-1'], () => `mark-${++marks}`);
  const asked: Tables = {
    prepare: (region, ballot) => tables.prepare(region, 'web', ballot),
    accept: (region, ballot, value) => tables.accept(region, 'web', ballot, value),
    lose: (region) => tables.lose(region),
  };
  const founder = { service: 'web', regions: five, mark: 'us-east-1.a.1', floor: noBallot };
  runAlone(
    changeRegister(founder, (current) => (current === null ? genesis('virginia') : null)),
    asked,
  );
  return { asked, activeIn: (region: string) => tables.read(region, ['web']).acceptors.web?.accepted?.active };
}

test.each([{ knows: ['us-east-1', 'us-west-2', 'ap-south-1'] }, { knows: ['us-east-1'] }])(
  'a proposer that knows $knows.length of five voters changes the register by all five',
  ({ knows }) => {
    const { asked, activeIn } = fiveVoters();
    const proposer = { service: 'web', regions: knows, mark: 'us-east-1.b.1', floor: noBallot };

    const change = runAlone(
      changeRegister(proposer, (current) => current && { ...current, epoch: 2, active: 'oregon' }, {
        isThorough: true,
      }),
      asked,
    );

    expect(change).toMatchObject({ outcome: 'changed', register: { epoch: 2 } });
    expect(five.map(activeIn)).toEqual(five.map(() => 'oregon'));
  },
);
