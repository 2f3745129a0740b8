import { TLSSocket } from 'node:tls';
import type { Observation } from '../../core/detection/observation.ts';
import type { HttpProbe } from '../../core/model/probe.ts';
import { systemClock } from '../system/clock.ts';
import { systemRng } from '../system/rng.ts';
import { certificateDaysLeft, withCertificate } from './certificate.ts';
import { containing, judgeAnswer } from './http-judge.ts';
import { HttpResponseReader, type Progress } from './http-response.ts';
import { type HttpTarget, httpTargetOf, redirectedTarget } from './http-target.ts';
import { attemptProbe, type Conversation, type Finding, unknownBecause } from './probe-attempt.ts';

/** Most redirects that one probe follows. Source: our own; two (to HTTPS, to a path) are common. */
const redirectsMax = 5;

/** Statuses whose `Location` is where the answer is. Source: RFC 9110, 15.4. */
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Requests the URL over a new connection and judges status, body and certificate.
 *
 * A redirect is followed only where the probe says so, within the host and the deadline; each hop is a new connection.
 *
 * @returns never rejects; `fail` carries the site's report when the headers had arrived
 */
export async function probeHttp(probe: HttpProbe): Promise<Observation> {
  return (await requestPage(probe)).observation;
}

/** What is different in one asking of a probe. */
export interface Asking {
  /** Value of the header `Authorization`. */
  readonly authorization?: string;
  /** Deadline in place of the probe's own. */
  readonly timeoutMs?: number;
  /** Ends it before its deadline. */
  readonly signal?: AbortSignal;
}

/** What a probe finds, and the status of the last answer; 0 for none. */
interface Page {
  readonly observation: Observation;
  readonly status: number;
}

/** {@link probeHttp}, for who needs the status too, or identifies himself. */
export async function requestPage(probe: HttpProbe, asking: Asking = {}): Promise<Page> {
  let target: HttpTarget;
  try {
    target = httpTargetOf(probe);
  } catch (error) {
    return { observation: unknownBecause(error), status: 0 };
  }
  const timeoutMs = asking.timeoutMs ?? probe.timeoutMs;
  const ask = (leftMs: number) => request(probe, target, leftMs, asking);
  if (!probe.followRedirects) return ask(timeoutMs);

  const startMs = performance.now();
  for (let hop = 0; ; hop += 1) {
    const leftMs = timeoutMs - (performance.now() - startMs);
    const { observation, location, status } = await ask(Math.max(1, leftMs));
    const latencyMs = performance.now() - startMs;
    if (location === null) {
      return { observation: observation.outcome === 'unknown' ? observation : { ...observation, latencyMs }, status };
    }
    const next = hop < redirectsMax ? redirectedTarget(probe, target, location, status) : null;
    if (next === null) {
      const saw = hop < redirectsMax ? `redirect to ${location.slice(0, 200)}` : `more than ${redirectsMax} redirects`;
      return { observation: { outcome: 'fail', reason: 'redirect', latencyMs, saw }, status };
    }
    target = next;
  }
}

/** What one request brought; a location only where it is to be followed. */
interface Reply extends Page {
  readonly location: string | null;
}

async function request(
  probe: HttpProbe,
  target: HttpTarget,
  timeoutMs: number,
  { authorization, signal }: Asking,
): Promise<Reply> {
  const reader = new HttpResponseReader(probe.method !== 'HEAD');
  const nonce = probe.canary === 'write' ? nextNonce() : null;
  const readers = nonce === null ? target.readers : { ...target.readers, judgeBody: containing(nonce) };
  let daysLeft: number | null = null;
  let location: string | null = null;
  const follow = (progress: Progress): Finding | null => {
    if (probe.followRedirects && reader.head && redirectStatuses.includes(reader.head.status)) {
      location = reader.head.headerAsSent('location');
      if (location !== null) return { outcome: 'fail', reason: 'redirect' };
    }
    return withCertificate(judgeAnswer(reader, progress, probe, readers), daysLeft);
  };
  const conversation: Conversation = {
    readyEvent: target.readyEvent,
    isClosedByTarget: true,
    begin: (socket) => {
      const asked = nonce === null ? target.request : writeRequest(target, nonce);
      socket.write(authorization === undefined ? asked : authorized(asked, authorization), target.encoding);
      // The question is on its way meanwhile.
      if (socket instanceof TLSSocket) daysLeft = certificateDaysLeft(socket);
      return null;
    },
    take: (chunk) => follow(reader.push(chunk)),
    end: () => follow(reader.end()),
  };
  const observation = await attemptProbe(timeoutMs, target.open, conversation, signal);
  return { observation, location, status: reader.head?.status ?? 0 };
}

/** The same request, with one header more after its first line. */
function authorized(request: string, authorization: string): string {
  const at = request.indexOf('\r\n') + 2;
  return `${request.slice(0, at)}Authorization: ${authorization}\r\n${request.slice(at)}`;
}

/** A number for a write canary. Each is written once, so that an old answer cannot be taken for a new one. */
function nextNonce(): string {
  return `canary-${systemClock.wallMs().toString(36)}-${Math.floor(systemRng.next() * 36 ** 6).toString(36)}`;
}

/** A POST of the canary to the same path; a good answer repeats it, which shows that it was written and read back. */
function writeRequest(target: HttpTarget, nonce: string): string {
  return `${target.request
    .replace(/^[A-Z]+ /, 'POST ')
    .replace(/\r\nContent-Length: 0\r\n/, '\r\n')
    .replace(/\r\n\r\n$/, '')}\r\nContent-Type: text/plain\r\nContent-Length: ${nonce.length}\r\n\r\n${nonce}`;
}
