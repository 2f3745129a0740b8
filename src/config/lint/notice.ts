import type { NamedService } from '../../core/model/service.ts';
import type { DnsTraffic } from '../../core/model/traffic.ts';
import { recoveryBound } from '../../core/timing.ts';
import { eachService, type LintRule, siteRegionsOf } from './finding.ts';

/**
 * Longest TTL that is never found fault with, in seconds: what an alias has, and nobody can change. Source: Route 53
 * FAQ.
 */
const ttlSecondsFree = 60;

const longTtl: LintRule = {
  name: 'long-ttl',
  about: `A TTL above ${ttlSecondsFree} s that is longer than all the rest of a move.`,
  reason: 'Clients that asked just before the fault then wait for their resolver longer than for everything else.',
  check: eachService((service, at) => {
    const { dns } = service.traffic;
    if (dns === undefined || dns.ttlSeconds <= ttlSecondsFree) return [];
    const restSeconds = restOfMoveSeconds(service, dns);
    if (dns.ttlSeconds <= restSeconds) return [];
    const [region] = siteRegionsOf(service);
    return [
      {
        path: `${at}.traffic.dns.ttlSeconds`,
        what: `resolvers keep ${dns.record} for ${dns.ttlSeconds} s; the rest of a move takes at most ${Math.ceil(restSeconds)} s`,
        breaks: `when ${region} is lost, clients of ${service.name} are sent to it for up to ${dns.ttlSeconds} s after the move`,
        hint: `lower ttlSeconds to ${ttlSecondsFree} or less`,
      },
    ];
  }),
};

/**
 * Longest keep-alive that is never found fault with, in seconds: what a load balancer has by default. Source: ELB
 * guide.
 */
const keepAliveSecondsFree = 60;

const longKeepAlive: LintRule = {
  name: 'long-keep-alive',
  about: `A client keep-alive above ${keepAliveSecondsFree} s that is longer than all the rest of a move.`,
  reason: 'DNS moves new connections only: one that stays open goes on to the site that was left, healthy or not.',
  check: eachService((service, at) => {
    const { dns } = service.traffic;
    const keptSeconds = dns?.clientKeepAliveSeconds;
    if (dns === undefined || keptSeconds === undefined || keptSeconds <= keepAliveSecondsFree) return [];
    const restSeconds = restOfMoveSeconds(service, dns);
    if (keptSeconds <= restSeconds) return [];
    const [region] = siteRegionsOf(service);
    return [
      {
        path: `${at}.traffic.dns.clientKeepAliveSeconds`,
        what: `clients keep connections for ${keptSeconds} s; the rest of a move takes at most ${Math.ceil(restSeconds)} s`,
        breaks: `when ${region} is lost in part, connections to ${service.name} that are open there outlast the move by up to ${keptSeconds} s`,
        hint: `lower the idle timeout of clients and load balancers to ${keepAliveSecondsFree} s or less, and clientKeepAliveSeconds with it`,
      },
    ];
  }),
};

/** The longest that a move takes without what resolvers and clients remember, in seconds. */
function restOfMoveSeconds(service: NamedService, dns: DnsTraffic): number {
  const traffic = { ...service.traffic, dns: { ...dns, ttlSeconds: 0 } };
  return recoveryBound({ ...service, traffic }).totalMs / 1_000;
}

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
            hint: 'add an address, or accept this by name when something else subscribes to the topic or the events',
          },
        ],
};

/** Findings about who learns of a move, and how late. */
export const noticeLintRules: readonly LintRule[] = [longTtl, longKeepAlive, nobodyTold];
