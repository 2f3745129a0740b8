import { expect, test } from 'vitest';
import { type OwedReport, owedReports, roleOfData } from '../../../../src/core/decision/owed-report.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { FenceProof } from '../../../../src/core/register/owed-fence.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { fence, globalData, registerWith, serviceWith } from '../service.fixture.ts';

const fenced = serviceWith({ sites: { one: { fence }, two: { fence } } });
const withData = { ...fenced, data: globalData };
const replica = { kind: 'rds-replica', instances: { one: 'db-1', two: 'db-2', far: 'db-3' } } as const;
const rebuild = { keepOld: true };
/** Site `one` outside AWS, where no lease runs out; a function in `region-3` closes its fence. */
const outside: NamedService = {
  ...fenced,
  sites: {
    ...fenced.sites,
    one: { ...fenced.sites.one, region: undefined, location: 'hall', fence: { ...fence, region: 'region-3' } },
  } as unknown as NamedService['sites'],
};

/** Newest first, as the register keeps it. */
const history = [3, 2, 2, 1].map((epoch, index) => ({
  epoch,
  atMs: 9_000 - 1_000 * index,
  by: 'region-1',
  what: 'a move',
}));

/** The report of the fence of `one`, which the move of epoch 2 to `two` owes. */
function reportOf(
  service: NamedService,
  proof: FenceProof,
  more: Partial<Register> = {},
  isReplica?: boolean,
): OwedReport | undefined {
  const register = registerWith({
    ...{ epoch: 3, active: 'two', writer: 'two', serving: ['two'], history },
    owed: [{ site: 'one', epoch: 2, proof }],
    ...more,
  });
  return owedReports(
    service,
    register,
    isReplica === undefined ? {} : { one: { dataRole: isReplica ? 'replica' : 'takes-writes' } },
  )[0];
}

test('a fence is owed since its move was decided; the time is not known once the history has lost that', () => {
  expect(reportOf(fenced, 'none')).toMatchObject({ site: 'one', proof: 'none', sinceEpoch: 2, sinceAtMs: 7_000 });
  expect(reportOf(fenced, 'none', { history: history.slice(0, 1) })?.sinceAtMs).toBeNull();
});

test.each<[string, NamedService, FenceProof, string]>([
  ['of which nothing is known', fenced, 'none', 'not proven closed'],
  ['that was read back', fenced, 'closed', 'closed, read back'],
  ['whose region was silent', fenced, 'lease', 'by lease, unproven'],
  ['of a site outside AWS that a person answered for', outside, 'lease', "unproven, on a person's word"],
  ['of a site outside AWS that was read back', outside, 'closed', 'closed, read back'],
])('the state of a fence %s', (_, service, proof, state) => {
  expect(reportOf(service, proof)?.state).toBe(state);
});

test.each<[string, NamedService, boolean | undefined, OwedReport['data']]>([
  ['that every site may write', fenced, true, null],
  ['of which nothing was read', withData, undefined, 'not known'],
  ['that is a replica', withData, true, 'replica'],
  ['that takes writes', withData, false, 'takes writes'],
])('the role of data %s', (_, service, isReplica, role) => {
  expect(reportOf(service, 'closed', {}, isReplica)?.data).toBe(role);
});

test('the role of data at a site of which there is no report at all is not known', () => {
  expect(roleOfData(withData, { owed: [] }, 'one', undefined)).toBe('not known');
  expect(roleOfData(withData, { owed: [] }, 'one', {})).toBe('not known');
});

test('the role of data that a fence is owed for and that the configuration has no more is not known', () => {
  const owed = [{ site: 'one', epoch: 2, proof: 'closed' as const, guardsData: true as const }];

  expect(roleOfData(fenced, { owed }, 'one', { dataRole: 'replica' })).toBe('not known');
  expect(roleOfData(fenced, { owed }, 'two', {})).toBe(null);
});

const wellBehind = 'a quorum calls it up, or the APIs in region-1 report that it runs well behind the fence';
const isOne = "the API of the data says in region-1 that the site's copy is a replica";
const firstClosed = 'its fence is read back as closed in region-1, and then ';

test.each<[string, NamedService, FenceProof, string]>([
  ['without data, once it is closed', fenced, 'closed', wellBehind],
  ['without data, before', fenced, 'lease', `${firstClosed}${wellBehind}`],
  ['of data that AWS demotes', withData, 'closed', isOne],
  ['of data that AWS demotes, before it is closed', withData, 'none', `${firstClosed}${isOne}`],
  [
    'of a replica that nobody makes anew',
    { ...fenced, data: replica },
    'closed',
    `${isOne}; a person makes it one (docs/data.md)`,
  ],
  [
    'of a replica that is made anew',
    { ...fenced, data: { ...replica, rebuild } as unknown as NamedService['data'] } as NamedService,
    'closed',
    `${isOne}; it is made one by itself (data.rebuild)`,
  ],
  [
    'of data behind a function',
    { ...fenced, data: { kind: 'custom', functionNames: {} } as unknown as NamedService['data'] } as NamedService,
    'closed',
    `${isOne}; your function says so by isReplica`,
  ],
])('what opens a fence %s', (_, service, proof, opensWhen) => {
  expect(reportOf(service, proof)?.opensWhen).toBe(opensWhen);
});

test.each<[string, Partial<Register>]>([
  ['is the active one', { active: 'one' }],
  ['writes by the register', { writer: 'one' }],
])('the fence of a site that %s opens once the data says that it writes', (_, more) => {
  expect(reportOf(withData, 'none', more)?.opensWhen).toBe('the data says that the site writes');
});

test('the region of a fence is the one whose function acts', () => {
  expect(reportOf(outside, 'closed')?.opensWhen).toContain('the APIs in region-3 report');
});

test('a fence that is configured no more opens by nobody but a person', () => {
  const unfenced = serviceWith({ sites: { two: { fence } } });
  const { one: _, ...others } = fenced.sites;

  for (const given of [unfenced, { ...fenced, sites: others }])
    expect(reportOf(given, 'closed')?.opensWhen).toBe(
      'the configuration has a fence of one again, or you have opened it by hand and say "cdk-failover release shop one"',
    );
});
