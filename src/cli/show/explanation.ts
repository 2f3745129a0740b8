import type { Explanation } from '../../core/operator/explanation.ts';
import { noRegisterYet } from '../../core/operator/table-survey.ts';
import { columns, duration, instant, type Page, plainPage } from './layout.ts';

/** What `cdk-failover explain --json` prints: null where nobody knows, `no-run` where nothing has moved yet. */
export interface ExplanationJson {
  readonly services: Readonly<Record<string, Explanation | 'unborn' | 'no-run' | null>>;
}

/** One block a service: why its newest run was begun, what happened when, and how each step ended. */
export function showExplanation({ services }: ExplanationJson, page: Page = plainPage): string {
  return Object.entries(services)
    .map(([name, explanation]) => showService(name, explanation, page))
    .join('\n\n');
}

function showService(name: string, explanation: ExplanationJson['services'][string], page: Page): string {
  if (explanation === null)
    return `${name}: no majority of state tables answers; "cdk-failover quorum ${name}" says why`;
  if (explanation === 'unborn') return `${name}: ${noRegisterYet}`;
  if (explanation === 'no-run') return `${name}: nothing has moved since the register was created`;
  const { epoch, from, to, state, why, phases, steps, notes } = explanation;
  const [first] = phases;
  const times = phases.map(({ sinceStartMs, message }) => [`+${duration(sinceStartMs)}`, message]);
  const rows = steps.map((step) => [step.name, step.resource, step.state, step.detail]);
  return [
    `${name}: ${from} > ${to}, epoch ${epoch}, ${state}`,
    `  because ${why}`,
    ...(first === undefined ? [] : [`  from ${instant(first.atMs)} on:`]),
    columns(times, '    ', page.width),
    '  steps:',
    columns(rows, '    ', page.width),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
