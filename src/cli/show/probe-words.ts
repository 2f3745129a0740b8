import { rangeText } from '../../core/detection/answer.ts';
import type { FailureReason, Observation, SiteReport } from '../../core/detection/observation.ts';
import { type HttpProbe, metricName, type Probe, qualifiedName } from '../../core/model/probe.ts';
import { duration } from './layout.ts';

/** Longest text of a configuration that is repeated whole, in characters. */
const shownLengthMax = 60;

/** Where a probe goes, such as `https://eu.shop.example/healthz` or `eu.shop.example:6379`. */
export function targetOf(probe: Probe): string {
  switch (probe.type) {
    case 'http':
    case 'https':
      return probe.url;
    case 'tcp':
    case 'tls':
    case 'udp':
    case 'grpc':
      return `${probe.host}:${probe.port}`;
    case 'dns':
      return `${probe.name} ${probe.record} of ${probe.server}:${probe.port}`;
    case 'cloudwatch-alarm':
      return `${probe.name} in ${probe.region}`;
    case 'cloudwatch-metric':
      return `${metricName(probe)} in ${probe.region}`;
    case 'function':
      return `${qualifiedName(probe)} in ${probe.region}`;
  }
}

/** What a good answer to a probe is, and until when it has to be there. */
export function wantedOf(probe: Probe): string {
  return [...expectationsOf(probe), `within ${duration(probe.timeoutMs)}`].join(', ');
}

function expectationsOf(probe: Probe): readonly string[] {
  switch (probe.type) {
    case 'http':
    case 'https':
      return expectedOfPage(probe);
    case 'tcp':
      return [probe.expectBanner === undefined ? 'a connection' : `a banner with ${quoted(probe.expectBanner)}`];
    case 'tls':
      return [`a handshake and a certificate of ${probe.serverName ?? probe.host}`];
    case 'udp': {
      const { expect, expectHex } = probe;
      if (expectHex !== undefined) return [`an answer with the bytes ${shortened(expectHex)}`];
      return [expect === undefined ? 'any answer' : `an answer with ${quoted(expect)}`];
    }
    case 'dns':
      return [probe.expect === undefined ? 'any value' : `the values ${probe.expect.join(', ')}`];
    case 'grpc':
      return [`SERVING of ${probe.service === '' ? 'the server' : probe.service}`];
    case 'cloudwatch-alarm':
      return ['the state OK'];
    case 'cloudwatch-metric':
      return [`${probe.statistic} ${rangeText(probe.expect)}`];
    case 'function':
      return ['the answer { ok: true }'];
  }
}

function expectedOfPage({ expect, canary }: HttpProbe): readonly string[] {
  const status = expect.status.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
  const { body, json = {} } = expect;
  return [
    `status ${status}`,
    ...(body === undefined ? [] : [`body with ${typeof body === 'string' ? quoted(body) : patternText(body)}`]),
    ...Object.entries(json).map(([path, value]) => `JSON with ${path} ${JSON.stringify(value)}`),
    ...(canary === 'write' ? ['the number that was written'] : []),
  ];
}

function patternText({ regex, ignoreCase }: { readonly regex: string; readonly ignoreCase: boolean }): string {
  return `/${shortened(regex)}/${ignoreCase ? 'i' : ''}`;
}

/** What those reasons mean whose word alone does not say it. */
const meanings: ReadonlyMap<FailureReason, string> = new Map([
  ['refused', 'nothing takes connections there'],
  ['timeout', 'no whole answer in time'],
  ['reset', 'the connection was broken off'],
  ['unresolved', 'the name has no such record'],
  ['bad-certificate', 'the certificate is not accepted'],
  ['too-large', 'longer than 64 KiB, and not found in what was read'],
  ['garbage', 'no answer of this protocol'],
  ['alarm', 'the alarm is raised'],
  ['out-of-range', 'the metric is not as it has to be'],
  ['no-data', 'the metric has no value, and that counts as down here'],
  ['not-ok', 'it says so itself'],
  ['function-threw', 'the function ended with an error'],
]);

/** What came back and how fast, such as `wrong-status after 12 ms: status 503`. */
export function sawOf(observation: Observation): string {
  if (observation.outcome === 'unknown') return `cannot tell from here: ${observation.detail}`;
  const { outcome, latencyMs, saw = '' } = observation;
  const isPass = outcome === 'pass';
  const what = isPass ? saw : [meanings.get(observation.reason) ?? '', saw].filter((each) => each !== '').join('; ');
  return `${isPass ? '' : `${observation.reason} `}after ${duration(latencyMs)}${what === '' ? '' : `: ${what}`}`;
}

/** What an answer says of the site; empty when it says nothing. */
export function reportText(report: SiteReport): string {
  const { role, replicationLagMs, load, ready, clockOffsetMs, certificateDaysLeft } = report;
  return [
    ...(role === undefined ? [] : [`role ${role}`]),
    ...(replicationLagMs === undefined ? [] : [`lag ${duration(replicationLagMs)}`]),
    ...(load === undefined ? [] : [`load ${load}`]),
    ...(ready === undefined ? [] : [ready ? 'ready' : 'not ready']),
    // Zero is the usual answer of a server with a `Date` header, and says nothing new.
    ...(clockOffsetMs === undefined || clockOffsetMs === 0
      ? []
      : [`clock ${duration(Math.abs(clockOffsetMs))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`]),
    ...(certificateDaysLeft === undefined ? [] : [certificateText(certificateDaysLeft)]),
  ].join(', ');
}

function certificateText(daysLeft: number): string {
  return daysLeft < 0 ? 'certificate has ended' : `certificate ends in ${daysLeft} days`;
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}

function shortened(text: string): string {
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}...` : text;
}
