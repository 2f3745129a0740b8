import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '../../../../../src/core/decision/decision-input.ts';
import { candidateOrder, ineligibilities } from '../../../../../src/core/decision/eligibility.ts';
import { fencesFor } from '../../../../../src/core/decision/plan.ts';
import { decide } from '../../../../../src/core/decision/service-decision.ts';
import {
  keptByWriter,
  provenReplicas,
  provenWriter,
  withProvenWriter,
} from '../../../../../src/core/decision/writer/outside-writer.ts';
import { kinds } from '../../../../../src/core/kinds/kinds.ts';
import type { DataRole } from '../../../../../src/core/model/data.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { fence, globalData, registerWith, runWith, serviceWith, situationWith } from '../../service.fixture.ts';

const fenced = { fence };
const service = serviceWith({
  data: globalData,
  sites: { one: fenced, two: fenced, far: fenced },
  failover: { maxReplicationLagMs: 5_000 },
});
const rest = registerWith();
/** `one` serves, and a person has made `far` the writer. */
const elsewhere = withProvenWriter(rest, 'far');

const rolesOf = (roles: Readonly<Record<string, DataRole>>) =>
  Object.fromEntries(Object.entries(roles).map(([site, dataRole]) => [site, { dataRole }]));
const reports = {
  one: { dataRole: 'replica', replicationLagMs: 0 },
  two: { dataRole: 'replica', replicationLagMs: 0 },
  far: { dataRole: 'sole-writer' },
} as const;

describe('the writer that the data proves', () => {
  test.each([
    ['the API that knows all calls it the only one', { one: 'replica', far: 'sole-writer' }, 'far'],
    ['every other site is a replica', { one: 'replica', two: 'replica', far: 'takes-writes' }, 'far'],
    ['another site may write beside it', { one: 'replica', far: 'takes-writes' }, null],
    ['two sites write', { one: 'replica', two: 'takes-writes', far: 'takes-writes' }, null],
    ['two sites call themselves the only one', { one: 'replica', two: 'sole-writer', far: 'sole-writer' }, null],
    ["the register's writer is not known", { two: 'replica', far: 'sole-writer' }, null],
    ["the register's writer writes", { one: 'takes-writes', two: 'replica', far: 'takes-writes' }, null],
    ['nobody writes', { one: 'replica', two: 'replica', far: 'replica' }, null],
    ['nothing is known', {}, null],
  ] as const)('S12: %s (%j): %s', (_, roles, writer) => {
    expect(provenWriter(service, rest, rolesOf(roles))).toBe(writer);
  });

  test.each([
    ['running', null],
    ['failed', null],
    ['done', 'far'],
  ] as const)('a run that is %s: %s', (state, writer) => {
    const moved = registerWith({ epoch: 2, active: 'one', run: runWith({ to: 'one', state }) });

    expect(provenWriter(service, moved, reports)).toBe(writer);
  });

  test('data that every site writes has no writer to follow', () => {
    const shared = serviceWith({ data: { kind: 'dynamodb-global', tableName: 'orders' } });

    expect(provenWriter(shared, rest, reports)).toBeNull();
  });

  test('the fence that the only writer owes is released, and that of another one is not', () => {
    const owed = (['far', 'two'] as const).map((site) => ({ site, epoch: 1, proof: 'closed' as const }));

    const learned = withProvenWriter(registerWith({ owed }), 'far');

    expect(learned).toMatchObject({ owed: [{ site: 'two' }], opening: ['far'] });
  });

  test('back at the site of the clients, nothing is elsewhere', () => {
    const back = rolesOf({ one: 'sole-writer', two: 'replica', far: 'replica' });

    expect(provenWriter(service, elsewhere, back)).toBe('one');
    expect(withProvenWriter(elsewhere, 'one')).toEqual(rest);
  });
});

