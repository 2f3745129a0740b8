import { noRegister } from '../../core/operator/table-survey.ts';
import type { VoterStep } from '../../core/operator/voters-status.ts';
import type { Step } from '../../core/register/run.ts';
import { columns, duration, type Page, plainPage, wrapAll } from './layout.ts';

/** What `cdk-failover plan --json` prints. */
export type PlanJson = { readonly voters?: readonly VoterStep[] } & (
  | {
      readonly current: string;
      readonly desired: string;
      readonly epoch: number;
      readonly steps: readonly Pick<Step, 'name' | 'resource' | 'region' | 'after'>[];
      /** The longest that an automatic failover may take from fault to the first good answer. */
      readonly boundMs: number;
    }
  | { readonly current: string; readonly desired: null; readonly why: string }
  | { readonly error: string }
);

/** The move that would be made, its steps in order, and what a deployment would change of who votes. */
export function showPlan(service: string, json: PlanJson, page: Page = plainPage): string {
  const changes = (json.voters ?? []).map((step) => `  ${step.region} ${step.change}: ${step.voters.join(', ')} vote`);
  const move = showMove(service, json, page);
  if (changes.length === 0) return move;
  const head = '  who votes is changed once most voters run with this configuration, one region at a time:';
  return [move, '', head, ...changes].join('\n');
}

function showMove(service: string, json: PlanJson, page: Page): string {
  if ('error' in json) {
    const why = json.error === 'unborn' ? noRegister : 'no majority of state tables answers; nothing can be planned';
    return `${service}: ${why}`;
  }
  if (json.desired === null) return `${service}: ${json.current} stays active, no site is eligible (${json.why})`;
  if (json.desired === json.current) return `${service}: ${json.current} is active already; there is nothing to do`;
  const planned = json.steps.map((step) => step.name);
  const rows = json.steps.map((step, index) => {
    const after = step.after.filter((name) => planned.includes(name));
    return [`${index + 1}`, step.name, step.resource, step.region ?? '-', after.join(', ') || '-'];
  });
  const text = [
    `${service}: ${json.current} > ${json.desired}, epoch ${json.epoch}; nothing was written`,
    '',
    columns([['', 'step', 'of', 'region', 'after'], ...rows], '  ', page.width),
    '',
    `  an automatic failover takes ${duration(json.boundMs)} at most, from the fault to the first good answer`,
  ].join('\n');
  return wrapAll(text, page.width);
}
