/** What the price of a deployment takes for granted, for the reader of the sum. */
export const assumptions: readonly string[] = [
  'A month of 730 hours in which nothing happens: a failover adds cents. Without tax, support and discounts.',
  'All regions at the prices of us-east-1; others differ by some percent.',
  'Watchers overlap: each warms up beside its predecessor, and pays for it.',
  "Each oracle check is read by 16 of Route 53's checkers every 10 s. A function URL counts as an AWS endpoint; were it not, each check would be $2.25 dearer.",
  'A calculated check counts as a check of an AWS endpoint without options; the sources do not say so in words.',
  'Sites are counted as outside AWS: probes of sites in AWS leave for less.',
  'Sites with data, sizes, target groups or measures are surveyed every 10 s, and each metric that is read is paid for; a replication group counts as two nodes.',
  'What a standby runs on, load balancers, databases and functions of yours are not counted: they are part of the service.',
  'What is always free is shared by all of an account: the second sum holds where nothing else uses it up. What is free for the first year only is left out.',
  'Not counted: the hosted zone ($0.50) and its queries, which a service has without this; what runs in a VPC; traces; SNS and EventBridge, cents even in a bad month; kilobytes of storage and backup; parameters of SSM, which are free.',
];
