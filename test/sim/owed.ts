/**
 * Scenarios in `scenarios-owed/` that fail, each with the mechanism that it waits for.
 *
 * The list can only shrink: a scenario that passes is moved below `scenarios/` and its line goes.
 */
export const owedScenarios: Readonly<Record<string, string>> = {
  'decisions/a09-follower-promotes-over-budget.yaml': 'a follower is held to its own budget',
  'decisions/a12-frozen-between-prepare-and-accept.yaml': 'a decision has an age',
  'decisions/a28-readiness.yaml': 'the budget is read again under the fence',
  'decisions/h02-third-site-never-tried.yaml': 'the next site after runAttemptsMax',
  'decisions/k01-failback-loop.yaml': 'failbacks have a count of their own, and start only when they can end',
  'decisions/l07-group-partial.yaml': 'a group in two places is put together',
  'decisions/r01-no-way-out-of-a-stuck-run.yaml': 'force supersedes a stuck run',
  'dns/e02-oracles-dark-after-move.yaml': 'DNS remembers',
  'fences/a01-fence-lifted-while-lost.yaml': 'owed fences: a fence stays while its site is lost',
  'fences/a03-dynamodb-outage-at-active.yaml': 'fence by run.from of the own region, without its table',
  'fences/a04-fence-api-fails.yaml': 'time is no proof while the region is heard',
  'fences/a05-cut-off-and-own-table-down.yaml': 'a self-fence needs no table',
  'fences/a05b-cut-off-own-table-throttled.yaml': 'a self-fence needs no table',
  'fences/a05h-control-cut-everything-aws.yaml': 'a region that hears the others and is not heard fences run.from',
  'fences/a05f-slow-self-fence.yaml': 'a self-fence is tried until it holds, before the others go on',
  'fences/a10-retry-promotes-without-fence.yaml': 'a retry fences again',
  'fences/a10b-retry-promotes-though-old-active-is-well.yaml': 'a retry is a new decision',
  'fences/a11-second-failover-forgets-the-first-fence.yaml': 'the register names the true writer',
  'fences/a25-records-mode-old-fenced-site-unfenced-early.yaml': 'owed fences: a fence stays while its site is lost',
  'fences/l08-checkers-see-zombie.yaml': 'time is no proof while the region is heard',
  'groups/follower-goes-where-nobody-calls-it-up.yaml': 'a follower has its own eligibility inside its change',
  'pools/readmitted-before-a-rise.yaml': 'pools settle: loads count once settled',
  'reports/no-capacity-ops.yaml': 'a stuck run, and force',
  'reports/oct-2025-no-capacity-shift.yaml': 'onStartFailure',
  'reports/oct-2025-no-capacity.yaml': 'onStartFailure',
  'time/a20-retry-timer-dies-with-the-watcher.yaml': 'the register names the true writer: active follows the data',
};
