/** The assumptions behind the price of a deployment, for people who read it. */
export const assumptions: readonly string[] = [
  'A month has 730 hours and no failover happens; a failover adds cents. Tax, support and discounts are left out.',
  'All regions at the prices of us-east-1; others differ by some percent.',
  'Watchers overlap: each warms up beside its predecessor, and this time is paid for.',
  "Each oracle check is read by 16 of Route 53's checkers every 10 s. A function URL counts as an AWS endpoint; otherwise each check would cost $2.25 more. What stands before the oracles by `oracle.url` is not counted.",
  'A calculated check counts as a check of an AWS endpoint without options; the sources do not say so in words.',
  'Sites are counted as outside AWS; traffic of probes to sites in AWS costs less.',
  'Sites with data, sizes, target groups or measures are surveyed every 10 s, and each metric that is read is paid for; a replication group counts as two nodes.',
  'Alarms that sites are judged by are read every 10 s, those of a region in one call; each call is counted at the price of `GetMetricData`, since no source names another. Metrics that sites are judged by are read three times in each of their periods, and at most every 10 s.',
  'Requests to the API of a KeyValueStore of CloudFront, about nine thousand a month for each `traffic.edge`, are paid for, and not counted: no source names their price.',
  'The resources of standbys, load balancers, databases and your own functions are not counted: they are part of the service. Functions that probes and surveys invoke are counted by invocation; their time is not.',
  'The free tier that never ends is shared by the whole account: the second sum is right when nothing else uses it. The free tier of the first year is left out.',
  'Not counted: the hosted zone ($0.50) and its queries, which a service has anyway; costs of a VPC; traces; SNS and EventBridge, which cost cents even in a bad month; kilobytes of storage and backup; secrets of probes, which are read every five minutes, of webhooks and of telemetry; your collector; parameters of SSM, which are free.',
];
