import { isStatusIn, jsonJudge, textJudge } from '../../core/detection/answer.ts';
import type { SiteReport } from '../../core/detection/observation.ts';
import { factsReader } from '../../core/detection/reported-facts.ts';
import type { HttpProbe } from '../../core/model/probe.ts';
import { excerptLengthMax, excerptOf } from './excerpt.ts';
import type { HttpHead, HttpResponseReader, Progress } from './http-response.ts';
import type { Finding } from './probe-attempt.ts';
import { reportOf } from './site-report.ts';

/** Puts what a body says of the site in place of what the headers said. */
export type ReportReader = (body: Buffer, ofHeaders: SiteReport) => SiteReport;

/**
 * Prepares the reading of what bodies say of the site.
 *
 * @returns null when the headers alone are read
 */
export function reportReaderOf({ report }: HttpProbe): ReportReader | null {
  if (report === undefined) return null;
  const read = factsReader(report);
  return (body, ofHeaders) => read(parsed(body), ofHeaders);
}

/** What is made of the bodies that a probe gets. */
export interface BodyReaders {
  /** Null accepts any body. */
  readonly judgeBody: BodyJudge | null;
  /** Null reads the headers alone. */
  readonly readReport: ReportReader | null;
}

/** Says what is wrong with a body; null for a good one. */
export type BodyJudge = (body: Buffer) => string | null;

/**
 * Prepares the judging of bodies.
 *
 * @returns null when any body is good
 * @throws {TypeError} for a regular expression that the schema refuses
 */
export function bodyJudgeOf({ expect: { body, json } }: HttpProbe): BodyJudge | null {
  const judges: BodyJudge[] = [];
  if (typeof body === 'string') judges.push(containing(body));
  else if (body !== undefined) {
    const isIn = textJudge(body);
    judges.push((bytes) => (isIn(bytes.toString()) ? null : `body ${excerptOf(bytes)} without /${body.regex}/`));
  }
  if (json !== undefined) {
    const judge = jsonJudge(json);
    judges.push((bytes) => {
      const value = parsed(bytes);
      return value === undefined ? `body ${excerptOf(bytes)} is no JSON` : judge(value);
    });
  }
  if (judges.length < 2) return judges[0] ?? null;
  return (bytes) => judges.map((judge) => judge(bytes)).find((wrong) => wrong !== null) ?? null;
}

/** Judges a body by a text that it has to contain, byte by byte. */
export function containing(text: string): BodyJudge {
  const bytes = Buffer.from(text);
  return (body) => (body.includes(bytes) ? null : `body ${excerptOf(body)} without ${JSON.stringify(text)}`);
}

/**
 * Judges what has come of an answer.
 *
 * The role is reported and not judged: only the watcher knows whether a site should be active. A status other than the
 * expected ones settles at once, without the body.
 *
 * @returns null while more bytes are needed
 */
export function judgeAnswer(
  reader: HttpResponseReader,
  progress: Progress,
  probe: HttpProbe,
  { judgeBody, readReport }: BodyReaders,
): Finding | null {
  const { head } = reader;
  const isStatusWrong = head !== null && !isStatusIn(probe.expect.status, head.status);
  if (progress === 'more' && !isStatusWrong) return null;

  const ofHeaders = head ? reportOf(head) : {};
  // With a wrong status nobody waits for the body; whether it has come by chance makes no difference.
  const report = readReport === null ? ofHeaders : readReport(isStatusWrong ? noBody : reader.body, ofHeaders);
  if (isStatusWrong) return wrongStatus(head, report);
  const saw = head === null ? '' : `status ${head.status}`;
  switch (progress) {
    case 'more':
      return null;
    case 'garbage':
      return { outcome: 'fail', reason: 'garbage', report, saw: `${saw === '' ? '' : `${saw}, `}not HTTP/1.1` };
    case 'too-large':
      return { outcome: 'fail', reason: 'too-large', report, saw };
    case 'cut-off':
      return { outcome: 'fail', reason: 'reset', report, saw: 'the connection ended before the answer did' };
    // The page is longer than what is read of it. Its status is known, and the expected text may be in the part that
    // was read.
    case 'full':
    case 'done': {
      const wrong = judgeBody === null ? null : judgeBody(reader.body);
      if (wrong === null) return { outcome: 'pass', report, saw };
      return {
        outcome: 'fail',
        reason: progress === 'full' ? 'too-large' : 'wrong-body',
        report,
        saw: `${saw}, ${wrong}`,
      };
    }
  }
}

/** In place of a body that is not read. */
const noBody = Buffer.alloc(0);

function wrongStatus(head: HttpHead, report: SiteReport): Finding {
  const isRedirect = head.status >= 300 && head.status < 400;
  const to = isRedirect ? head.headerAsSent('location') : null;
  return {
    outcome: 'fail',
    reason: isRedirect ? 'redirect' : 'wrong-status',
    report,
    saw: `status ${head.status}${to === null ? '' : ` to ${to.slice(0, excerptLengthMax)}`}`,
  };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
