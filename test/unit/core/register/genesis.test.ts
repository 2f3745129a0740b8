import { expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/fault.ts';
import { type Ballot, noBallot } from '../../../../src/core/register/ballot.ts';
import { changeRegister, genesisTriesMax } from '../../../../src/core/register/proposer.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';

const regions = ['us-east-1', 'us-east-2', 'us-west-2'];

interface Asked {
  readonly region: string;
  readonly service: string;
  readonly ballot: Ballot;
  readonly value?: Register;
}

type Name = 'prepare' | 'accept';

/** Has one proposer make the first value; `faultOf` says which calls fail, by how many of that name came before. */
function found(faultOf: (name: Name, region: string, before: number) => Fault['kind'] | null) {
  let marks = 0;
  const tables = new SimStateTables(regions, () => `mark-${++marks}`);
  const made: Record<string, number> = {};
  const answer = (name: Name, { region, service, ballot, value }: Asked) => {
    const key = `${name} ${region}`;
    const before = made[key] ?? 0;
    made[key] = before + 1;
    const kind = faultOf(name, region, before);
    if (kind !== null) return { ok: false, fault: { kind, detail: '' } };
    const reply = value ? tables.accept(region, service, ballot, value) : tables.prepare(region, service, ballot);
    return { ok: true, value: reply };
  };
  const run = <T>(routine: Routine<T>): T => {
    let next = routine.next();
    while (!next.done) {
      const asked = next.value;
      if (asked.kind === 'fork') next = routine.next(asked.routines.map((one) => run(one)));
      else if (asked.kind === 'call') next = routine.next(answer(asked.name as Name, asked.input as Asked));
      else next = routine.next(asked.kind === 'time' ? { wallMs: 0, monotonicMs: 0 } : undefined);
    }
    return next.value;
  };
  const proposer = { service: 'web', regions, mark: 'us-east-1.p.1', floor: noBallot };
  const outcome = run(changeRegister(proposer, (current) => (current === null ? genesis('virginia') : null)));
  return { outcome, made };
}

test.each(['prepare', 'accept'] as const)('a first value survives one slow answer of a table (%s)', (slow) => {
  const { outcome } = found((name, region, before) =>
    name === slow && region === 'us-west-2' && before === 0 ? 'timeout' : null,
  );

  expect(outcome).toMatchObject({ outcome: 'changed', register: { active: 'virginia', epoch: 1 } });
});

test('a first value is given up when a table goes on missing, after genesisTriesMax rounds', () => {
  const { outcome, made } = found((_, region) => (region === 'us-west-2' ? 'timeout' : null));

  expect(outcome).toMatchObject({ outcome: 'no-majority' });
  expect(made['prepare us-west-2']).toBe(genesisTriesMax);
});

test('a first value is given up at once for a fault that does not pass (denied)', () => {
  const { outcome, made } = found((_, region) => (region === 'us-west-2' ? 'denied' : null));

  expect(outcome).toMatchObject({ outcome: 'no-majority' });
  expect(made['prepare us-west-2']).toBe(1);
});
