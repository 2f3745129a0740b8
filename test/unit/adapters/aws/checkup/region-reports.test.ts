import { expect, test } from 'vitest';
import { explainFault, type TableCall } from '../../../../../src/adapters/aws/checkup/fault-explanation.ts';
import { graceMsMax, RegionReports } from '../../../../../src/adapters/aws/checkup/region-reports.ts';
import { showWhere } from '../../../../../src/cli/operator/location.ts';
import type { Fault } from '../../../../../src/core/fault.ts';
import type { TableView } from '../../../../../src/core/tables/table-view.ts';
import { PortError } from '../../../../../src/ports/port-error.ts';
import type { StateTables } from '../../../../../src/ports/state-tables.ts';
import { refusingTables } from '../../../../support/refusing-tables.ts';

const call: TableCall = { deployment: 'shop', account: '123456789012', deadlineMs: 5_000 };
const view: TableView = { opinions: null, acceptors: {} };

function errorOf(kind: Fault['kind'], name: string, message: string): PortError {
  return new PortError({ kind, detail: `${name}: ${message}` }, Object.assign(new Error(message), { name }));
}

test.each<[PortError, string]>([
  [
    errorOf('unavailable', 'ResourceNotFoundException', 'Requested resource not found'),
    'has no table shop-failover-state of account 123456789012: not deployed there, or under another name or account',
  ],
  [
    errorOf(
      'denied',
      'AccessDeniedException',
      'User: x is not authorized to perform: dynamodb:UpdateItem on resource: y',
    ),
    'access denied: dynamodb:UpdateItem on table shop-failover-state',
  ],
  [errorOf('denied', 'AccessDenied', 'no'), 'access denied: no on table shop-failover-state'],
  [errorOf('timeout', 'TimeoutError', 'aborted'), 'no answer within 5.0 s'],
  [errorOf('throttled', 'ThrottlingException', 'Rate exceeded'), 'throttled: Rate exceeded'],
  [errorOf('unavailable', 'Error', 'connect ECONNREFUSED'), 'cannot be reached: Error: connect ECONNREFUSED'],
  [errorOf('denied', 'ExpiredTokenException', 'old'), 'the credentials have expired'],
  [errorOf('denied', 'CredentialsProviderError', 'none\nmore'), 'no credentials: none'],
  [
    errorOf('denied', 'UnrecognizedClientException', 'unknown'),
    'does not know these credentials; is the region enabled in their account?',
  ],
  [new PortError({ kind: 'invalid', detail: 'no string promised in the item' }), 'no string promised in the item'],
])('%s', (error, says) => {
  expect(explainFault(error, call)).toBe(says);
});

/** Tables of which each region answers as it is told. */
function tablesThat(answers: Readonly<Record<string, () => Promise<TableView>>>): StateTables {
  return { ...refusingTables, read: (region) => answers[region]?.() ?? Promise.reject(new Error('not expected')) };
}

test('takes a table that cannot be told from a restored one for silent, and says why', async () => {
  const reports = new RegionReports((error) => `in words: ${error.fault.detail}`);
  const unidentified: Fault = { kind: 'denied', detail: 'DescribeTable' };
  const tables = reports.listenTo(tablesThat({ a: async () => ({ ...view, unidentified }) }));

  await expect(tables.read('a', [])).rejects.toMatchObject({ fault: { kind: 'denied' } });
  expect(await reports.list(async () => {})).toEqual({ a: 'in words: DescribeTable' });
});

test('remembers what the last call to a region brought, and passes it on in words', async () => {
  let isDown = true;
  const reports = new RegionReports((error) => `in words: ${error.fault.detail}`);
  const tables = reports.listenTo(
    tablesThat({
      a: async () => view,
      b: async () => {
        if (isDown) throw new PortError({ kind: 'throttled', detail: 'slow' });
        return view;
      },
    }),
  );

  await tables.read('a', []);
  await expect(tables.read('b', [])).rejects.toMatchObject({ fault: { kind: 'throttled', detail: 'in words: slow' } });
  expect(await reports.list(async () => {})).toEqual({ b: 'in words: slow' });
  isDown = false;
  await tables.read('b', []);
  expect(await reports.list(async () => {})).toEqual({});
});

test('a call that is still under way gets a moment, then counts as unanswered', async () => {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const reports = new RegionReports(() => 'never');
  let answer: (view: TableView) => void = () => {};
  const late = new Promise<TableView>((resolve) => {
    answer = resolve;
  });
  const tables = reports.listenTo(tablesThat({ a: () => late }));
  const asked = tables.read('a', []);

  expect(await reports.list(sleep)).toEqual({ a: 'no answer yet' });
  expect(waits).toEqual([graceMsMax]);
  answer(view);
  await asked;
  expect(await reports.list(sleep)).toEqual({});
});

test('says where the deployment is', () => {
  const aws = { kind: 'aws', account: '1', isAccountChecked: true, regions: ['a', 'b'] } as const;

  expect(showWhere('shop', { kind: 'lab', pid: 7 })).toBe('shop in the lab of process 7');
  expect(showWhere('shop', aws)).toBe('shop in AWS account 1, a, b');
  expect(showWhere('shop', { ...aws, isAccountChecked: false })).toBe('shop in AWS account 1 (not checked), a, b');
  expect(showWhere('shop', { ...aws, account: null })).toBe('shop in an AWS account that could not be told, a, b');
});
