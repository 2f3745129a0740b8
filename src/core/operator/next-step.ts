import { advice, adviceByReason, adviceLine, adviceOnSite } from '../alerting/advice.ts';
import type { Ineligibility } from '../decision/eligibility.ts';
import type { ServiceStatus } from './status.ts';

/** What an operator can do about the state that a service is in; null when there is nothing to do. */
export function nextStep(name: string, service: ServiceStatus): string | null {
  const given = adviceByReason[service.reason];
  if (given === null && service.dns?.state === 'differs') return adviceLine(advice.askDoctor, { service: name });
  // While a service is paused, whatever else is under way goes on by itself.
  if (given === advice.watch && service.pause !== null) return adviceLine(advice.resume, { service: name });
  if (service.reason === 'no-eligible-site') return stepToEligible(name, service);
  return given === null ? null : adviceLine(given, { service: name });
}

/** Reasons that a person can set aside with one command. */
const liftable: readonly (readonly Ineligibility[])[] = [
  ['in-maintenance'],
  ['lag-over-limit', 'lag-unknown'],
  ['lost-in-last-failover'],
];

/** Only what the nearest candidate lacks is worth advice. */
function stepToEligible(name: string, service: ServiceStatus): string {
  const standbys = Object.entries(service.sites).filter(([site]) => site !== service.active);
  for (const reasons of liftable) {
    const found = standbys.find(([, { ineligible }]) => ineligible.every((why) => reasons.includes(why)));
    const given = found ? adviceOnSite(found[1].ineligible) : null;
    if (found && given) return adviceLine(given, { service: name, site: found[0] });
  }
  return adviceLine(advice.repairStandby, { service: name });
}
