import type { ServiceStatus } from '../../core/operator/status.ts';

/** What an operator can do about the state that a service is in; null when there is nothing to do. */
export function nextStep(name: string, service: ServiceStatus): string | null {
  switch (service.reason) {
    case 'healthy':
    case 'degraded':
    case 'operator':
    case 'warming-up':
      return null;
    case 'suspected':
      return 'wait: a quorum confirms the fault or it passes';
    case 'run-in-progress':
    case 'active-down':
    case 'failback-due':
    case 'site-down':
    case 'site-back':
    case 'turned-back':
    case 'group-failover':
    case 'group-planned':
    case 'group-waits':
      return service.pause === null ? `watch it with "failover status ${name}"` : resume(name);
    case 'paused':
      return resume(name);
    case 'blocked':
      return `"failover ack ${name}" ends the block period, if the last failover has been looked at`;
    case 'daily-limit':
    case 'manual-only':
      return `"failover plan ${name}", then "failover failover ${name}" moves by hand`;
    case 'no-eligible-site':
      return wayToEligible(name, service);
    case 'boot-grace':
      return 'wait: the site may still boot; afterwards it is judged as any other';
    case 'shared-dependency':
      return 'repair the dependency; a move would lead to a site that fails of the same';
    case 'all-down':
    case 'fail-open':
      return 'repair any one site; traffic follows by itself';
    case 'over-capacity':
      return 'add capacity to the sites that serve, or drop load; the rest of the traffic follows as it fits';
    case 'quorum-unreachable':
      return 'lower detection.quorum to the number of control regions or less';
    case 'no-quorum':
    case 'no-majority':
      return `"failover quorum ${name}" says what is missing`;
    case 'configurations-differ':
      return 'deploy the same configuration in every control region; what agrees goes on meanwhile';
    case 'unknown-site':
      return `deploy a configuration that has the site, or one with renamedFrom; to leave it: "failover failover ${name} --force"`;
    case 'unborn':
      return 'start the watchers; the first that reaches every table creates the register';
  }
}

function resume(name: string): string {
  return `"failover resume ${name}" allows automatic moves again`;
}

/** Only what the nearest candidate lacks is worth advice. */
function wayToEligible(name: string, service: ServiceStatus): string {
  const standbys = Object.entries(service.sites).filter(([site]) => site !== service.active);
  const hasOnly = (reasons: readonly string[]) =>
    standbys.find(([, { ineligible }]) => ineligible.every((why) => reasons.includes(why)));
  const resting = hasOnly(['in-maintenance']);
  if (resting) return `"failover maintenance off ${name} ${resting[0]}" makes ${resting[0]} eligible`;
  if (hasOnly(['lag-over-limit', 'lag-unknown'])) {
    return `wait for replication, or accept the loss with "failover failover ${name} --force --allow-data-loss"`;
  }
  if (hasOnly(['lost-in-last-failover'])) return `"failover failover ${name} --force" takes the site that was lost`;
  return 'repair a standby; it is taken as soon as it is eligible';
}
