import { connect } from 'node:net';
import type { Observation } from '../../core/detection/observation.ts';
import type { TcpProbe } from '../../core/model/probe.ts';
import { connectOptions } from './connection.ts';
import { excerptOf } from './excerpt.ts';
import { attemptProbe } from './probe-attempt.ts';

/** Most bytes of a greeting that are read; a banner that is expected has to be within them. */
export const bannerBytesMax = 4 * 1024;

const wrongBanner = { outcome: 'fail', reason: 'wrong-banner' } as const;

/**
 * Connects, sends what is to be sent, and waits for the banner when one is expected.
 *
 * @returns `wrong-banner` when the server closed, or sent `bannerBytesMax` bytes, without it; never rejects
 */
export function probeTcp(probe: TcpProbe): Promise<Observation> {
  const { host, port, timeoutMs } = probe;
  const expected = probe.expectBanner === undefined ? null : Buffer.from(probe.expectBanner);
  let seen: Buffer = Buffer.alloc(0);
  return attemptProbe(timeoutMs, () => connect(connectOptions(host, port, timeoutMs)), {
    readyEvent: 'connect',
    isClosedByTarget: false,
    begin: (socket) => {
      if (probe.send !== undefined) socket.write(probe.send);
      return expected === null ? { outcome: 'pass', saw: 'connected' } : null;
    },
    take: (chunk) => {
      seen = Buffer.concat([seen, chunk.subarray(0, bannerBytesMax - seen.length)]);
      if (expected !== null && seen.includes(expected)) return { outcome: 'pass', saw: excerptOf(seen) };
      return seen.length >= bannerBytesMax ? { ...wrongBanner, saw: excerptOf(seen) } : null;
    },
    end: () => ({ ...wrongBanner, saw: seen.length === 0 ? 'closed without a word' : excerptOf(seen) }),
  });
}
