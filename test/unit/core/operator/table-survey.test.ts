import { expect, test } from 'vitest';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { readDeployment } from '../../../../src/core/operator/table-survey.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import { service } from '../service.fixture.ts';

const deployment = {
  name: 'x',
  controlRegions: ['region-1', 'region-2', 'region-3'],
  services: { [service.name]: service },
  groups: {},
} as unknown as Deployment;

/** What a call takes that nobody answers, in milliseconds. */
const callMs = 300;

/** Runs a reading on a clock of its own; `answer` is what each table says. */
function read<T>(routine: Routine<T>, answer: (region: string) => unknown, clock = { ms: 0, calls: 0 }) {
  let next = routine.next();
  while (!next.done) {
    const request = next.value;
    if (request.kind === 'time') next = routine.next({ wallMs: clock.ms, monotonicMs: clock.ms });
    else if (request.kind === 'pause') {
      clock.ms += request.ms;
      next = routine.next();
    } else if (request.kind === 'fork') {
      const beganMs = clock.ms;
      const results = request.routines.map((each) => read(each as Routine<unknown>, answer, clock).value);
      clock.ms = beganMs + callMs;
      next = routine.next(results);
    } else if (request.kind === 'call') {
      clock.calls += 1;
      next = routine.next(answer((request.input as unknown as { region: string }).region));
    } else throw new Error(`not answered here: ${request.kind}`);
  }
  return { value: next.value, ...clock };
}

const unreachable = { ok: false, fault: { kind: 'unavailable', detail: 'cannot be reached' } };

test('a reader whom no table answers does not listen for watchers that it cannot hear', () => {
  const { value, ms, calls } = read(readDeployment(deployment), () => unreachable);

  expect(value.answered).toEqual([]);
  expect(Object.keys(value.silent)).toEqual(deployment.controlRegions);
  expect(calls).toBe(3);
  expect(ms).toBeLessThan(service.detection.opinionTtlMs);
  expect(ms).toBeLessThan(3_000);
});

test('a reader whom one table answers listens for as long as an opinion counts', () => {
  const view = { ok: true, value: { opinions: null, acceptors: { [service.name]: null } } };

  const { value, ms } = read(readDeployment(deployment), (region) => (region === 'region-1' ? view : unreachable));

  expect(value.answered).toEqual(['region-1']);
  expect(ms).toBeGreaterThan(service.detection.opinionTtlMs);
});
