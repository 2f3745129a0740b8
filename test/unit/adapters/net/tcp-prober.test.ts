import { expect, test } from 'vitest';
import { createNetProber } from '../../../../src/adapters/net/net-prober.ts';
import { bannerBytesMax, probeTcp } from '../../../../src/adapters/net/tcp-prober.ts';
import { plainProbe, type TcpProbe } from '../../../../src/core/model/probe.ts';
import { answering, closedPort, flood, startTarget } from './target.ts';

/** Deadline of a probe that an answer ends: far off, so that a busy machine does not end it first. */
const answerMs = 30_000;
/** Deadline of a probe that nothing else ends. */
const silenceMs = 300;

function probeOf(port: number, expectBanner?: string, timeoutMs = answerMs): TcpProbe {
  return { type: 'tcp', host: '127.0.0.1', port, timeoutMs, corroborating: false, expectBanner };
}

test('passes once connected, and closes at once', async () => {
  let isEnded = false;
  const { port } = await startTarget((socket) => {
    socket.resume().on('end', () => {
      isEnded = true;
    });
  });

  const observation = await probeTcp(probeOf(port));

  expect(observation).toMatchObject({ outcome: 'pass' });
  await expect.poll(() => isEnded, { interval: 5, timeout: answerMs }).toBe(true);
});

test('fails with refused where nothing listens', async () => {
  const observation = await probeTcp(probeOf(await closedPort()));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'refused' });
});

test('passes for the expected banner, however it is cut', async () => {
  const { port } = await startTarget((socket) => {
    socket.write('220 ma');
    setImmediate(() => socket.write('il ready'));
  });

  const observation = await probeTcp(probeOf(port, '220 mail'));

  expect(observation).toMatchObject({ outcome: 'pass' });
});

test.each<[string, string, Parameters<typeof startTarget>[0]]>([
  ['another banner and the end', 'wrong-banner', (socket) => socket.end('SSH-2.0')],
  [`${bannerBytesMax} bytes without it`, 'wrong-banner', (socket) => flood(socket, Buffer.alloc(1_024, 'x'))],
  ['silence', 'timeout', () => undefined],
])('fails by the deadline for %s (%s)', { retry: 10 }, async (_, reason, behave) => {
  const { port } = await startTarget(behave);
  const startMs = performance.now();

  const observation = await probeTcp(probeOf(port, '220 mail', reason === 'timeout' ? silenceMs : answerMs));

  expect(observation).toMatchObject({ outcome: 'fail', reason });
  expect(performance.now() - startMs).toBeLessThan(answerMs);
});

test('is unknown when the port is none: that is not the site’s failure', async () => {
  const observation = await probeTcp(probeOf(70_000));

  expect(observation.outcome).toBe('unknown');
});

test('goes by the probe’s type', async () => {
  const { port } = await startTarget(answering('HTTP/1.1 503 No\r\n\r\n'));
  const prober = createNetProber({ controlTargets: [], controlTimeoutMs: answerMs });
  const url = `http://127.0.0.1:${port}/`;

  const tcp = await prober.probe(probeOf(port));
  const http = await prober.probe(plainProbe(url, answerMs));

  expect([tcp.outcome, http.outcome]).toEqual(['pass', 'fail']);
});

test.each([
  [0, 0, true],
  [1, 1, true],
  [0, 2, false],
])(
  'the self-check holds when one control target answers or none is named (up=%i, down=%i)',
  async (up, down, expected) => {
    const targets = await Promise.all(Array.from({ length: up }, () => startTarget(() => undefined)));
    const ports = [
      ...targets.map(({ port }) => port),
      ...(await Promise.all(Array.from({ length: down }, closedPort))),
    ];
    const controlTargets = ports.map((port) => ({ host: '127.0.0.1', port }));

    const answer = await createNetProber({ controlTargets, controlTimeoutMs: answerMs }).checkSelf();

    expect(answer).toEqual({ isConnected: expected });
  },
);
