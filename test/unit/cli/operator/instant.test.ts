import { describe, expect, test } from 'vitest';
import { readInstant } from '../../../../src/cli/operator/instant.ts';

describe('a time with its zone', () => {
  test.each([
    ['2026-12-01T02:00Z', Date.UTC(2026, 11, 1, 2)],
    ['2026-12-01T02:00:30Z', Date.UTC(2026, 11, 1, 2, 0, 30)],
    ['2026-12-01t02:00:00.999z', Date.UTC(2026, 11, 1, 2)],
    ['2026-12-01 02:00+01:00', Date.UTC(2026, 11, 1, 1)],
    ['2026-12-01T02:00-03:30', Date.UTC(2026, 11, 1, 5, 30)],
    ['2028-02-29T23:59Z', Date.UTC(2028, 1, 29, 23, 59)],
    [' 1970-01-01T00:00Z ', 0],
  ])('%s is read', (text, ms) => {
    expect(readInstant('--at', text)).toBe(ms);
  });

  test.each([
    ['2026-12-01T02:00', 'say the zone: 2026-12-01T02:00Z for UTC, or 2026-12-01T02:00+01:00'],
    ['2026-12-01', 'write a date and a time, such as 2026-12-01T02:00Z'],
    ['tomorrow', 'write a date and a time, such as 2026-12-01T02:00Z'],
    ['02:00Z', 'write a date and a time, such as 2026-12-01T02:00Z'],
    ['', 'write a date and a time, such as 2026-12-01T02:00Z'],
    ['2026-02-30T02:00Z', 'there is no such time'],
    ['2026-13-01T02:00Z', 'there is no such time'],
    ['2026-12-01T24:00Z', 'there is no such time'],
    ['2026-12-01T02:60Z', 'there is no such time'],
    ['2026-12-01T02:00:60Z', 'there is no such time'],
    ['2026-12-01T02:00+24:00', 'there is no such time'],
    ['2026-12-01T02:00+01:60', 'there is no such time'],
  ])('%s is refused with what to write', (text, says) => {
    expect(() => readInstant('--at', text)).toThrow(`--at ${text}: ${says}`);
  });
});
