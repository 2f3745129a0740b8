import { expect, test } from 'vitest';
import { type FailoverEvent, newEvent } from '../../../src/core/alerting/event.ts';
import {
  all,
  call,
  inParallel,
  pause,
  type Routine,
  random,
  readTime,
  spawn,
  unfinished,
} from '../../../src/core/routine.ts';
import { PortError } from '../../../src/ports/port-error.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { runRoutine } from '../../../src/ports/routine-runner.ts';

function portsWith(more: Ports['handlers'] = {}): Ports & { readonly logged: FailoverEvent[] } {
  const logged: FailoverEvent[] = [];
  return {
    clock: {
      wallMs: () => 100,
      monotonicMs: () => 7,
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener('abort', () => reject(signal.reason));
          setImmediate(resolve);
        }),
    },
    rng: { next: () => 0.25 },
    handlers: {
      log: async ({ event }) => {
        logged.push(event);
        return null;
      },
      ...more,
    },
    logged,
  };
}

/** A handler that answers when told to. */
function heldResolver() {
  const waiting = new Map<string, (addresses: string[]) => void>();
  return {
    waiting,
    resolve: ({ name }: { readonly name: string }) =>
      new Promise<{ addresses: string[] }>((resolve) => {
        waiting.set(name, (addresses) => resolve({ addresses }));
      }),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const resolveName = (name: string) => call('resolve', { name });

test('calls, clocks, randomness and pauses reach the ports', async () => {
  function* routine(): Routine<unknown> {
    yield* pause(5);
    yield* call('log', { event: newEvent('failover', null, 'told') });
    return [yield* readTime(), yield* random()];
  }
  const ports = portsWith();

  const result = await runRoutine(routine(), ports);

  expect(result).toEqual([{ wallMs: 100, monotonicMs: 7 }, 0.25]);
  expect(ports.logged.map(({ detail }) => detail)).toEqual(['told']);
});

test.each([
  [
    'its own fault for a PortError',
    new PortError({ kind: 'throttled', detail: 'slow' }),
    { kind: 'throttled', detail: 'slow' },
  ],
  ['unavailable for any other error', new Error('broken'), { kind: 'unavailable', detail: 'broken' }],
  ['unavailable for what is no error', 'text', { kind: 'unavailable', detail: 'text' }],
])('a port that rejects is answered with %s', async (_, thrown, fault) => {
  const resolve = () => Promise.reject(thrown);

  const answer = await runRoutine(resolveName('a'), portsWith({ resolve }));

  expect(answer).toEqual({ ok: false, fault });
});

test('a port that throws before it returns a promise is answered with a fault too', async () => {
  const resolve = () => {
    throw new Error('at once');
  };

  const answer = await runRoutine(resolveName('a'), portsWith({ resolve }));

  expect(answer).toEqual({ ok: false, fault: { kind: 'unavailable', detail: 'at once' } });
});

test('a call that the process has no handler for is answered with invalid', async () => {
  const answer = await runRoutine(resolveName('a'), portsWith());

  expect(answer).toEqual({ ok: false, fault: { kind: 'invalid', detail: 'this process cannot resolve' } });
});

test('routines side by side wait for one another, not in turn, and keep their order', async () => {
  const { resolve, waiting } = heldResolver();
  const result = runRoutine(all([resolveName('a'), resolveName('b')]), portsWith({ resolve }));
  await settled();

  const asked = [...waiting.keys()];
  waiting.get('b')?.(['2']);
  await settled();
  waiting.get('a')?.(['1']);

  expect(asked).toEqual(['a', 'b']);
  expect(await result).toMatchObject([{ value: { addresses: ['1'] } }, { value: { addresses: ['2'] } }]);
});

test('as soon as it is enough the rest is marked unfinished, and finishes unobserved', async () => {
  const { resolve, waiting } = heldResolver();
  const enough = (results: readonly unknown[]) => results.filter((one) => one !== unfinished).length >= 2;
  const routines = ['a', 'b', 'c'].map(resolveName);
  const result = runRoutine(inParallel(routines, enough), portsWith({ resolve }));
  await settled();

  waiting.get('c')?.(['3']);
  waiting.get('a')?.(['1']);
  const results = await result;
  waiting.get('b')?.(['2']);
  await settled();

  expect(results.map((one) => one === unfinished)).toEqual([false, true, false]);
});

test('nothing side by side is nothing', async () => {
  expect(await runRoutine(all([]), portsWith())).toEqual([]);
});

test('an error of a routine side by side is an error of the whole', async () => {
  function* broken(): Routine<never> {
    yield* pause(1);
    throw new Error('broken');
  }

  const result = runRoutine(all([broken(), pause(1)]), portsWith());

  await expect(result).rejects.toThrow('broken');
});

test('a spawned routine goes on by itself; its error is logged and harms nobody', async () => {
  function* broken(): Routine<void> {
    yield* pause(1);
    throw new Error('broken');
  }
  function* routine(): Routine<string> {
    yield* spawn(broken());
    return 'done';
  }
  const ports = portsWith();

  const result = await runRoutine(routine(), ports);
  await settled();
  await settled();

  expect(result).toBe('done');
  expect(ports.logged).toMatchObject([{ kind: 'invariant-broken', detail: 'broken' }]);
});

test('an abort ends a routine in its pause with the reason, and what it spawned without a word', async () => {
  const aborter = new AbortController();
  function* forever(): Routine<void> {
    for (;;) yield* pause(1);
  }
  function* routine(): Routine<void> {
    yield* spawn(forever());
    yield* forever();
  }
  const ports = portsWith();
  const result = runRoutine(routine(), ports, aborter.signal);

  aborter.abort(new Error('time is up'));

  await expect(result).rejects.toThrow('time is up');
  await settled();
  expect(ports.logged).toEqual([]);
});

test('an abort lets a call under way end and takes nothing further', async () => {
  const aborter = new AbortController();
  const { resolve, waiting } = heldResolver();
  function* routine(): Routine<void> {
    yield* resolveName('a');
    yield* resolveName('b');
  }
  const result = runRoutine(routine(), portsWith({ resolve }), aborter.signal);
  await settled();

  aborter.abort(new Error('time is up'));
  waiting.get('a')?.([]);

  await expect(result).rejects.toThrow('time is up');
  expect([...waiting.keys()]).toEqual(['a']);
});
