import type { Compared } from '../core/operator/gameday/unchanged.ts';
import { band, bandStyle } from './band.ts';
import { eventRows, keyOf, ledgerRows } from './drill-page.ts';
import { drawDrill, narrowLayout, wideLayout } from './drill-picture.ts';
import type { DrillResult } from './drill-result.ts';
import { drillStyle } from './drill-style.ts';
import type { GameDayResult } from './gameday-result.ts';
import { escapeHtml } from './html.ts';

const manners = {
  'dry-run': 'Dry run: nothing was written',
  rehearsal: 'Rehearsal: functions looked, nothing was written',
  full: 'Full game day: the active site really failed',
} as const;

/** Longest word that a cell of a table keeps whole at 400 pixels, in characters. */
const wordMax = 18;

/** Tables stay readable at 400 pixels: long words break, and no others. */
const gameDayStyle = `
${bandStyle}
td.long, th.long { overflow-wrap: anywhere; }
thead th { color: var(--faint); font-weight: 400; font-size: 13px; }
.tables.even { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
@media (max-width: 720px) { .tables.even { grid-template-columns: minmax(0, 1fr); } }
`;

/** The report of a game day as one document, without scripts and without anything to load. */
export function gameDayPage(result: GameDayResult): string {
  const { service, verdict, isAsExpected, manner, deployment, where, by, startedAt, endedAt, record } = result;
  const word = isAsExpected ? '<span class="good">As expected.</span>' : '<span class="bad">Not as expected.</span>';
  const name = record === null ? '' : `, ${record}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`Game day: ${service} of ${deployment}`)}</title>
<style>${drillStyle}${gameDayStyle}</style>
</head>
<body>
${band(result.target)}
<main>
<h1>${escapeHtml(verdict)}.</h1>
<p>${escapeHtml(manners[manner])}. ${word}</p>
<p class="faint">Service ${escapeHtml(`${service}${name}; ${where}`)}. ${escapeHtml(`${startedAt} to ${endedAt}, by ${by}`)}.</p>
${result.course === null ? '' : courseOf(result.course)}
<div class="tables even">
${expectedSection(result)}
${sideSection(result)}
</div>
${faultSection(result)}
${rehearsalSection(result)}
${changeSection(result)}
<h2>How to repeat it</h2>
<pre>${escapeHtml(result.repeat)}</pre>
${result.course === null ? '' : eventsOf(result.course)}
</main>
</body>
</html>
`;
}

function courseOf(course: DrillResult): string {
  return `<figure>
${drawDrill(course, wideLayout)}
${drawDrill(course, narrowLayout)}
</figure>
${keyOf(course)}
<h2>Ledger</h2>
<table>${ledgerRows(course)}</table>`;
}

function eventsOf({ events }: DrillResult): string {
  return `<details>
<summary>Everything that was seen from the fault on</summary>
<table>${eventRows(events)}</table>
</details>`;
}

function expectedSection({ expected, seen }: GameDayResult): string {
  const { from, to, predicted, unpredicted, boundMs } = expected;
  const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? 'never' : seconds(ms));
  const simulated = (spread: { readonly median: number; readonly worst: number } | null | undefined) =>
    spread === null || spread === undefined
      ? `not predicted${unpredicted === null ? '' : `: ${unpredicted}`}`
      : `${seconds(spread.median)}, ${seconds(spread.worst)} at worst`;
  const rows = [
    ['Moves to', to ?? 'no single site', seen?.to ?? 'nowhere'],
    ['Decided after', simulated(predicted?.decidedMs), at(seen?.decidedMs)],
    [
      'Good answers after',
      simulated(predicted?.backMs),
      seen === null || seen.unmeasured === null ? at(seen?.recoveryMs) : `not measured: ${seen.unmeasured}`,
    ],
    ['Bound', seconds(boundMs), ''],
    ['Requests lost', '', seen?.requests == null ? 'not measured' : `${seen.lostRequests} of ${seen.requests}`],
    ['Writes lost', lossText(predicted?.lossMs ?? null), lossText(seen?.lossMs ?? null)],
  ];
  const head = seen === null ? ['', 'expected'] : ['', 'expected', 'seen'];
  const title = seen === null ? `Expected if ${from} is lost` : 'Expected against seen';
  return section(
    title,
    table(
      head,
      rows.filter(([, is]) => seen !== null || is !== '').map((row) => row.slice(0, head.length)),
    ),
  );
}

