import { describe, expect, test } from 'vitest';
import type { HttpProbe } from '../../../src/core/model/probe.ts';
import { faultOfBody, type Page, readFromPage } from '../../../src/sim/world/probes/pages.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';

const site = (page: Page | null, body: string | null = null) => ({ page, body });

function probe(changed: Readonly<Record<string, unknown>>): HttpProbe {
  const path = 'services.web.sites.oregon.probes.0';
  const own = Object.fromEntries(Object.entries(changed).map(([key, value]) => [`${path}.${key}`, value]));
  return exampleDeployment('two-regions', own).services.web?.sites.oregon?.probes[0] as HttpProbe;
}

const asked = probe({ report: { role: 'db.role', activeRoles: ['primary'], lag: 'db.lag', lagUnitMs: 1_000 } });
const truth = { role: 'standby', replicationLagMs: 7, ready: true };

describe('what a probe reads of a page', () => {
  test.each([
    ['that nobody has set: the truth', site(null), false, truth],
    [
      'at its paths',
      site({ db: { role: 'PRIMARY', lag: '1.5' } }),
      false,
      { ready: true, role: 'active', replicationLagMs: 1_500 },
    ],
    ['that says nothing there: unknown', site({ lag: 3 }), false, { ready: true }],
    ['that is no JSON: unknown', site('ok'), false, { ready: true }],
    ['that is broken by a word: unknown', site({ db: { lag: 1 } }, 'no'), false, { ready: true }],
    ['of a wrong status: unknown', site({ db: { lag: 1 } }), true, { ready: true }],
    ['of a wrong status that nobody has set: unknown', site(null), true, { ready: true }],
  ])('%s', (_, of, isStatusWrong, report) => {
    expect(readFromPage(of, asked, truth, isStatusWrong)).toEqual(report);
  });

  test('is what the headers say where no path is given', () => {
    expect(readFromPage(site({ db: { lag: 1 } }), probe({}), truth, true)).toBe(truth);
  });
});

test.each([
  ['nobody has set', site(null), null],
  ['has the text and the value', site({ state: 'ok' }), null],
  ['lacks the text', site({ state: 'well' }), 'wrong-body'],
  ['has the text and another value', site({ state: 'so-so', more: 'ok' }), 'wrong-body'],
  ['has the text and is no JSON', site('ok'), 'wrong-body'],
  ['is broken', site({ state: 'ok' }, 'no'), 'wrong-body'],
])('a page that %s', (_, of, fault) => {
  expect(faultOfBody(of, probe({ expect: { body: 'ok', json: { state: 'ok' } } }))).toBe(fault);
});
