import { expect, test } from 'vitest';
import { newEvent } from '../../../src/core/alerting/event.ts';
import type { SimEvent } from '../../../src/sim/event.ts';
import { traceLine } from '../../../src/sim/trace.ts';

test('what is said of a service names it, because sites of two services may have one name', () => {
  const by = { role: 'watcher', place: 'us-east-1', serial: 2 };
  const events = ['db', 'web', null].flatMap((service) => {
    const event = newEvent('verdict-changed', service, 'virginia: down');
    return [
      { type: 'logged', atMs: 1_000, by, event },
      { type: 'notified', atMs: 1_000, event },
    ];
  });
  const lines: string[] = [];

  for (const event of events) traceLine(event as unknown as SimEvent, (line) => lines.push(line.trim()));

  expect(lines).toEqual([
    '1.000 us-east-1#2 verdict-changed: db: virginia: down',
    '1.000 @@ db: virginia: down',
    '1.000 us-east-1#2 verdict-changed: web: virginia: down',
    '1.000 @@ web: virginia: down',
    '1.000 us-east-1#2 verdict-changed: virginia: down',
    '1.000 @@ virginia: down',
  ]);
});
