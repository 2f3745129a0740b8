import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePorts } from '../programs.ts';

/** Ports of what is probed, all on loopback. */
export interface EndpointPorts {
  readonly http: number;
  readonly https: number;
  /** Its certificate ended in 2020. */
  readonly expired: number;
  /** Its certificate is for another name, by somebody whom nobody trusts. */
  readonly stranger: number;
  /** Sends `READY` to whoever connects. */
  readonly greeting: number;
  readonly wrongGreeting: number;
  /** Takes connections and says nothing. */
  readonly silent: number;
  /** Nobody listens. */
  readonly refused: number;
}

/** The tests' certificates; this file is in `dist/` when it runs. */
export const certificates = join(import.meta.dirname, '..', 'test', 'support', 'tls');

/**
 * Starts the bundle of `endpoints.ts`.
 *
 * @throws when it ends before it listens
 */
export async function startEndpoints(): Promise<{ readonly ports: EndpointPorts; readonly child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'bench-endpoints.js'), [certificates]);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the endpoints ended with ${code} before they listened`);
  });
  ended.catch(() => undefined);
  const [ports] = (await Promise.race([once(child, 'message'), ended])) as [Omit<EndpointPorts, 'refused'>];
  const [refused = 0] = await freePorts(1);
  return { ports: { ...ports, refused }, child };
}
