import { TLSSocket } from 'node:tls';
import type { Observation, SiteReport } from '../../core/detection/observation.ts';
import type { HttpProbe } from '../../core/model/probe.ts';
import { systemClock } from '../system/clock.ts';
import { systemRng } from '../system/rng.ts';
import { type HttpHead, HttpResponseReader, type Progress } from './http-response.ts';
import { type HttpTarget, httpTargetOf } from './http-target.ts';
import { attemptProbe, type Finding, unknownBecause } from './probe-attempt.ts';

/** Longest role that is read from a header, in characters. */
const roleLengthMax = 32;

/**
 * Step to which the offset of a clock is rounded, in milliseconds. A finer one would change the stored opinions at
 * every tick.
 */
const clockStepMs = 5_000;

const dayMs = 86_400_000;

/**
 * Gets the URL over a new connection and judges status and body.
 *
 * Redirects are never followed. The role is reported and not judged: only the watcher knows whether a site should be
 * active. A status other than the expected one settles at once, without the body.
 *
 * @returns never rejects; `fail` carries the site's report when the headers had arrived
 */
export function probeHttp(probe: HttpProbe): Promise<Observation> {
  let target: HttpTarget;
  try {
    target = httpTargetOf(probe);
  } catch (error) {
    return Promise.resolve(unknownBecause(error));
  }

  const reader = new HttpResponseReader();
  const nonce = probe.canary === 'write' ? nextNonce() : null;
  const expected = nonce === null ? target.expectedBody : Buffer.from(nonce);
  let daysLeft: number | null = null;
  const follow = (progress: Progress): Finding | null =>
    withCertificate(judge(reader, progress, probe.expect.status, expected), daysLeft);
  return attemptProbe(probe.timeoutMs, target.open, {
    readyEvent: target.readyEvent,
    isClosedByTarget: true,
    begin: (socket) => {
      if (socket instanceof TLSSocket) daysLeft = certificateDaysLeft(socket);
      socket.write(nonce === null ? target.request : writeRequest(target, nonce), 'latin1');
      return null;
    },
    take: (chunk) => follow(reader.push(chunk)),
    end: () => follow(reader.end()),
  });
}

/** A number for a write canary. Each is written once, so that an old answer cannot be taken for a new one. */
function nextNonce(): string {
  return `canary-${systemClock.wallMs().toString(36)}-${Math.floor(systemRng.next() * 36 ** 6).toString(36)}`;
}

/** A POST of the canary to the same path; a good answer repeats it, which shows that it was written and read back. */
function writeRequest(target: HttpTarget, nonce: string): string {
  return `${target.request
    .replace(/^GET /, 'POST ')
    .replace(/\r\n\r\n$/, '')}\r\nContent-Type: text/plain\r\nContent-Length: ${nonce.length}\r\n\r\n${nonce}`;
}

/** Whole days until the certificate of the connection ends; null when it says nothing of it. */
function certificateDaysLeft(socket: TLSSocket): number | null {
  const endMs = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(endMs) ? null : Math.floor((endMs - systemClock.wallMs()) / dayMs);
}

function withCertificate(finding: Finding | null, certificateDaysLeft: number | null): Finding | null {
  if (finding === null || finding.outcome === 'unknown' || certificateDaysLeft === null) return finding;
  return { ...finding, report: { ...finding.report, certificateDaysLeft } };
}

/** Offset of the site's clock in steps of `clockStepMs`. The header has whole seconds only, rounded down. */
function clockOffset(clockMs: number): number {
  const offsetMs = clockMs + 500 - systemClock.wallMs();
  return Math.round(offsetMs / clockStepMs) * clockStepMs;
}

/** @returns null while more bytes are needed */
function judge(
  reader: HttpResponseReader,
  progress: Progress,
  expectedStatus: number,
  expectedBody: Buffer | null,
): Finding | null {
  const { head } = reader;
  const isStatusWrong = head !== null && head.status !== expectedStatus;
  if (progress === 'more' && !isStatusWrong) return null;

  const report = head ? reportOf(head) : {};
  if (isStatusWrong) {
    const isRedirect = head.status >= 300 && head.status < 400;
    return { outcome: 'fail', reason: isRedirect ? 'redirect' : 'wrong-status', report };
  }
  switch (progress) {
    case 'more':
      return null;
    case 'garbage':
    case 'too-large':
      return { outcome: 'fail', reason: progress, report };
    case 'cut-off':
      return { outcome: 'fail', reason: 'reset', report };
    // The page is longer than what is read of it. Its status is known, and the expected text may be in the part that
    // was read.
    case 'full':
    case 'done':
      if (expectedBody === null || reader.body.includes(expectedBody)) return { outcome: 'pass', report };
      return { outcome: 'fail', reason: progress === 'full' ? 'too-large' : 'wrong-body', report };
  }
}

/** What the site says of itself; a value that cannot be read counts as not said. */
function reportOf(head: HttpHead): SiteReport {
  const role = head.header('x-failover-role');
  const lag = head.header('x-failover-lag-ms');
  const ready = head.header('x-failover-ready');
  const load = head.header('x-failover-load');
  const date = head.header('date');
  const report: { -readonly [K in keyof SiteReport]: SiteReport[K] } = {};
  if (role) report.role = role.slice(0, roleLengthMax);
  if (lag !== null && /^\d{1,15}(\.\d+)?$/.test(lag)) report.replicationLagMs = Number(lag);
  if (load !== null && /^\d{1,12}(\.\d{1,6})?$/.test(load)) report.load = Number(load);
  const clockMs = date === null ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(clockMs)) report.clockOffsetMs = clockOffset(clockMs);
  if (ready === 'true' || ready === 'false') report.ready = ready === 'true';
  return report;
}
