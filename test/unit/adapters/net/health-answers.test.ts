import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createNetProber } from '../../../../src/adapters/net/net-prober.ts';
import type { Observation } from '../../../../src/core/detection/observation.ts';
import { plainProbe } from '../../../../src/core/model/probe.ts';

const page = readFileSync(new URL('../../../../docs/health-answers.md', import.meta.url), 'utf8');

/** Far off: a machine that is busy takes seconds to start a process. */
const startMs = 120_000;
const answerMs = 30_000;

const servers = [
  { language: 'js', command: process.execPath, file: 'health.mjs', failure: 'throw new Error();' },
  { language: 'python', command: 'python3', file: 'health.py', failure: 'raise OSError' },
] as const;

type Server = (typeof servers)[number];

/** The program of one language, as it stands on the page. */
function programIn({ language }: Server): string {
  const [, program] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return program ?? '';
}

/** Runs a program, and probes the page that it serves on loopback. */
async function observe({ command, file }: Server, program: string): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), 'health-answers-'));
  writeFileSync(join(folder, file), program);
  const child = spawn(command, [join(folder, file)], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const probe = { ...plainProbe(`http://127.0.0.1:${await portOf(child)}/healthz`, answerMs, 'ok') };
  return createNetProber({ controlTargets: [], controlTimeoutMs: answerMs }).probe(probe);
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('nothing can be read of the server');
  const exited = once(child, 'exit').then(() => Promise.reject(new Error('the server has ended')));
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exited]);
  return Number(String(line).replace('port ', ''));
}

test.each(servers)(
  'the server in $language says each header so that it is read',
  { timeout: startMs },
  async (server) => {
    const observation = await observe(server, programIn(server));

    expect(observation).toMatchObject({
      outcome: 'pass',
      report: { role: 'active', replicationLagMs: 120, load: 40, ready: true, clockOffsetMs: expect.any(Number) },
    });
  },
);

test.each(servers)('the server in $language fails when it cannot tell', { timeout: startMs }, async (server) => {
  const blind = programIn(server).replace(/return \{.*\}.*/, server.failure);

  const observation = await observe(server, blind);

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'wrong-status', saw: 'status 503' });
});
