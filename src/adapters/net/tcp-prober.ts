import { connect } from 'node:net';
import type { Observation } from '../../core/detection/observation.ts';
import type { TcpProbe } from '../../core/model/probe.ts';
import { connectOptions } from './http-target.ts';
import { attemptProbe, type Finding } from './probe-attempt.ts';

/** Most bytes of a greeting that are read; a banner that is expected has to be within them. */
export const bannerBytesMax = 4 * 1024;

const wrongBanner: Finding = { outcome: 'fail', reason: 'wrong-banner' };

/**
 * Connects, and waits for the banner when one is expected.
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
    begin: () => (expected === null ? { outcome: 'pass' } : null),
    take: (chunk) => {
      seen = Buffer.concat([seen, chunk.subarray(0, bannerBytesMax - seen.length)]);
      if (expected !== null && seen.includes(expected)) return { outcome: 'pass' };
      return seen.length >= bannerBytesMax ? wrongBanner : null;
    },
    end: () => wrongBanner,
  });
}
