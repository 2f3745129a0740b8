import { createSocket, type Socket } from 'node:dgram';
import type { Observation } from '../../core/detection/observation.ts';
import type { UdpProbe } from '../../core/model/probe.ts';
import { deadline } from '../system/deadline.ts';
import { excerptOf } from './excerpt.ts';
import { addressOf } from './lookup.ts';
import { expire, type Finding, observe } from './probe-attempt.ts';
import { classifyError } from './probe-failure.ts';

/** How often a datagram is sent within a deadline. Source: our own; one loss in a hundred is common, three are not. */
const sendCount = 3;

/**
 * Sends a datagram, again when nothing comes back, and judges the first answer from there.
 *
 * The socket is connected, so that an answer of anybody else is not seen, and a closed port is.
 *
 * @returns `wrong-body` for an answer without what is expected; never rejects
 */
export function probeUdp(probe: UdpProbe): Promise<Observation> {
  const startMs = performance.now();
  const sent = probe.sendHex === undefined ? Buffer.from(probe.send ?? '') : Buffer.from(probe.sendHex, 'hex');
  const expected =
    probe.expectHex === undefined ? Buffer.from(probe.expect ?? '') : Buffer.from(probe.expectHex, 'hex');
  return new Promise((resolve) => {
    let socket: Socket | null = null;
    let isSettled = false;
    const cancels: (() => void)[] = [];
    const settle = (finding: Finding): void => {
      if (isSettled) return;
      isSettled = true;
      for (const cancel of cancels) cancel();
      socket?.close();
      resolve(observe(finding, performance.now() - startMs));
    };
    cancels.push(deadline(probe.timeoutMs, () => settle(expire(performance.now() - startMs - probe.timeoutMs))));

    const open = ({ address, family }: { readonly address: string; readonly family: number }): void => {
      if (isSettled) return;
      const own = createSocket(family === 6 ? 'udp6' : 'udp4');
      socket = own;
      own.on('error', (error) => settle(classifyError(error)));
      own.on('message', (answer) => settle(judge(answer, expected)));
      own.connect(probe.port, address, () => {
        if (isSettled) return;
        own.send(sent);
        for (let count = 1; count < sendCount; count += 1) {
          cancels.push(deadline((count * probe.timeoutMs) / sendCount, () => own.send(sent)));
        }
      });
    };
    addressOf(probe.host)
      .then(open)
      .catch((error: unknown) => settle(classifyError(error)));
  });
}

function judge(answer: Buffer, expected: Buffer): Finding {
  if (answer.includes(expected)) return { outcome: 'pass', saw: excerptOf(answer) };
  return { outcome: 'fail', reason: 'wrong-body', saw: excerptOf(answer) };
}
