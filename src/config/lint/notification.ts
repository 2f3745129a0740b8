import type { NamedService } from '../../core/model/service.ts';
import { recoveryBound } from '../../core/timing.ts';
import { regionOfArn } from '../schema/aws-id.ts';
import { isLoopback } from './endpoint.ts';
import { eachService, type LintRule, listed, siteRegionsOf } from './finding.ts';

/**
 * Longest TTL that never causes a finding, in seconds: that of an alias, which cannot be changed. Source: Route 53 FAQ.
 */
const ttlSecondsFree = 60;

const longTtl: LintRule = {
  name: 'long-ttl',
  about: `A TTL is above ${ttlSecondsFree} s and longer than the rest of a move.`,
  reason:
    'Clients that resolved the name just before the fault then wait longer for their resolver than for the rest of the move.',
  check: eachService((service, at) => {
    const { dns, controls } = service.traffic;
    const [region] = siteRegionsOf(service);
    const cached = [
      ...(dns === undefined ? [] : [{ key: 'dns', names: dns.record, ttlSeconds: dns.ttlSeconds }]),
      ...(controls === undefined
        ? []
        : [{ key: 'controls', names: 'the records of its routing controls', ttlSeconds: controls.ttlSeconds }]),
    ];
    const restSeconds = restOfMoveSeconds(service);
    return cached
      .filter(({ ttlSeconds }) => ttlSeconds > Math.max(ttlSecondsFree, restSeconds))
      .map(({ key, names, ttlSeconds }) => ({
        path: `${at}.traffic.${key}.ttlSeconds`,
        what: `resolvers keep ${names} for ${ttlSeconds} s; the rest of a move takes at most ${Math.ceil(restSeconds)} s`,
        breaks: `when ${region} is lost, clients of ${service.name} are sent to it for up to ${ttlSeconds} s after the move`,
        hint: `lower ttlSeconds to ${ttlSecondsFree} or less`,
      }));
  }),
};

/** Longest keep-alive that never causes a finding, in seconds: the default of a load balancer. Source: ELB guide. */
const keepAliveSecondsFree = 60;

const longKeepAlive: LintRule = {
  name: 'long-keep-alive',
  about: `A client keep-alive is above ${keepAliveSecondsFree} s and longer than the rest of a move.`,
  reason: 'DNS moves new connections only: a connection that stays open still leads to the old site, healthy or not.',
  check: eachService((service, at) => {
    const { dns } = service.traffic;
    const keptSeconds = dns?.clientKeepAliveSeconds;
    if (dns === undefined || keptSeconds === undefined || keptSeconds <= keepAliveSecondsFree) return [];
    const restSeconds = restOfMoveSeconds(service);
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

/** The longest time of a move without the caches of resolvers and the connections of clients, in seconds. */
function restOfMoveSeconds(service: NamedService): number {
  const { dns, controls } = service.traffic;
  const traffic = {
    ...service.traffic,
    ...(dns === undefined ? {} : { dns: { ...dns, ttlSeconds: 0 } }),
    ...(controls === undefined ? {} : { controls: { ...controls, ttlSeconds: 0 } }),
  };
  return recoveryBound({ ...service, traffic }).totalMs / 1_000;
}

const nobodyTold: LintRule = {
  name: 'nobody-told',
  about: 'A deployment has no e-mail address, no topic and no webhook in `notify`.',
  reason: 'When nobody hears of a move, nobody repairs the old site, and the next fault finds no standby.',
  check: ({ notify: { emails, topics, webhooks } }) =>
    emails.length + topics.length + webhooks.length > 0
      ? []
      : [
          {
            path: 'notify.emails',
            what: 'nobody is notified',
            breaks: 'when any region is lost, traffic moves and nobody hears of it, so nobody ends the block period',
            hint: 'add an address, a topic or a webhook, or accept this by name when something else subscribes to the topic or the events',
          },
        ],
};

const toldInOneRegion: LintRule = {
  name: 'told-in-one-region',
  about: 'All of `notify.topics` are in one region, and there is no e-mail address and no webhook besides.',
  reason: 'SNS takes a message only in the region of the topic, so nobody hears of the loss of that region.',
  check: ({ notify: { emails, topics, webhooks } }) => {
    const [region, ...others] = new Set(topics.map(regionOfArn));
    if (region === undefined || others.length > 0 || emails.length + webhooks.length > 0) return [];
    return [
      {
        path: 'notify.topics',
        what: `every topic is in ${region}`,
        breaks: `when ${region} is lost, traffic moves and nobody hears of it`,
        hint: `add a topic of another region than ${region}, or an address in notify.emails`,
      },
    ];
  },
};

const alarmsUnheard: LintRule = {
  name: 'alarms-unheard',
  about: 'Somebody is told by webhook or in another region, but no e-mail address and no topic is in a control region.',
  reason:
    "That a region's watchers do not run, or that its messages are not taken, only an alarm of CloudWatch tells; it tells topics of its own region alone.",
  check: ({ controlRegions, notify: { emails, topics, webhooks } }) => {
    const isHeard = emails.length > 0 || topics.some((topic) => controlRegions.includes(regionOfArn(topic)));
    if (isHeard || topics.length + webhooks.length === 0) return [];
    return [
      {
        path: 'notify',
        what: 'no e-mail address, and no topic in a control region',
        breaks: 'when the watchers of a region stop, or a webhook fails, an alarm is raised and nobody hears it',
        hint: `add an address, or a topic in one of ${listed(controlRegions)}`,
      },
    ];
  },
};

const telemetryToItself: LintRule = {
  name: 'telemetry-to-itself',
  about: 'The endpoint of `telemetry.otlp` is this machine.',
  reason: 'On AWS that is the function itself, where no collector listens.',
  check: ({ telemetry }) => {
    const endpoint = telemetry?.otlp?.endpoint;
    if (endpoint === undefined || !isLoopback(new URL(endpoint).hostname.replace(/^\[|\]$/g, ''))) return [];
    return [
      {
        path: 'telemetry.otlp.endpoint',
        what: `${endpoint} is the machine that sends`,
        breaks: 'once it is deployed, no metrics and no traces arrive anywhere',
        hint: 'name a collector that the internet reaches, or accept this by name in a configuration for the lab',
      },
    ];
  },
};

/** Findings about who hears of a move, and how late. */
export const notificationLintRules: readonly LintRule[] = [
  longTtl,
  longKeepAlive,
  nobodyTold,
  toldInOneRegion,
  alarmsUnheard,
  telemetryToItself,
];
