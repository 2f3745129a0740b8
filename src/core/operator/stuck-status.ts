import { fillIn } from '../alerting/advice.ts';
import { writerElsewhere } from '../decision/writer/outside-writer.ts';
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

/** The member of a group that another one follows. */
export interface Leader {
  readonly name: string;
  /** The site where it is active; null while its register cannot be read. */
  readonly active: string | null;
}

/** Steps that a person may skip so that clients are moved. */
const skippable: readonly StepName[] = ['fence', 'promote', 'start'];

/**
 * Says what is not done, where clients are, and which commands can help, for a service whose move is not complete.
 *
 * @param detail - why it is stuck, where no step of a move is to blame
 * @param leader - the member of its group that it follows, and where that one is active; null when it follows nobody
 */
export function stuckStatusOf(
  service: NamedService,
  register: Register,
  { verdicts }: Pick<SiteKnowledge, 'verdicts'>,
  detail: string,
  leader: Leader | null,
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
  const tried = [active, leader?.active, ...setbacks.map(({ site }) => site)];
  const others = Object.keys(service.sites).filter((site) => !tried.includes(site) && verdicts[site] !== 'down');
  const isAlone = service.mode === 'active-passive';
  const skips = skippable.filter((step) => failing.includes(step) && hasFailed(register, step));
  const elsewhere = writerElsewhere(service, register);
  const lines = [
    ...(elsewhere === null ? [] : [`cdk-failover switchover ${leader?.name ?? '{service}'} --to ${elsewhere}`]),
    ...(notSo.length > 0 ? ['cdk-failover continue {service}'] : []),
    ...skips.map((step) => `cdk-failover skip {service} ${step}${step === 'fence' ? ' --allow-two-writers' : ''}`),
    ...(leader !== null && leader.active !== active ? [`cdk-failover switchover ${leader.name} --to ${active}`] : []),
    // One that follows goes nowhere by itself; the first member takes all along.
    ...(isAlone && elsewhere === null
      ? others.map((site) => `cdk-failover failover ${leader?.name ?? '{service}'} --force --to ${site}`)
      : []),
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