/** Whom else it reaches, and what would hold it back. */
function sideSection({ blastRadius, obstacles, expected }: GameDayResult): string {
  const words = { yes: 'moves too', no: 'does not move', unknown: 'not known' } as const;
  const hits = blastRadius.map(({ service, sites, moves, why }) => [
    service,
    `${why} ${sites.join(', ')}`,
    words[moves],
  ]);
  const steps = expected.steps.map(({ name, resource, region }) => [name, resource, region ?? '']);
  return `<section>
<h2>Also hit</h2>
${hits.length === 0 ? '<p>No other service.</p>' : table(['service', 'why', 'and'], hits)}
<h2>Would hold it back</h2>
${
  obstacles.length === 0
    ? '<p>Nothing.</p>'
    : table(
        [],
        obstacles.map((each) => [each]),
      )
}
${steps.length === 0 ? '' : `<h2>Steps</h2>\n${table(['step', 'of', 'region'], steps)}`}
</section>`;
}

function faultSection({ fault }: GameDayResult): string {
  if (fault === null) return '';
  const { what, abortedBy, end, isOver, alarms } = fault;
  return section(
    'Fault',
    table(
      [],
      [
        ['What', what],
        ['Aborted', abortedBy ?? 'no'],
        ['End', end ?? 'it never began'],
        ['Over', isOver ? 'yes' : 'no: look at it now'],
        ...alarms.map(({ name, worst }) => [`Alarm ${name}`, worst]),
      ],
    ),
  );
}

function rehearsalSection({ rehearsal }: GameDayResult): string {
  if (rehearsal === null) return '';
  const words = { ready: 'ready', 'would-do': 'would do', fails: 'fails', watchers: 'by the watchers' } as const;
  const { standby } = rehearsal;
  const steps = rehearsal.steps.map(({ step, resource, region, outcome, detail }) => [
    step,
    region === null ? resource : `${resource}, ${region}`,
    `${words[outcome]}: ${detail}`,
  ]);
  return `${section('What each function said', table(['step', 'of', 'answer'], steps))}
${section('Standby', table([], [[standby.site, standby.outcome, standby.saw]]))}
${section('Active side, before and after', table(['', 'before', 'after'], rehearsal.active.map(factRow)))}`;
}

function factRow({ what, before, after, isSame }: Compared): readonly string[] {
  return [what, before ?? 'not known', isSame ? 'unchanged' : (after ?? 'not known')];
}

function changeSection({ changes }: GameDayResult): string {
  if (changes.length === 0) return section('What was changed', '<p>Nothing.</p>');
  const rows = changes.map(({ what, before, after, isBack }) => [
    what,
    before,
    after,
    isBack === null ? 'only rises' : isBack ? 'as before' : 'not as before',
  ]);
  return section('What was changed', table(['', 'before', 'after', ''], rows));
}

function section(title: string, body: string): string {
  return `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

/** The first cell of a row names it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headRow = head.map((text) => cell('th', text)).join('');
  const body = rows.map(([name = '', ...cells]) => {
    const rest = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
    return cells.length === 0
      ? `<tr><td>${escapeHtml(name)}</td></tr>`
      : `<tr><th>${escapeHtml(name)}</th>${rest}</tr>`;
  });
  return `<table>${head.length === 0 ? '' : `<thead><tr>${headRow}</tr></thead>`}<tbody>${body.join('\n')}</tbody></table>`;
}

function cell(tag: 'td' | 'th', text: string): string {
  const isLong = text.split(/\s/).some((word) => word.length > wordMax);
  return `<${tag}${isLong ? ' class="long"' : ''}>${escapeHtml(text)}</${tag}>`;
}

function lossText(lossMs: number | null): string {
  return lossMs === null ? 'nothing promoted, or not known' : `at most ${seconds(lossMs)} of writes`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
