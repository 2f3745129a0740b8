import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Observation } from '../../core/detection/observation.ts';
import type { TlsProbe } from '../../core/model/probe.ts';
import { certificateDaysLeft, withCertificate } from './certificate.ts';
import { connectOptions, secureContextOf, tlsOptions } from './connection.ts';
import { attemptProbe, unknownBecause } from './probe-attempt.ts';

/** Keyed by the probe itself: to make a context parses every public authority. */
const optionsOfProbes = new WeakMap<TlsProbe, ConnectionOptions>();

/**
 * Shakes hands over a new connection and closes it.
 *
 * @returns reports the days until the certificate ends; never rejects
 */
export async function probeTls(probe: TlsProbe): Promise<Observation> {
  let options: ConnectionOptions;
  try {
    options = optionsOf(probe);
  } catch (error) {
    return unknownBecause(error);
  }
  return attemptProbe(probe.timeoutMs, () => connect(options), {
    readyEvent: 'secureConnect',
    isClosedByTarget: false,
    begin: (socket) => {
      const daysLeft = certificateDaysLeft(socket as TLSSocket);
      return withCertificate({ outcome: 'pass', saw: (socket as TLSSocket).getProtocol() ?? 'TLS' }, daysLeft);
    },
    take: () => null,
    end: () => ({ outcome: 'fail', reason: 'reset' }),
  });
}

function optionsOf(probe: TlsProbe): ConnectionOptions {
  const known = optionsOfProbes.get(probe);
  if (known) return known;
  const { host, port, timeoutMs, serverName, authorityPem } = probe;
  const secure = tlsOptions(secureContextOf(authorityPem), serverName ?? host, null);
  const options = { ...connectOptions(host, port, timeoutMs), ...secure };
  optionsOfProbes.set(probe, options);
  return options;
}
