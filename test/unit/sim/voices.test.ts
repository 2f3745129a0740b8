import { describe, expect, test } from 'vitest';
import { blankTrack, type Opinion } from '../../../src/core/detection/opinion.ts';
import { Voices } from '../../../src/sim/checkers/checker.ts';
import type { SimEvent } from '../../../src/sim/event.ts';
import { SimSites } from '../../../src/sim/world/sites.ts';
import { serviceWith } from '../core/service.fixture.ts';

const service = serviceWith({});
const { intervalMs, opinionTtlMs } = service.detection;
const onItsWayMs = intervalMs + 5_000;

const voice = (atMs: number, opinion: Opinion, watcher = 'a') =>
  ({
    type: 'voice',
    atMs,
    watcher,
    item: { tracks: { [service.name]: { one: { ...blankTrack, opinion } } } },
  }) as unknown as SimEvent;

function downsAt(nowMs: number, ...events: readonly SimEvent[]): number {
  const voices = new Voices({ sites: new SimSites() });
  for (const event of events) voices.hear(event);
  return voices.count(service, 'one', nowMs, ({ opinion }) => opinion === 'down');
}

describe('what a decision may have been made by', () => {
  test.each([
    ['is as old as it may be', opinionTtlMs + onItsWayMs, 1],
    ['is older', opinionTtlMs + onItsWayMs + 1, 0],
  ])('counts a word that %s %#', (_, nowMs, downs) => {
    expect(downsAt(nowMs, voice(0, 'down'))).toBe(downs);
  });

  test.each([
    ['for as long as it may have been read before', onItsWayMs, 1],
    ['no longer', onItsWayMs + 1, 0],
  ])('counts a word that another has followed %s %#', (_, sinceMs, downs) => {
    expect(downsAt(1_000 + sinceMs, voice(0, 'down'), voice(1_000, 'up'))).toBe(downs);
  });

  test('counts each watcher once', () => {
    expect(downsAt(2_000, voice(0, 'down'), voice(1_000, 'down'), voice(1_000, 'down', 'b'))).toBe(2);
  });

  test('counts nobody who says nothing of the site', () => {
    const silent = { ...voice(0, 'down'), item: { tracks: {} } } as unknown as SimEvent;

    expect(downsAt(0, silent)).toBe(0);
  });
});