describe('a service whose data is written elsewhere', () => {
  const given = (more: Partial<DecisionInput> = {}) => situationWith({ service, register: elsewhere, ...more });
  const knowledge = (verdict: 'up' | 'down') =>
    ({ verdicts: { one: verdict, two: 'up', far: 'up' }, reports, dependencies: {} }) as const;
  const saying = (register: Register) => decide(given({ register, knowledge: knowledge('up') }));

  test('holds, and says where', () => {
    expect(saying(elsewhere)).toEqual({
      kind: 'hold',
      reason: 'writer-elsewhere',
      detail: 'the data is written at far, and clients are led to one',
    });
    expect(saying(rest)).toMatchObject({ reason: 'healthy' });
  });

  test('a failover goes to the writer, which needs no lag, before a site that is preferred', () => {
    expect(candidateOrder(service, rest, knowledge('down'))).toEqual(['two', 'far']);
    expect(candidateOrder(service, elsewhere, knowledge('down'))).toEqual(['far', 'two']);
    expect(decide(given({ knowledge: knowledge('down') }))).toMatchObject({ kind: 'move', run: 'failover', to: 'far' });
  });

  test.each([
    ['sole-writer', []],
    ['takes-writes', ['lag-unknown', 'takes-writes']],
    ['replica', ['lag-unknown']],
  ] as const)('whoever is called the only writer has no lag to read (%s: %j)', (dataRole, faults) => {
    const known = { ...knowledge('up'), reports: { far: { dataRole } } };

    expect(ineligibilities(service, rest, known, 'far')).toEqual(faults);
  });

  test('no failback takes the data from the site that a person has moved it to', () => {
    const away = registerWith({ active: 'two', writer: 'far', serving: ['two'], promoting: ['two'], epoch: 3 });
    const home = serviceWith({ ...service, failback: { mode: 'automatic', healthyForMs: 60_000 } });
    const situation = { service: home, knowledge: knowledge('up'), stopwatches: { 'up:shop:one': 60_000 } };

    expect(decide(given({ ...situation, register: { ...away, writer: 'two', promoting: [] } }))).toMatchObject({
      kind: 'move',
      run: 'failback',
      to: 'one',
    });
    expect(decide(given({ ...situation, register: away }))).toMatchObject({ reason: 'writer-elsewhere' });
  });

  test.each([
    ['two', ['far', 'one']],
    ['far', ['one']],
  ] as const)('S11: a move to %s fences %j', (to, fences) => {
    expect(fencesFor(service, elsewhere, { kind: 'failover', from: 'one', to })).toEqual(fences);
  });

  test('whoever truly writes is asked to switch', () => {
    const run = runWith({ kind: 'switchover', from: 'one', to: 'two', reason: 'operator' });

    const [placed] = kinds.promote.inRun({ service, register: { ...elsewhere, run }, run } as never);

    expect(placed?.desired).toMatchObject({ from: 'far', to: 'two', isPlanned: true });
  });
});

test.each([
  ['failback', 'two', 'writer-elsewhere'],
  ['switchover', 'two', 'writer-elsewhere'],
  ['failover', 'two', undefined],
  ['follow', 'two', undefined],
  ['failback', 'far', undefined],
  ['switchover', 'far', undefined],
] as const)('a %s to %s while the data is written at far: %s', (run, to, reason) => {
  expect(keptByWriter(service, elsewhere, { run, to })?.reason).toBe(reason);
});

test.each([
  ['is written where clients are led to', service, rest],
  ['is in a run that is under way', service, { ...elsewhere, run: runWith({ state: 'running' }) }],
  ['is in a pool', serviceWith({ mode: 'active-active', data: globalData }), elsewhere],
] as const)('no failback is kept back while the data %s', (_, given, register) => {
  expect(keptByWriter(given, register, { run: 'failback', to: 'two' })).toBeNull();
});

describe('sites that were left before there was data', () => {
  const left = (more: Partial<Register> = {}) =>
    registerWith({ active: 'two', writer: 'two', serving: ['two'], leftUnpromoted: ['one', 'far'], ...more });
  const reports = { two: { dataRole: 'takes-writes' }, one: { dataRole: 'replica' } } as const;

  test('are known as replicas by their own API, once the writer writes by its own', () => {
    expect(provenReplicas(service, left(), reports)).toEqual(['one']);
    expect(provenReplicas(service, left(), { ...reports, two: { dataRole: 'replica' } })).toEqual([]);
    expect(provenReplicas(service, left(), { one: reports.one })).toEqual([]);
  });

  test('are not known while a run is under way, nor where there is no data', () => {
    expect(provenReplicas(service, left({ run: runWith({ state: 'running' }) }), reports)).toEqual([]);
    expect(provenReplicas(serviceWith({}), left(), reports)).toEqual([]);
  });
});
