import { connect, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { HttpProbe } from '../../core/model/probe.ts';
import { connectOptions, secureContextOf, tlsOptions } from './connection.ts';
import { type BodyReaders, bodyJudgeOf, reportReaderOf } from './http-judge.ts';

/** A probe prepared once, so that a probing costs no parsing of addresses, keys or texts. */
export interface HttpTarget {
  /** Starts a new connection; never one that was used before, which would hide a dead listener. */
  readonly open: () => Socket;
  /** The event after which the request may be sent. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** The whole request, as sent. */
  readonly request: string;
  readonly encoding: 'latin1' | 'utf8';
  readonly readers: BodyReaders;
  readonly url: URL;
  readonly secureContext: SecureContext | null;
}

/** Keyed by the probe itself: a target lives as long as the configuration that it is from. */
const targets = new WeakMap<HttpProbe, HttpTarget>();

/** @throws when the URL or the authority's certificate cannot be read; the schema refuses both before */
export function httpTargetOf(probe: HttpProbe): HttpTarget {
  const known = targets.get(probe);
  if (known) return known;
  const readers = { judgeBody: bodyJudgeOf(probe), readReport: reportReaderOf(probe) };
  const target = prepare(probe, new URL(probe.url), probe.method, readers, null);
  targets.set(probe, target);
  return target;
}

/**
 * The target that a redirect leads to.
 *
 * The name may be the one that the probe connects to or the one that it asks for; either way it connects to the same
 * host as before.
 *
 * @returns null when it leads to another host or from HTTPS to HTTP, or is no URL
 */
export function redirectedTarget(
  probe: HttpProbe,
  from: HttpTarget,
  location: string,
  status: number,
): HttpTarget | null {
  const asked = from.url;
  if (!URL.canParse(location, asked.href)) return null;
  const to = new URL(location, asked.href);
  const isWithin = to.hostname === asked.hostname || to.hostname === askedName(probe);
  const isSafe = to.protocol === asked.protocol || (asked.protocol === 'http:' && to.protocol === 'https:');
  if (!isWithin || !isSafe) return null;
  to.hostname = asked.hostname;
  const method = status === 303 && probe.method !== 'HEAD' ? 'GET' : probe.method;
  return prepare(probe, to, method, from.readers, from.secureContext);
}

/** The name that is asked for where it is not that of the URL, without a port. */
function askedName({ host }: HttpProbe): string | undefined {
  return host?.toLowerCase().replace(/:\d+$/, '');
}

function prepare(
  probe: HttpProbe,
  url: URL,
  method: string,
  readers: BodyReaders,
  knownContext: SecureContext | null,
): HttpTarget {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const address = connectOptions(host, port, probe.timeoutMs);
  const secureContext = isSecure ? (knownContext ?? secureContextOf(probe.authorityPem)) : null;
  const name = probe.serverName ?? askedName(probe) ?? host;
  const secure = secureContext === null ? null : { ...address, ...tlsOptions(secureContext, name, ['http/1.1']) };
  return {
    open: secure === null ? () => connect(address) : () => connectTls(secure),
    readyEvent: isSecure ? 'secureConnect' : 'connect',
    request: requestOf(probe, url, method),
    encoding: probe.send === undefined ? 'latin1' : 'utf8',
    readers,
    url,
    secureContext,
  };
}

function requestOf({ host, headers, send }: HttpProbe, url: URL, method: string): string {
  const own = new Map([
    ['user-agent', 'User-Agent: cdk-failover'],
    ['accept', 'Accept: */*'],
  ]);
  for (const [name, value] of Object.entries(headers)) own.set(name.toLowerCase(), `${name}: ${value}`);
  return [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${host ?? url.host}`,
    ...own.values(),
    'Accept-Encoding: identity',
    'Connection: close',
    ...(method === 'POST' ? [`Content-Length: ${Buffer.byteLength(send ?? '')}`] : []),
    `\r\n${send ?? ''}`,
  ].join('\r\n');
}
