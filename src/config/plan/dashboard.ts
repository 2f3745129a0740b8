/**
 * Queries of CloudWatch Logs Insights over a watcher's log; they cost by what they read, and nothing while nobody
 * looks.
 */

const pulses = "filter failover.kind = 'pulse' and ispresent(failover.service)";

/** Who is active: the newest of what a region's watcher knows of each service. A pulse comes once a minute. */
export const whoIsActive: readonly string[] = [
  'fields failover.service as service',
  pulses,
  'stats latest(failover.data.active) as active, latest(failover.data.epoch) as epoch, latest(failover.data.state) as state, ' +
    'latest(failover.data.reason) as reason, latest(@timestamp) as at by service',
  'sort service asc',
];

/** Who is healthy, seen from one region: what its watcher last said of each service and its sites. */
export const whoIsHealthy: readonly string[] = [
  'fields failover.service as service',
  pulses,
  'stats latest(message) as said, latest(@timestamp) as at by service',
  'sort service asc',
];

/** What happened last, without what happens all the time. */
export const whatHappened: readonly string[] = [
  'fields @timestamp as at, failover.kind as kind, failover.service as service, failover.site as site, message as said',
  "filter ispresent(failover.kind) and failover.kind not in ['pulse', 'watcher-started', 'watcher-superseded']",
  'sort @timestamp desc',
  'limit 50',
];
