import { httpTargetOf } from '../../../src/adapters/net/http-target.ts';
import type { HttpProbe } from '../../../src/core/model/probe.ts';

/** What the connection alone tells, in the shape of a verdict. */
interface BareAnswer {
  readonly isUp: boolean;
  readonly saw: string;
  readonly latencyMs: number;
}

/**
 * The connection that a probe needs anyway: the same handshake and the same question, and nothing is judged.
 *
 * @returns asks once; whatever answers is up, after so many milliseconds
 */
export function bareConnection(probe: HttpProbe): () => Promise<BareAnswer> {
  const { open, readyEvent, request, encoding } = httpTargetOf(probe);
  return () =>
    new Promise((resolve, reject) => {
      const startMs = performance.now();
      const socket = open();
      socket.once(readyEvent, () => socket.write(request, encoding));
      socket.on('data', () => resolve({ isUp: true, saw: '', latencyMs: performance.now() - startMs }));
      socket.on('end', () => socket.destroy());
      socket.on('error', reject);
    });
}
