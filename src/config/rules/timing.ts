import type { Service } from '../../core/model/service.ts';
import { tableCallMs } from '../../core/timing.ts';
import { breach, type ServiceRule } from './rule.ts';

/** Part of a tick that is left for everything but the probes: reading the other tables takes about 100 ms. */
const tickMarginMs = 100;
/** Ticks that an opinion must outlast: one may be late, as each comes one tick after the last. */
const opinionTicksMin = 2;
/** A call to a state table and one retry of it. */
const tableCallsOfLease = 2;

const quorumWithinWatchers: ServiceRule = {
  about: 'The quorum is not above the number of control regions: nobody could ever be condemned.',
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
  about: 'A suspected site is probed no more seldom than by the ticks, which go on meanwhile.',
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
  about: 'An opinion counts for two ticks or more: otherwise one that is a little late is no opinion.',
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
 * The lease protects clients from two active sites: a region that has had no contact with a majority for `leaseMs` cuts
 * its active site off, and nobody promotes another before that must have happened. It is not to fire when a table is
 * merely slow, so it outlasts the worst ordinary tick:
 *
 *     leaseMs >= opinionTtlMs + longest probe deadline + 2 * tableCallMs
 *
 * that is, the ticks for which a watcher may be unheard and still counts, the probes of the tick that ends them, and
 * one call to a state table with its retry. What cutting off takes after that is no part of the lease: `leaseWaitMs` of
 * core/timing.ts adds it for those who wait.
 */
const leaseOutlastsTicks: ServiceRule = {
  about:
    'The lease is not shorter than the time for which opinions count, the longest probe and two calls to a state table together: a passing slowness would fence a healthy site.',
  check: ({ sites, detection, failover }, path) => {
    const probeMs = longestProbeMs(sites);
    const tableMs = tableCallsOfLease * tableCallMs;
    const leastMs = detection.opinionTtlMs + probeMs + tableMs;
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

function longestProbeMs(sites: Service['sites']): number {
  return Math.max(0, ...Object.values(sites).flatMap(({ probes }) => probes.map(({ timeoutMs }) => timeoutMs)));
}

/** Rules about durations and counts that hold only together. */
export const timingRules: readonly ServiceRule[] = [
  quorumWithinWatchers,
  probesWithinTick,
  suspicionWithinTick,
  opinionsOutlastTicks,
  leaseOutlastsTicks,
];
