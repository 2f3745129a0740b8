import { expect, test } from 'vitest';
import { gameDayPage } from '../../../src/dashboard/gameday-page.ts';
import type { GameDayResult } from '../../../src/dashboard/gameday-result.ts';
import { drillResult } from './drill-result.fixture.ts';
import { gameDayResult as report } from './gameday-result.fixture.ts';

test('the page sets expected against seen, and says what is not as before', () => {
  const page = gameDayPage({ ...report, course: drillResult() });

  expect(page).toContain('Not as expected.');
  expect(page).toContain('<th>Decided after</th><td>4.00 s, 5.00 s at worst</td><td>4.20 s</td>');
  expect(page).toContain(
    '<th>Good answers after</th><td>15.00 s, 22.00 s at worst</td><td>not measured: it has no name in DNS</td>',
  );
  expect(page).toContain('<th>active site</th><td>virginia</td><td>oregon</td><td>not as before</td>');
  expect(page).toContain('<th>Over</th><td>no: look at it now</td>');
  expect(page).toContain('<line class="bound"');
  expect(page).toContain('<td>not known</td>');
});

test('whatever people wrote is text, and nothing is loaded', () => {
  const page = gameDayPage(report);

  expect(page).toContain('alice &lt;script&gt;');
  expect(page).not.toMatch(/<script|https?:\/\/|undefined|NaN|null/);
});

test('a dry run has no fault, nothing seen and nothing changed', () => {
  const page = gameDayPage({ ...report, manner: 'dry-run', fault: null, seen: null, changes: [] });

  expect(page).toContain('Dry run: nothing was written');
  expect(page).toContain('Expected if virginia is lost');
  expect(page).toContain('<p>Nothing.</p>');
  expect(page).not.toContain('not measured');
});

test('what could not be predicted says why', () => {
  const expected = { ...report.expected, predicted: null, unpredicted: 'web: a move is under way' };

  expect(gameDayPage({ ...report, expected })).toContain('not predicted: web: a move is under way');
});

test('a rehearsal shows each function, and a fact that could not be read again', () => {
  const rehearsal: GameDayResult['rehearsal'] = {
    steps: [{ step: 'promote', resource: 'data of oregon', region: 'us-west-2', outcome: 'fails', detail: 'denied' }],
    standby: { site: 'oregon', outcome: 'pass', saw: 'http: status 200' },
    active: [{ what: 'DNS answer', before: '203.0.113.10', after: null, isSame: null }],
  };
  const page = gameDayPage({ ...report, manner: 'rehearsal', rehearsal });

  expect(page).toContain('<td>fails: denied</td>');
  expect(page).toContain('<th>DNS answer</th><td>203.0.113.10</td><td>not known</td>');
});
