import { recoveryBound } from '../../core/timing.ts';
import { eachService, type LintRule, siteRegionsOf } from './finding.ts';

/** Longest TTL that is never found fault with, in seconds: what an alias has, and nobody can change. Source: Route 53 FAQ. */
const ttlSecondsFree = 60;

const longTtl: LintRule = {
  name: 'long-ttl',
  about: `A TTL above ${ttlSecondsFree} s that is longer than all the rest of a move.`,
  reason: 'Clients that asked just before the fault then wait for their resolver longer than for everything else.',
  check: eachService((service, at) => {
    const { dns } = service.traffic;
    if (dns === undefined || dns.ttlSeconds <= ttlSecondsFree) return [];
    const restSeconds =
      recoveryBound({ ...service, traffic: { ...service.traffic, dns: { ...dns, ttlSeconds: 0 } } }).totalMs / 1_000;
    if (dns.ttlSeconds <= restSeconds) return [];
    const [region] = siteRegionsOf(service);
    return [
      {
        path: `${at}.traffic.dns.ttlSeconds`,
        what: `resolvers keep ${dns.record} for ${dns.ttlSeconds} s; the rest of a move takes at most ${Math.ceil(restSeconds)} s`,
        breaks: `when ${region} is lost, clients of ${service.name} are sent to it for up to ${dns.ttlSeconds} s after the move`,
        wayOut: `lower ttlSeconds to ${ttlSecondsFree} or less`,
      },
    ];
  }),
};

const nobodyTold: LintRule = {
  name: 'nobody-told',
  about: 'A deployment without an e-mail address in `notify.emails`.',
  reason: 'A move that nobody hears of leaves nobody to mend what was left, and the next fault finds no standby.',
  check: ({ notify }) =>
    notify.emails.length > 0
      ? []
      : [
          {
            path: 'notify.emails',
            what: 'nobody is told',
            breaks:
              'when any region is lost, traffic moves and nobody hears of it; the block period then waits for nobody',
            wayOut: 'add an address, or accept this by name when something else subscribes to the topic or the events',
          },
        ],
};

/** Findings about who learns of a move, and how late. */
export const noticeLintRules: readonly LintRule[] = [longTtl, nobodyTold];
