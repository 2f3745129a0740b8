/**
 * Queries of CloudWatch Logs Insights over a watcher's log. They are paid by the data that they read, and cost nothing
 * while nobody opens the dashboard.
 */

const pulses = "filter failover.kind = 'pulse' and ispresent(failover.service)";

/**
 * The active site of some services, from the newest pulse of a region's watcher. A pulse comes once a minute.
 *
 * It is for services that have no metric of who serves. One for each site and region would cost $0.30 a month, and a
 * look at the logs of three hours far less than a cent. Source: Amazon CloudWatch, "Pricing".
 */
export const whoIsActive = (services: readonly string[]): readonly string[] => [
  'fields failover.service as service',
  `${pulses} and failover.service in [${services.map((service) => `'${service}'`).join(', ')}]`,
  'stats latest(failover.data.active) as active, latest(failover.data.epoch) as epoch, latest(failover.data.state) as state, ' +
    'latest(failover.data.reason) as reason, latest(@timestamp) as at by service',
  'sort service asc',
];

/** The health of each service and its sites, from the newest pulse of one region's watcher. */
export const whoIsHealthy: readonly string[] = [
  'fields failover.service as service',
  pulses,
  'stats latest(message) as said, latest(@timestamp) as at by service',
  'sort service asc',
];

/** Telemetry that a collector did not take, by region: what the notify function has logged. */
export const whatWasDropped: readonly string[] = [
  'fields @timestamp as at, message as said, failover.data.dropped as dropped',
  "filter failover.kind = 'telemetry-dropped'",
  'sort @timestamp desc',
  'limit 20',
];

/** The newest events, without those that occur all the time. */
export const whatHappened: readonly string[] = [
  'fields @timestamp as at, failover.kind as kind, failover.service as service, failover.site as site, message as said',
  "filter ispresent(failover.kind) and failover.kind not in ['pulse', 'watcher-started', 'watcher-superseded']",
  'sort @timestamp desc',
  'limit 50',
];

/** What the hourly checkup of a region has found last: what is not well, and when that was looked at. */
export const whatWasFound: readonly string[] = [
  'fields @timestamp as at, message as found, failover.data.todo as todo',
  "filter failover.kind in ['checkup', 'finding']",
  'sort @timestamp desc',
  'limit 30',
];
