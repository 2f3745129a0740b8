import { type ExplainedRun, nothingKept } from '../../core/operator/answers.ts';
import type { Explanation } from '../../core/operator/explaining/explanation.ts';
import type { PastRun } from '../../core/operator/explaining/past-run.ts';
import { noRegister } from '../../core/operator/table-survey.ts';
import type { HistoryEntry } from '../../core/register/register.ts';
import { columns, duration, instant, type Page, plainPage, type Rows, wrap } from './layout.ts';

/** What `cdk-failover explain --json` prints: null where nobody knows, `no-run` where nothing has moved yet. */
export interface ExplanationJson {
  readonly services: Readonly<Record<string, ExplainedRun | 'unborn' | null>>;
}

/** One block a service: why its run was begun, by what, what happened when, how each step ended, what is not known. */
export function showExplanation({ services }: ExplanationJson, page: Page = plainPage): string {
  return Object.entries(services)
    .map(([name, explanation]) => showService(name, explanation, page))
    .join('\n\n');
}

function showService(name: string, explanation: ExplanationJson['services'][string], page: Page): string {
  if (explanation === null || explanation === undefined)
    return `${name}: no majority of state tables answers; "cdk-failover quorum ${name}" says why`;
  if (explanation === 'unborn') return `${name}: ${noRegister}`;
  if (explanation === 'no-run') return `${name}: nothing has moved since the register was created`;
  switch (explanation.kept) {
    case 'nothing':
      return wrap(`${name}: ${nothingKept(explanation)}`, page.width, '  ');
    case 'history':
      return showPast(name, explanation, page);
    case 'journal':
      return showRun(name, explanation, page);
  }
}

function showRun(name: string, explanation: Explanation, page: Page): string {
  const { epoch, from, to, state, why, phases, steps, refused, unknown, notes } = explanation;
  const [first] = phases;
  const times = phases.map(({ sinceStartMs, message }) => [`+${duration(sinceStartMs)}`, message]);
  const rows = steps.map(({ name: step, resource, state: how, tookMs, detail }) => [
    step,
    resource,
    how,
    tookMs === null ? '-' : duration(tookMs),
    detail,
  ]);
  return [
    `${name}: ${from} > ${to}, epoch ${epoch}, ${state}`,
    wrap(`  because ${why}`, page.width, '    '),
    ...groundLines(explanation, page),
    ...(first === undefined ? [] : [`  from ${instant(first.atMs)} on:`]),
    columns(times, '    ', page.width),
    '  steps:',
    columns([['step', 'of', 'state', 'took', 'detail'], ...rows], '    ', page.width),
    ...notes.map((note) => wrap(`  ${note}`, page.width, '    ')),
    ...section('refused', refused, page),
    ...section('not known', unknown, page),
  ].join('\n');
}

function groundLines({ grounds, from, to }: Explanation, page: Page): readonly string[] {
  if (grounds === null) return [];
  const watchers = [...new Set(Object.values(grounds.opinions).flatMap((said) => Object.keys(said)))].sort();
  const rows: Rows = Object.entries(grounds.verdicts).map(([site, verdict]) => [
    site,
    verdict,
    ...watchers.map((watcher) => grounds.opinions[site]?.[watcher] ?? '-'),
    site === from ? 'was left' : site === to ? 'was chosen' : (grounds.refused[site]?.join(', ') ?? 'was not chosen'),
  ]);
  return ['  held then:', columns([['site', 'verdict', ...watchers, ''], ...rows], '    ', page.width)];
}

function section(title: string, lines: readonly string[], page: Page): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => wrap(`    ${line}`, page.width, '      '))];
}

function showPast(name: string, { epoch, begun, later, next, unknown }: PastRun, page: Page): string {
  const rows = (lines: readonly HistoryEntry[]) => lines.map(({ atMs, by, what }) => [instant(atMs), by, what]);
  return [
    `${name}: epoch ${epoch}, which is not the newest; from the history:`,
    columns(rows([...(begun === null ? [] : [begun]), ...later]), '    ', page.width),
    ...(next === null ? [] : ['  until', columns(rows([next]), '    ', page.width)]),
    ...section('not known', unknown, page),
  ].join('\n');
}
