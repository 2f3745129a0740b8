import { expect, test } from 'vitest';
import { showHistory } from '../../../../src/cli/show/history.ts';
import { columns, duration, plural } from '../../../../src/cli/show/layout.ts';
import { showPlan } from '../../../../src/cli/show/plan.ts';
import { showPlanned } from '../../../../src/cli/show/planned.ts';
import { showQuorum } from '../../../../src/cli/show/quorum.ts';

test.each([
  [0, '0 ms'],
  [340, '340 ms'],
  [12_340, '12.3 s'],
  [119_000, '119.0 s'],
  [3_540_000, '59.0 min'],
  [84_600_000, '23.5 h'],
])('%d ms reads as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('columns are as wide as their widest cell and have no blanks at the end', () => {
  expect(
    columns(
      [
        ['a', 'b'],
        ['long', ''],
        ['x', 'y'],
      ],
      ' ',
    ),
  ).toBe(' a     b\n long\n x     y');
});

test('counts agree with their noun', () => {
  expect([plural(0, 'site'), plural(1, 'site'), plural(2, 'site')]).toEqual(['0 sites', '1 site', '2 sites']);
});

test('planned switchovers are rows, the next one first; what is not known is a line', () => {
  const plan = { from: 'virginia', to: 'oregon', atMs: 3_600_000, latestMs: 4_200_000, by: 'eve', reason: 'kernel' };

  expect(
    showPlanned({
      services: { web: plan, api: { ...plan, atMs: 0 }, db: 'none', old: null, new: 'unborn' },
      silent: {},
    }),
  ).toBe(
    `
service  from      to      at                    until                 by   reason
api      virginia  oregon  1970-01-01T00:00:00Z  1970-01-01T01:10:00Z  eve  kernel
web      virginia  oregon  1970-01-01T01:00:00Z  1970-01-01T01:10:00Z  eve  kernel
old: no majority of state tables answers; "cdk-failover quorum old" says why
new: no register: its watchers have not run yet, or the tables have lost it`.trimStart(),
  );
  expect(showPlanned({ services: { web: 'none' }, silent: {} })).toBe('no switchover is planned');
});

test('a plan lists its steps in order and what each waits for', () => {
  const steps = [
    { name: 'fence', resource: 'virginia', region: 'us-east-1', after: [] },
    { name: 'dns', resource: 'www.shop.example', region: null, after: ['fence'] },
    { name: 'verify', resource: 'oregon', region: null, after: ['address', 'dns'] },
  ] as const;

  expect(showPlan('web', { current: 'virginia', desired: 'oregon', epoch: 4, steps, boundMs: 52_340 })).toBe(
    `
web: virginia > oregon, epoch 4; nothing was written

     step    of                region     after
  1  fence   virginia          us-east-1  -
  2  dns     www.shop.example  -          fence
  3  verify  oregon            -          dns

  an automatic failover takes 52.3 s at most, from the fault to the first good answer`.trimStart(),
  );
});

test.each([
  [{ error: 'no-majority' }, 'web: no majority of state tables answers; nothing can be planned'],
  [
    { current: 'virginia', desired: null, why: 'oregon: not-up' },
    'web: virginia stays active, no site is eligible (oregon: not-up)',
  ],
  [
    { current: 'virginia', desired: 'virginia', epoch: 2, steps: [], boundMs: 1 },
    'web: virginia is active already; there is nothing to do',
  ],
])('a plan that is none says why (%#)', (json, text) => {
  expect(showPlan('web', json)).toBe(text);
});

test('history is a table a service, or the reason why there is none', () => {
  const entry = { epoch: 2, atMs: Date.UTC(2026, 0, 1), by: 'alice', what: 'pause: work' };

  expect(showHistory({ services: { web: [entry], api: [], db: null } })).toBe(
    `
web:
  at                        epoch  by     what
  2026-01-01T00:00:00.000Z  2      alice  pause: work

api: nothing has happened since the register was created

db: no majority of state tables answers; "cdk-failover quorum db" says why`.trimStart(),
  );
});

test('quorum says OK or NOQUORUM with the counts', () => {
  const ok = { isUsable: true, usableWatchers: 3, quorum: 2, answeringTables: 3, majority: 2, why: '' };
  const no = { ...ok, isUsable: false, usableWatchers: 1, answeringTables: 1, why: '1 usable watchers, 2 are needed' };

  expect(showQuorum({ services: { web: ok, api: no } })).toBe(
    `
web: OK (3 usable watchers, quorum 2; 3 state tables answering, majority 2)
api: NOQUORUM, 1 usable watchers, 2 are needed (1 usable watcher, quorum 2; 1 state table answering, majority 2)`.trimStart(),
  );
});
