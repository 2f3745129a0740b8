import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FailureReason, Observation, SiteReport } from '../../core/detection/observation.ts';
import { deadline } from '../system/deadline.ts';
import { classifyError } from './probe-failure.ts';

/** What a probe finds, before the time it took is added. */
export type Finding =
  | { readonly outcome: 'pass'; readonly report?: SiteReport; readonly saw?: string }
  | { readonly outcome: 'fail'; readonly reason: FailureReason; readonly report?: SiteReport; readonly saw?: string }
  | { readonly outcome: 'unknown'; readonly detail: string };

/** What is said over the connection of one probe. Null means that more is needed. */
export interface Conversation {
  /** The event after which `begin` is called. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** Whether the target was asked to close the connection after its answer. */
  readonly isClosedByTarget: boolean;
  begin(socket: Socket): Finding | null;
  take(chunk: Buffer): Finding | null;
  /** The target closed its side. */
  end(): Finding | null;
}

/**
 * A deadline that fires this much late, in milliseconds, shows that this process stood still, and that the answer may
 * wait unread. A pause of the garbage collector is shorter by a factor of ten; a frozen Lambda sandbox is longer.
 */
export const stallMsMax = 500;

/**
 * Runs one probe over one new connection, which is gone by the deadline, whatever happens.
 *
 * After a pass a target that was asked to close does so, within what is left of the deadline: a close from here would
 * leave the port in TIME_WAIT on this machine. Every other ending, and any byte after the finding, closes at once.
 *
 * @param timeoutMs - deadline of everything, name resolution included
 * @param open - starts the connection; what it throws is this machine's fault and gives `unknown`
 * @param signal - ends it before its deadline
 * @returns never rejects
 */
export function attemptProbe(
  timeoutMs: number,
  open: () => Socket,
  conversation: Conversation,
  signal?: AbortSignal,
): Promise<Observation> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let socket: Socket;
    try {
      socket = open();
    } catch (error) {
      resolve(unknownBecause(error));
      return;
    }

    let isSettled = false;
    const close = (): void => {
      cancel();
      signal?.removeEventListener('abort', giveUp);
      socket.destroy();
    };
    const settle = (finding: Finding | null): void => {
      if (isSettled || !finding) return;
      isSettled = true;
      if (finding.outcome !== 'pass' || !conversation.isClosedByTarget) close();
      resolve(observe(finding, performance.now() - startMs));
    };
    const giveUp = (): void => {
      settle({ outcome: 'unknown', detail: 'nobody waits for it any more' });
      close();
    };
    const cancel = deadline(timeoutMs, () => {
      settle(expire(performance.now() - startMs - timeoutMs));
      close();
    });
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    socket.once(conversation.readyEvent, () => settle(conversation.begin(socket)));
    socket.on('data', (chunk: Buffer) => (isSettled ? close() : settle(conversation.take(chunk))));
    socket.on('end', () => {
      if (!isSettled) settle(conversation.end());
      close();
    });
    socket.on('error', (error) => {
      settle(judgeError(socket, error));
      close();
    });
  });
}

/** What is said of a probe that could not be started. */
export function unknownBecause(error: unknown): Extract<Finding, { outcome: 'unknown' }> {
  return { outcome: 'unknown', detail: error instanceof Error ? error.message : String(error) };
}

/** The observation that a finding makes. */
export function observe(finding: Finding, latencyMs: number): Observation {
  return finding.outcome === 'unknown' ? finding : { ...finding, latencyMs };
}

/** What the error of a connection says: a refused certificate before anything else. */
export function judgeError(socket: Socket, error: Error): Finding {
  const refusal = socket instanceof TLSSocket ? socket.authorizationError : null;
  return refusal ? { outcome: 'fail', reason: 'bad-certificate', saw: String(refusal) } : classifyError(error);
}

/**
 * What a deadline that has passed says.
 *
 * @param lateMs - how long after its time it fired
 */
export function expire(lateMs: number): Finding {
  if (lateMs <= stallMsMax) return { outcome: 'fail', reason: 'timeout' };
  return { outcome: 'unknown', detail: `this process stood still: the deadline fired ${Math.round(lateMs)} ms late` };
}
