import { fillIn } from '../alerting/advice.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { type StepName, unfinishedSteps } from '../register/run.ts';

/** What a person needs to know of a service that is stuck. */
export interface StuckStatus {
  /** What is not done, a line each. */
  readonly notSo: readonly string[];
  /** Sites that clients are sent to now. */
  readonly clients: readonly string[];
  /** Commands that can help. */
  readonly commands: readonly string[];
}

/** Steps that a person may skip so that clients are moved. */
const skippable: readonly StepName[] = ['fence', 'promote', 'start'];

/**
 * Says what is not done, where clients are, and which commands can help, for a service whose move is not complete.
 *
 * @param detail - why it is stuck, where no step of a move is to blame
 */
export function stuckStatusOf(
  service: NamedService,
  register: Register,
  { verdicts }: Pick<SiteKnowledge, 'verdicts'>,
  detail: string,
): StuckStatus {
  const { run, epoch, setbacks, serving, active } = register;
  const undone = run?.epoch === epoch && !hasOpenRun(register) ? unfinishedSteps(run) : [];
  const notSo = [
    ...undone.map((step) => `${step.name} of ${step.resource}: ${step.detail}`),
    ...setbacks.map(
      ({ site, step, detail: said, count }) => `${site} is not active: ${step}: ${said} (tries: ${count})`,
    ),
  ];
  const failing: readonly StepName[] = [...undone.map(({ name }) => name), ...setbacks.map(({ step }) => step)];
  const tried = [active, ...setbacks.map(({ site }) => site)];
  const others = Object.keys(service.sites).filter((site) => !tried.includes(site) && verdicts[site] !== 'down');
  const isAlone = service.mode === 'active-passive';
  const skips = skippable.filter((step) => failing.includes(step) && hasFailed(register, step));
  const lines = [
    ...(notSo.length > 0 ? ['cdk-failover continue {service}'] : []),
    ...skips.map((step) => `cdk-failover skip {service} ${step}${step === 'fence' ? ' --allow-two-writers' : ''}`),
    ...(isAlone ? others.map((site) => `cdk-failover failover {service} --force --to ${site}`) : []),
  ];
  return {
    notSo: notSo.length > 0 ? notSo : [detail],
    clients: serving,
    commands: lines.map((line) => fillIn(line, { service: service.name })),
  };
}

/** Whether a step has truly failed. A step that was done in part continues by itself and need not be skipped. */
function hasFailed({ run, setbacks }: Register, name: StepName): boolean {
  const isFailed = run?.steps.some((step) => step.name === name && step.state === 'failed') ?? false;
  return isFailed || setbacks.some(({ step }) => step === name);
}
