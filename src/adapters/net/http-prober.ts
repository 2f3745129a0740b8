import type { HttpProbe } from '../../core/deployment.ts';
import type { Observation, SiteReport } from '../../core/observation.ts';
import { type HttpHead, HttpResponseReader, type Progress } from './http-response.ts';
import { type HttpTarget, httpTargetOf } from './http-target.ts';
import { attemptProbe, type Finding, unknownBecause } from './probe-attempt.ts';

/** Longest role that is read from a header, in characters. */
const roleLengthMax = 32;

/**
 * Gets the URL over a new connection and judges status and body.
 *
 * Redirects are never followed. The role is reported and not judged: whether a site ought to be active is known to the
 * watcher only. A status other than the expected one settles at once, without the body.
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
  const follow = (progress: Progress): Finding | null =>
    judge(reader, progress, probe.expect.status, target.expectedBody);
  return attemptProbe(probe.timeoutMs, target.open, {
    readyEvent: target.readyEvent,
    isClosedByTarget: true,
    begin: (socket) => {
      socket.write(target.request, 'latin1');
      return null;
    },
    take: (chunk) => follow(reader.push(chunk)),
    end: () => follow(reader.end()),
  });
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
    case 'done':
      if (expectedBody === null || reader.body.includes(expectedBody)) return { outcome: 'pass', report };
      return { outcome: 'fail', reason: 'wrong-body', report };
  }
}

/** What the site says of itself; a value that cannot be read counts as not said. */
function reportOf(head: HttpHead): SiteReport {
  const role = head.header('x-failover-role');
  const lag = head.header('x-failover-lag-ms');
  const ready = head.header('x-failover-ready');
  const report: { -readonly [K in keyof SiteReport]: SiteReport[K] } = {};
  if (role) report.role = role.slice(0, roleLengthMax);
  if (lag !== null && /^\d{1,15}(\.\d+)?$/.test(lag)) report.replicationLagMs = Number(lag);
  if (ready === 'true' || ready === 'false') report.ready = ready === 'true';
  return report;
}
