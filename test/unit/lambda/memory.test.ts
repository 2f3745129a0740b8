import { expect, test } from 'vitest';
import { reportMemory } from '../../../lambda/watcher/memory.ts';
import { alertOf } from '../../../src/core/alerting/alert.ts';
import type { FailoverEvent } from '../../../src/core/alerting/event.ts';

function reported(peakMb: number, memoryMb: number | null): readonly FailoverEvent[] {
  const events: FailoverEvent[] = [];
  reportMemory({ write: (event) => void events.push(event) }, peakMb, memoryMb);
  return events;
}

test('a watcher that came close to its memory raises an alarm that says by how much', () => {
  const [event] = reported(162.4, 192);

  expect(event).toMatchObject({ detail: 'the watcher has used 162 MB of 192', data: { peakMb: 162, memoryMb: 192 } });
  expect(event && alertOf(event)).toBe('memory-short');
});

test.each([
  ['with thirty to spare', 162, 192],
  ['where nothing limits it', 5_000, null],
])('%s, nothing is said', (_case, peakMb, memoryMb) => {
  expect(reported(peakMb, memoryMb)).toEqual([]);
});
