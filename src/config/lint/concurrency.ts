import { concurrencyNeed } from '../plan/concurrency.ts';
import { watcherProcessors } from '../plan/functions.ts';
import type { LintRule } from './finding.ts';

/**
 * Most concurrent executions that an account may reserve in a region before it has asked for more. Source: Lambda
 * Developer Guide, "Lambda quotas" (1,000) and "Configuring reserved concurrency" (100 stay unreserved).
 */
const reservedMax = 900;
/** Part of one processor that a watcher may be busy with at rest. What is left is for the hour when all sites fail. */
const busyMax = 0.75;

const concurrencyReserved: LintRule = {
  name: 'concurrency-reserved',
  about: 'The functions of a control region reserve more concurrent executions than an account has by default.',
  reason: `An account has 1,000 in a region, and Lambda keeps 100 of them unreserved: the deployment then fails.`,
  check: (deployment) => {
    const most = concurrencyNeed(deployment);
    if (most.reserved <= reservedMax) return [];
    return [
      {
        path: 'services',
        what: `the functions in ${most.region} reserve ${most.reserved} concurrent executions, and an account may reserve ${reservedMax}`,
        breaks: 'an account that has not asked for a higher quota refuses the stack, and its deployment rolls back',
        hint: 'ask for "Concurrent executions" in each control region and accept this, or split the services over two deployments',
      },
    ];
  },
};

const watcherOverloaded: LintRule = {
  name: 'watcher-overloaded',
  about: 'The probes of all services keep a watcher busy for more time than it has.',
  reason: 'A watcher is one process on one processor; one that lags calls sites unknown, and is late when they fail.',
  check: (deployment) => {
    const busy = watcherProcessors(deployment);
    if (busy <= busyMax) return [];
    return [
      {
        path: 'services',
        what: `the probes of all services keep a watcher busy ${Math.round(busy * 100)} % of the time`,
        breaks: 'its ticks are late, and its opinions grow old before the others have read them',
        hint: `split the services over ${Math.ceil(busy / busyMax)} deployments, each with a name of its own, or set a longer detection.intervalMs`,
      },
    ];
  },
};

/** Findings about what the functions of a region need. */
export const concurrencyLintRules: readonly LintRule[] = [concurrencyReserved, watcherOverloaded];
