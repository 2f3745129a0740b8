/** Queries of CloudWatch Logs Insights over a watcher's log; they cost by what they read, and nothing while nobody looks. */

const pulses = "filter failover.kind = 'pulse'";

/** Who is active: the newest of what this region's watcher knows of each service. */
export const whoIsActive: readonly string[] = [
  'fields failover.service as service',
  pulses,
  'stats latest(failover.data.active) as active, latest(failover.data.epoch) as epoch, latest(message) as said, ' +
    'latest(@timestamp) as at by service',
  'sort service asc',
];

/** Who is healthy, seen from one region: its watcher's newest opinion of each site. */
export const whoIsHealthy: readonly string[] = [
  'fields failover.service as service, failover.site as site',
  "filter failover.kind = 'opinion-changed'",
  'stats latest(failover.data.opinion) as opinion, latest(failover.data.reason) as reason, latest(@timestamp) as at ' +
    'by service, site',
  'sort service asc, site asc',
];

/** What happened last, without what happens all the time. */
export const whatHappened: readonly string[] = [
  'fields @timestamp as at, failover.kind as kind, failover.service as service, failover.site as site, message as said',
  "filter ispresent(failover.kind) and failover.kind not in ['pulse', 'watcher-started', 'watcher-superseded']",
  'sort @timestamp desc',
  'limit 50',
];
