import type { FailureReason } from '../../core/detection/observation.ts';

/** What an error of a socket says: the target's failure, or something that this machine could not do. */
export type ProbeFailure =
  | { readonly outcome: 'fail'; readonly reason: FailureReason }
  | { readonly outcome: 'unknown'; readonly detail: string };

/**
 * Codes that are the target's doing. Every other one (EMFILE, ENOBUFS, EADDRNOTAVAIL, ENETUNREACH, EAI_AGAIN ...) is
 * this machine's or its resolver's: what this machine cannot do is never the site's failure.
 *
 * EHOSTUNREACH counts as refused: routers and neighbours say it of one host, a machine cut off from all is found by
 * the self-check.
 */
const reasonsByCode: ReadonlyMap<string, FailureReason> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'refused'],
  ['EHOSTDOWN', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['ENOTFOUND', 'unresolved'],
  ['EPROTO', 'garbage'],
  // Of HTTP/2: what came was none, and the other side broke a stream or the connection off.
  ['ERR_HTTP2_ERROR', 'garbage'],
  ['ERR_HTTP2_SESSION_ERROR', 'garbage'],
  ['ERR_HTTP2_STREAM_ERROR', 'reset'],
  ['ERR_HTTP2_GOAWAY_SESSION', 'reset'],
]);

/** Start of the codes with which OpenSSL says that the other side does not speak TLS as it should. */
const tlsCodePrefix = 'ERR_SSL_';

/**
 * Classifies what a socket ended with.
 *
 * A name with several addresses ends in one error for each (`AggregateError`); it is a failure when one of them is.
 */
export function classifyError(error: unknown): ProbeFailure {
  if (error instanceof AggregateError) {
    const failures = error.errors.map(classifyError);
    return failures.find(({ outcome }) => outcome === 'fail') ?? failures[0] ?? unknownOf(error);
  }
  const code = codeOf(error);
  const reason = reasonsByCode.get(code) ?? (code.startsWith(tlsCodePrefix) ? 'garbage' : undefined);
  return reason ? { outcome: 'fail', reason } : unknownOf(error);
}

function unknownOf(error: unknown): ProbeFailure {
  return { outcome: 'unknown', detail: error instanceof Error ? error.message : String(error) };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
