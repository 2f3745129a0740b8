import { type Advice, advice, adviceByReason, adviceLine, adviceOnSite, adviceOnStandby } from '../alerting/advice.ts';
import type { Reason } from '../decision/decision-input.ts';
import type { Ineligibility } from '../decision/eligibility.ts';
import type { ServiceStatus } from './status.ts';

/** What an operator can do about the state that a service is in; null when there is nothing to do. */
export function nextStep(name: string, service: ServiceStatus): string | null {
  const given = adviceByReason[service.reason];
  if (given === null && service.dns?.state === 'differs') return adviceLine(advice.askDoctor, { service: name });
  // While a service is paused, whatever else is under way goes on by itself.
  if (given === advice.watch && service.pause !== null) return adviceLine(advice.resume, { service: name });
  if (service.named !== null) return adviceLine(advice.foundAt, { service: name, site: service.named });
  if (service.reason === 'no-eligible-site') return stepToEligible(name, service);
  if (service.reason === 'group-apart') return stepToReunion(name, service);
  if (service.reason === 'writer-elsewhere') return stepToWriter(name, service);
  if (given !== null) return adviceLine(given, { service: name });
  if (service.away !== null && service.reason === 'healthy')
    return adviceLine(advice.comeBack, { service: name, site: service.away.home });
  switch (service.protection.level) {
    case 'unprotected':
      return stepToProtection(name, service);
    case 'cannot-see':
      return adviceLine(advice.askQuorum, { service: name });
    case 'protected':
    case 'moving':
    case 'stuck':
      return null;
  }
}

/** What brings clients to where the data is written. One that follows goes there with the first member. */
function stepToWriter(name: string, { stuck, writer }: ServiceStatus): string {
  const command = stuck?.commands[0] ?? advice.followWriter.command;
  return adviceLine({ ...advice.followWriter, command }, { service: name, site: writer ?? 'SITE' });
}

/** What brings a group together: the step of the member that failed, or a move of the first member to the others. */
function stepToReunion(name: string, { stuck, active }: ServiceStatus): string {
  const command = stuck?.commands.find((line) => line.startsWith('cdk-failover switchover'));
  const isTried = command === undefined || stuck?.commands[0] !== command;
  return isTried
    ? adviceLine(advice.goOn, { service: name })
    : adviceLine({ ...advice.reunite, command }, { service: name, site: active ?? 'SITE' });
}

/** Reasons for which a person moves the service when its site fails. */
const byHand: readonly Reason[] = ['manual-only', 'frozen', 'daily-limit', 'approval-waits'];

/** What makes a service protected again whose site serves well now. */
function stepToProtection(name: string, service: ServiceStatus): string {
  const { reason } = service.protection;
  if (reason === undefined || byHand.includes(reason)) return adviceLine(advice.moveWhenNeeded, { service: name });
  if (reason !== 'no-eligible-site') return adviceLine(lastingAdvice(reason), { service: name });
  const standbys = Object.entries(service.sites).filter(([site]) => site !== service.active);
  // The nearest candidate is the one that lacks least.
  const [nearest] = standbys.toSorted(([, a], [, b]) => a.ineligible.length - b.ineligible.length);
  const given = nearest === undefined ? null : adviceOnStandby(nearest[1].ineligible);
  if (nearest === undefined || given === null) return adviceLine(advice.repairStandby, { service: name });
  return adviceLine(given, { service: name, site: nearest[0] });
}

/** The advice on what would forbid a move. Nothing is under way yet that could be watched. */
function lastingAdvice(reason: Reason): Advice {
  const given = adviceByReason[reason];
  return given === null || given === advice.watch ? advice.repairStandby : given;
}

/** Reasons that a person can set aside with one command. */
const liftable: readonly (readonly Ineligibility[])[] = [
  ['in-maintenance'],
  ['lag-over-limit', 'lag-unknown', 'takes-writes'],
  ['lost-in-last-failover'],
];

/** Only what the nearest candidate lacks is worth advice. */
function stepToEligible(name: string, service: ServiceStatus): string {
  const standbys = Object.entries(service.sites).filter(([site]) => site !== service.active);
  for (const reasons of liftable) {
    const found = standbys.find(([, { ineligible }]) => ineligible.every((why) => reasons.includes(why)));
    const given = found ? adviceOnSite(found[1].ineligible, found[1].verdict) : null;
    if (found && given) return adviceLine(given, { service: name, site: found[0] });
  }
  return adviceLine(advice.repairStandby, { service: name });
}
