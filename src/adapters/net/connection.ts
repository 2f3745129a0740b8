import { X509Certificate } from 'node:crypto';
import { isIP, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { sharedLookup } from './lookup.ts';

/** Part of the deadline that one of several addresses of a name gets before the next is tried. */
const addressShare = 0.5;

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

/**
 * One context a target: to make one parses every public authority.
 *
 * @throws when the text is no certificate: OpenSSL would take it for no authority at all, and blame the site
 */
export function secureContextOf(authorityPem: string | undefined): SecureContext {
  if (authorityPem !== undefined) new X509Certificate(authorityPem);
  return createSecureContext(authorityPem === undefined ? {} : { ca: authorityPem });
}

/**
 * Options of TLS on a new connection.
 *
 * @param name - what the certificate must be for; only a name, and no address, is sent to the site
 * @param protocols - for ALPN, the preferred one first; null to say nothing
 */
export function tlsOptions(
  secureContext: SecureContext,
  name: string,
  protocols: readonly string[] | null,
): ConnectionOptions {
  return {
    secureContext,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(protocols === null ? {} : { ALPNProtocols: [...protocols] }),
    rejectUnauthorized: true,
  };
}
