import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls, createSecureContext } from 'node:tls';
import type { HttpProbe } from '../../core/model/probe.ts';
import { sharedLookup } from './lookup.ts';

/** A probe prepared once, so that a probing costs no parsing of addresses, keys or texts. */
export interface HttpTarget {
  /** Starts a new connection; never one that was used before, which would hide a dead listener. */
  readonly open: () => Socket;
  /** The event after which the request may be sent. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** The whole request, as sent. */
  readonly request: string;
  /** Null accepts any body. */
  readonly expectedBody: Buffer | null;
}

/** Part of the deadline that one of several addresses of a name gets before the next is tried. */
const addressShare = 0.5;

/** Keyed by the probe itself: a target lives as long as the configuration that it is from. */
const targets = new WeakMap<HttpProbe, HttpTarget>();

/** @throws when the URL or the authority's certificate cannot be read; the schema refuses both before */
export function httpTargetOf(probe: HttpProbe): HttpTarget {
  const known = targets.get(probe);
  if (known) return known;
  const target = prepare(probe);
  targets.set(probe, target);
  return target;
}

function prepare(probe: HttpProbe): HttpTarget {
  const url = new URL(probe.url);
  const isSecure = probe.type === 'https';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const address = connectOptions(host, port, probe.timeoutMs);
  const secure: ConnectionOptions = isSecure ? { ...address, ...tlsOptions(probe, host) } : {};
  return {
    open: isSecure ? () => connectTls(secure) : () => connect(address),
    readyEvent: isSecure ? 'secureConnect' : 'connect',
    request: [
      `GET ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      'User-Agent: cdk-failover',
      'Accept: */*',
      'Accept-Encoding: identity',
      'Connection: close',
      '\r\n',
    ].join('\r\n'),
    expectedBody: probe.expect.body === undefined ? null : Buffer.from(probe.expect.body),
  };
}

/**
 * Options of a new connection within a probe's deadline.
 *
 * `allowHalfOpen` leaves the closing to `attemptProbe`: otherwise the socket would also shut its own side down first.
 */
export function connectOptions(host: string, port: number, timeoutMs: number): TcpNetConnectOpts {
  const options: TcpNetConnectOpts = { host, port, allowHalfOpen: true };
  if (isIP(host) !== 0) return options;
  return {
    ...options,
    lookup: sharedLookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(timeoutMs * addressShare)),
  };
}

/** One context a target: to make one parses every public authority. */
function tlsOptions(probe: HttpProbe, host: string): ConnectionOptions {
  const ca = probe.authorityPem;
  // OpenSSL takes a text without a certificate for no authority at all, and would blame the site.
  if (ca !== undefined) new X509Certificate(ca);
  return {
    secureContext: createSecureContext(ca === undefined ? {} : { ca }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  };
}
