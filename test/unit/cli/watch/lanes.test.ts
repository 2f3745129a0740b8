import { expect, test } from 'vitest';
import { terminalPage } from '../../../../src/cli/terminal.ts';
import { changesBetween, changeText, type Fact } from '../../../../src/cli/watch/facts.ts';
import { Lanes } from '../../../../src/cli/watch/lanes.ts';

const fact = (name: string, value: string, more: Partial<Fact> = {}): Fact => ({
  service: 'web',
  name,
  value,
  tone: null,
  lane: 'opinions',
  detail: '',
  ...more,
});

function drawn(looks: readonly (readonly Fact[] | null)[], width = 40): readonly string[] {
  const lanes = new Lanes(terminalPage(width, false), 500);
  for (const facts of looks) lanes.add(facts, []);
  return lanes.draw([]).split('\n');
}

test('a lane is a mark a look, the newest at the right', () => {
  const looks = ['up', 'up', 'suspect', 'down', 'silent'].map((value) => [fact('east', value)]);

  expect(drawn(looks).find((line) => line.startsWith('east'))).toMatch(/^east +--\?X\.$/);
});

test('a lane of names has the name where it begins, cut where it is short', () => {
  const looks = ['virginia', 'oregon', 'oregon', 'oregon', 'oregon', 'oregon', 'oregon', 'oregon'].map((value) => [
    fact('register', value, { lane: 'names' }),
  ]);

  expect(drawn(looks)[1]).toMatch(/^register +voregon=$/);
});

test('a look that found nothing out, and time without a look, are not filled with what was before', () => {
  const lanes = new Lanes(terminalPage(40, false), 500);
  lanes.add([fact('east', 'up')], []);
  lanes.add(null, []);
  lanes.add([fact('east', 'down')], [], 1);

  expect(lanes.draw([]).split('\n')[1]).toMatch(/^east +-\.X$/);
});

test('names give way to the lanes where there is little room', () => {
  const [, line = ''] = drawn([[fact('a-region-with-a-long-name on a-site-with-one', 'up')]], 30);

  expect(line).toHaveLength(30);
  expect(line).toContain('~ ');
});

test('however long it goes on, a lane is as wide as its room', () => {
  const looks = Array.from({ length: 2_000 }, () => [fact('east', 'up')]);

  expect(drawn(looks, 60)[1]).toBe(`east ${'-'.repeat(55)}`);
});

test('a change is a fact with another value; what a new run has not begun yet is none', () => {
  const before = [fact('east', 'up'), fact('why', 'x', { detail: 'one' })];
  const after = [
    fact('east', 'down', { detail: 'timeout' }),
    fact('why', 'x', { detail: 'another' }),
    fact('run 2, dns', 'pending'),
    fact('run 2', 'running'),
  ];

  expect(changesBetween(before, after, 7).map(changeText)).toEqual([
    'web: east: up > down (timeout)',
    'web: run 2: new > running',
  ]);
});
