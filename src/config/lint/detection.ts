import type { Detection } from '../../core/model/policy.ts';
import { eachService, type LintRule } from './finding.ts';

/**
 * Faults shorter than this are ordinary, in milliseconds: a restarted proxy, a full garbage collection, a lost packet
 * and its retry. Source: our own.
 */
const blipMs = 1_000;
/**
 * Requests a second from all watchers that a failing site should be able to bear. Source: our own; ten from each of
 * three watchers.
 */
const suspectedPerSecondMax = 30;

/** The shortest fault by which a site may come to be down, in milliseconds. */
function shortestFaultMs({ fallCount, suspectIntervalMs, minDownMs }: Detection): number {
  return Math.max(minDownMs, (fallCount - 1) * suspectIntervalMs);
}

const blipMovesTraffic: LintRule = {
  name: 'blip-moves-traffic',
  about: `Detection with which a fault of less than ${blipMs} ms may move traffic.`,
  reason:
    'A proxy that restarts or a process that pauses for a moment is no outage, and a move costs more than such a fault.',
  check: eachService(({ detection }, at) => {
    const shortestMs = shortestFaultMs(detection);
    if (shortestMs >= blipMs) return [];
    return [
      {
        path: `${at}.detection.minDownMs`,
        what: `a fault of ${shortestMs} ms may be enough for down`,
        breaks: 'a restart that clients hardly notice moves the service',
        hint: `set minDownMs to ${blipMs} or more, or accept the finding`,
      },
    ];
  }),
};

const suspicionOverloads: LintRule = {
  name: 'suspicion-overloads',
  about: `Probes of one suspected site by all watchers together that exceed ${suspectedPerSecondMax} a second.`,
  reason: 'A site that fails under too many requests must not get more requests because it fails.',
  check: eachService(({ detection, sites }, at, { controlRegions }) => {
    const { suspectIntervalMs, intervalMs } = detection;
    const probes = Math.max(...Object.values(sites).map((site) => site.probes.length));
    const perSecond = (controlRegions.length * probes * 1_000) / suspectIntervalMs;
    if (suspectIntervalMs >= intervalMs || perSecond <= suspectedPerSecondMax) return [];
    const leastMs = Math.ceil((controlRegions.length * probes * 1_000) / suspectedPerSecondMax);
    return [
      {
        path: `${at}.detection.suspectIntervalMs`,
        what: `${controlRegions.length} watchers probe a suspected site up to ${Math.round(perSecond)} times a second`,
        breaks: 'a site that is slow under load gets even more load',
        hint: `set suspectIntervalMs to ${Math.min(leastMs, intervalMs)} or more`,
      },
    ];
  }),
};

/** Findings about how a site comes to be down. */
export const detectionLintRules: readonly LintRule[] = [blipMovesTraffic, suspicionOverloads];
