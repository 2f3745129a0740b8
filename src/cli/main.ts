#!/usr/bin/env node
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import manifest from '../../package.json' with { type: 'json' };
import { isDumbTerminal } from '../config/env.ts';
import { actionsOn } from './actions.ts';
import { run } from './run.ts';
import { plainPage } from './show/layout.ts';
import { Interruption, printable, type Terminal, terminalPage } from './terminal.ts';

const stop = new AbortController();
/** Becomes 1 when the output is not all there, such as on a disk that is full. */
let unwrittenExit = 0;

/** The first signal lets the verb clean up; the second one does not wait for it. */
function interrupt(reason: string, exit: number): void {
  if (stop.signal.aborted) process.exit(exit);
  stop.abort(new Interruption(reason, exit));
}

process.on('SIGINT', () => interrupt('interrupted', 130));
process.on('SIGTERM', () => interrupt('told to stop', 143));
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read the output has left, as `head` does: nothing more to say, and nobody to say it to.
    const hasLeft = error.code === 'EPIPE' || stop.signal.aborted;
    stop.abort(new Interruption('nobody reads the output', 141));
    if (hasLeft) return;
    unwrittenExit = 1;
    process.exitCode ||= unwrittenExit;
    if (stream === process.stdout) process.stderr.write(`cdk-failover: the output cannot be written (${error.code})\n`);
  });
}

// Warnings of the runtime, such as the SDK's about the age of Node, are for whoever builds this, not for who uses it.
if (!process.argv.includes('--debug')) process.removeAllListeners('warning');

/** Whether somebody looks at a stream on a terminal that lines can be drawn on. */
const isDrawnOn = ({ isTTY }: NodeJS.WriteStream) => isTTY === true && !isDumbTerminal();
const [isOutDrawn, isErrDrawn] = [isDrawnOn(process.stdout), isDrawnOn(process.stderr)];

const terminal: Terminal = {
  out: (text) => void process.stdout.write(printable(text, isOutDrawn)),
  err: (text) => void process.stderr.write(printable(text, isErrDrawn)),
  isErrWatched: isErrDrawn,
  page: isOutDrawn ? terminalPage(process.stdout.columns, process.stdout.hasColors()) : plainPage,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  userName: readUserName(),
  signal: stop.signal,
};

const exit = await run(process.argv.slice(2), actionsOn(terminal), terminal, manifest.version);
process.exitCode = exit || unwrittenExit;

/** The question goes where errors go: what is printed for programs stays free of it. */
async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question, { signal: stop.signal });
  } finally {
    reader.close();
  }
}

function readUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers run under user numbers that have no name.
    return 'operator';
  }
}
