import type { TLSSocket } from 'node:tls';
import { systemClock } from '../system/clock.ts';
import type { Finding } from './probe-attempt.ts';

const dayMs = 86_400_000;

/** Whole days until the certificate of the connection ends; null when it says nothing of it. */
export function certificateDaysLeft(socket: TLSSocket): number | null {
  const endMs = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(endMs) ? null : Math.floor((endMs - systemClock.wallMs()) / dayMs);
}

/** The same finding, with the end of the certificate in its report where that is known. */
export function withCertificate(finding: Finding | null, certificateDaysLeft: number | null): Finding | null {
  if (finding === null || finding.outcome === 'unknown' || certificateDaysLeft === null) return finding;
  return { ...finding, report: { ...finding.report, certificateDaysLeft } };
}
