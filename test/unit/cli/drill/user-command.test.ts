import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runUserCommand } from '../../../../src/cli/drill/user-command.ts';

const never = new AbortController().signal;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'command-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test.each([
  ['echo well', null, 'well'],
  ['echo no such container >&2; exit 3', 'it exited with 3', 'no such container'],
  ['kill -9 $$', 'it was ended by SIGKILL', ''],
])('says how a command ended (%s)', async (command, fault, printed) => {
  const outcome = await runUserCommand(command, join(folder(), 'log'), never);

  expect(outcome).toMatchObject({ fault, printed });
});

test('a command that takes too long is killed, with what it started', async () => {
  const path = folder();
  const command = `sh -c 'sleep 600' & echo $! > ${path}/pid; wait`;

  const outcome = await runUserCommand(command, join(path, 'log'), never, 1_000);

  expect(outcome.fault).toBe('it took longer than 1 s and was killed');
  // The shell has ended; what it started has been sent the same signal, and may need a moment to go.
  const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
  await expect.poll(() => isRunning(pid), { timeout: 4_000 }).toBe(false);
});

test('waits for no server that the command leaves running, and goes on to take what it prints', async () => {
  const path = folder();
  const server = `(while [ ! -e ${path}/end ]; do sleep 0.05; done; echo late; touch ${path}/ended) &`;

  const outcome = await runUserCommand(`${server} echo started`, join(path, 'log'), never);

  expect(outcome).toMatchObject({ fault: null, printed: 'started' });
  expect(existsSync(join(path, 'ended'))).toBe(false);
  await runUserCommand(
    `touch ${path}/end; while [ ! -e ${path}/ended ]; do sleep 0.05; done`,
    join(path, 'log2'),
    never,
  );
  expect(readFileSync(join(path, 'log'), 'utf8')).toContain('late');
});

test('Ctrl-C ends the command', async () => {
  const stop = new AbortController();
  const running = runUserCommand('sleep 600', join(folder(), 'log'), stop.signal);

  stop.abort(new Error('interrupted'));

  await expect(running).rejects.toThrow('interrupted');
});

test('a folder that cannot be written to is one line', async () => {
  await expect(runUserCommand('true', '/absent/log', never)).rejects.toMatchObject({ code: 'USAGE' });
});

function isRunning(pid: number): boolean {
  try {
    // A zombie that its parent has not asked about has no command line.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}
