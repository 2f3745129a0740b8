import { tableCallMs } from '../../core/timing.ts';
import { longestProbeMs, shortestLeaseMs, tableCallsOfLease } from '../lease.ts';
import { breach, type ServiceRule } from './rule.ts';

/**
 * Part of a tick that is reserved for everything but the probes, in milliseconds: reading the other tables takes about
 * 100 ms.
 */
const tickMarginMs = 100;
/** Number of ticks for which an opinion must count, so that one write may be late. */
const opinionTicksMin = 2;

const quorumWithinWatchers: ServiceRule = {
  about: 'The quorum is not above the number of control regions: otherwise no site could ever be called down.',
  check: ({ detection }, path, { controlRegions }) =>
    detection.quorum <= controlRegions.length
      ? []
      : [
          breach(
            [...path, 'detection', 'quorum'],
            String(detection.quorum),
            `1 to ${controlRegions.length} (the number of control regions)`,
            'lower it or add control regions',
          ),
        ],
};

const probesWithinTick: ServiceRule = {
  about: `The deadline of a probe ends inside its tick, with ${tickMarginMs} ms to spare.`,
  check: ({ sites, detection }, path) => {
    const limitMs = detection.intervalMs - tickMarginMs;
    return Object.entries(sites).flatMap(([site, { probes }]) =>
      probes.flatMap((probe, index) =>
        probe.timeoutMs <= limitMs
          ? []
          : [
              breach(
                [...path, 'sites', site, 'probes', index, 'timeoutMs'],
                `${probe.timeoutMs} ms`,
                `at most ${limitMs} ms, so that the probe ends inside its tick of ${detection.intervalMs} ms`,
                'shorten it or lengthen detection.intervalMs',
              ),
            ],
      ),
    );
  },
};

const suspicionWithinTick: ServiceRule = {
  about: 'A suspected site is probed at least as often as at the ticks, which go on during a suspicion.',
  check: ({ detection }, path) =>
    detection.suspectIntervalMs <= detection.intervalMs
      ? []
      : [
          breach(
            [...path, 'detection', 'suspectIntervalMs'],
            `${detection.suspectIntervalMs} ms`,
            `at most ${detection.intervalMs} ms, the tick`,
            'shorten it, or make it equal to detection.intervalMs for no probes between ticks',
          ),
        ],
};

const opinionsOutlastTicks: ServiceRule = {
  about: 'An opinion counts for two ticks or more: otherwise an opinion that comes a little late would be ignored.',
  check: ({ detection }, path) => {
    const leastMs = opinionTicksMin * detection.intervalMs;
    return detection.opinionTtlMs >= leastMs
      ? []
      : [
          breach(
            [...path, 'detection', 'opinionTtlMs'],
            `${detection.opinionTtlMs} ms`,
            `at least ${leastMs} ms, ${opinionTicksMin} ticks of ${detection.intervalMs} ms`,
            'lengthen it or shorten detection.intervalMs',
          ),
        ];
  },
};

/**
 * The lease protects clients from two active sites. A region that has had no contact with a majority for `leaseMs` cuts
 * its active site off, and no other site is promoted before that must have happened. The lease must not end because a
 * table is only slow, so it is longer than the worst ordinary tick:
 *
 *     leaseMs >= opinionTtlMs + longest probe deadline + 2 * tableCallMs
 *
 * The terms are: the time for which a watcher may be unheard and still counts, the probes of the tick that ends this
 * time, and one call to a state table with its retry. The time to cut the site off after that is no part of the lease;
 * `leaseWaitMs` of core/timing.ts adds it for the watchers that wait.
 */
const leaseOutlastsTicks: ServiceRule = {
  about:
    'The lease is at least as long as the time for which opinions count, the longest probe and two calls to a state table together. Otherwise a short slowdown would fence a healthy site.',
  check: ({ sites, detection, failover }, path) => {
    const leastMs = shortestLeaseMs({ sites, detection });
    const [probeMs, tableMs] = [longestProbeMs(sites), tableCallsOfLease * tableCallMs];
    return failover.leaseMs >= leastMs
      ? []
      : [
          breach(
            [...path, 'failover', 'leaseMs'],
            `${failover.leaseMs} ms`,
            `at least ${leastMs} ms: opinion time ${detection.opinionTtlMs} + longest probe ${probeMs} + ${tableCallsOfLease} table calls ${tableMs}`,
            'lengthen the lease or shorten the tick',
          ),
        ];
  },
};

/** Rules about durations and counts that hold only together. */
export const timingRules: readonly ServiceRule[] = [
  quorumWithinWatchers,
  probesWithinTick,
  suspicionWithinTick,
  opinionsOutlastTicks,
  leaseOutlastsTicks,
];
