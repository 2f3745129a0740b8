import type { GameDayReport, Spread } from '../../core/operator/gameday/report.ts';
import { columns, duration, type Page, plural, type Rows, wrap } from '../show/layout.ts';

/** A game day for people: what was expected, what was seen, what was changed. */
export function showGameDay(report: GameDayReport, page: Page): string {
  const { expected, verdict, isAsExpected, repeat } = report;
  const tone = isAsExpected ? 'good' : 'bad';
  const word = isAsExpected ? 'AS EXPECTED' : 'NOT AS EXPECTED';
  return [
    ...section(`Expected if ${expected.from} is lost`, expectedRows(report), page),
    ...stepLines(report, page),
    ...lines(
      'Also hit',
      report.blastRadius.map(
        ({ service, sites, moves, why }) =>
          `${service}: ${why}${sites.length > 0 ? ` (${sites.join(', ')})` : ''}; ${movesText(moves)}`,
      ),
      'no other service',
      page,
    ),
    ...lines('Would hold it back', report.obstacles, 'nothing', page),
    ...rehearsalLines(report, page),
    ...faultLines(report, page),
    ...section('Seen', seenRows(report), page),
    ...section('Changed', changeRows(report), page),
    wrap(`${word}: ${verdict}`, page.width, '  ').replace(word, page.mark(tone, word)),
    wrap(`Again: ${repeat}`, page.width, '  '),
  ].join('\n');
}

/** What is expected, a line each. */
function expectedRows({ expected }: GameDayReport): Rows {
  const { to, boundMs, predicted, unpredicted } = expected;
  return [
    ['moves to', to ?? 'no single site'],
    ...(predicted === null
      ? [['prediction', `none: ${unpredicted}`]]
      : [
          ['simulated', `${plural(predicted.seeds, 'time')}, it moved in ${predicted.movedCount}`],
          ['decided', spreadText(predicted.decidedMs)],
          ['good answers', spreadText(predicted.backMs)],
          ['loss', lossText(predicted.lossMs)],
        ]),
    ['bound', `${duration(boundMs)} from the fault to the first good answer`],
  ];
}

/** A prediction of a time, in words. */
function spreadText(spread: Spread | null): string {
  return spread === null ? 'never' : `after ${duration(spread.median)} (${duration(spread.worst)} at worst)`;
}

/** A loss of writes, in words. */
export function lossText(lossMs: number | null): string {
  return lossMs === null ? 'no data is promoted, or it is not known' : `the writes of the last ${duration(lossMs)}`;
}

/** Whether a service would move, in words. */
function movesText(moves: 'yes' | 'no' | 'unknown'): string {
  return { yes: 'it moves too', no: 'it does not move', unknown: 'nobody knows whether it moves' }[moves];
}

function stepLines({ expected, rehearsal }: GameDayReport, page: Page): readonly string[] {
  if (rehearsal !== null || expected.steps.length === 0) return [];
  const rows = expected.steps.map(({ name, resource, region }) => [name, resource, region ?? '-']);
  return ['Steps', columns([['step', 'of', 'region'], ...rows], '  ', page.width), ''];
}

const outcomeWords = { ready: 'ready', 'would-do': 'would do', fails: 'FAILS', watchers: '-' } as const;

function rehearsalLines({ rehearsal }: GameDayReport, page: Page): readonly string[] {
  if (rehearsal === null) return [];
  const { steps, standby, active } = rehearsal;
  const rows = steps.map(({ step, resource, region, outcome, detail }) => [
    step,
    region ?? '-',
    outcomeWords[outcome],
    `${resource}: ${detail}`,
  ]);
  const facts = active.map(({ what, before, after, isSame }) => {
    if (isSame === null) return `${what}: not known`;
    return isSame ? `${what}: unchanged (${before})` : `${what}: CHANGED from ${before} to ${after}`;
  });
  return [
    'Asked, and nothing written',
    columns([['step', 'region', 'answer', 'of'], ...rows], '  ', page.width),
    '',
    ...lines('Standby', [`${standby.site}: ${standby.outcome} (${standby.saw})`], '', page),
    ...lines('Active side, before and after', facts, 'nothing was read', page),
  ];
}

function faultLines({ fault }: GameDayReport, page: Page): readonly string[] {
  if (fault === null) return [];
  const { what, abortedBy, end, isOver, alarms } = fault;
  const rows = [
    ['what', what],
    ...(abortedBy === null ? [] : [['ABORTED', abortedBy]]),
    ['end', end ?? 'it never began'],
    ['over', isOver ? 'yes' : 'NO: look at it now'],
    ...alarms.map(({ name, worst }) => [`alarm ${name}`, worst]),
  ];
  return section('Fault', rows, page);
}

function seenRows({ seen, expected }: GameDayReport): Rows {
  if (seen === null) return [];
  const { to, decidedMs, recoveryMs, requests, lostRequests, unmeasured, lossMs } = seen;
  const time = (ms: number | null) => (ms === null ? 'never' : `after ${duration(ms)}`);
  return [
    ['moved to', to ?? 'nowhere'],
    ['decided', time(decidedMs)],
    ['good answers', unmeasured === null ? time(recoveryMs) : `not measured: ${unmeasured}`],
    ['bound', duration(expected.boundMs)],
    ...(requests === null ? [] : [['requests lost', `${lostRequests} of ${requests}`]]),
    ['loss', lossText(lossMs)],
  ];
}

function changeRows({ changes }: GameDayReport): Rows {
  return changes.map(({ what, before, after, isBack }) => [
    what,
    `${before} > ${after}${isBack === null ? '' : isBack ? ', as before' : ', NOT as before'}`,
  ]);
}

function section(title: string, rows: Rows, page: Page): readonly string[] {
  return rows.length === 0 ? [] : [title, columns(rows, '  ', page.width), ''];
}

function lines(title: string, texts: readonly string[], none: string, page: Page): readonly string[] {
  return [title, ...(texts.length === 0 ? [none] : texts).map((text) => wrap(`  ${text}`, page.width, '    ')), ''];
}
