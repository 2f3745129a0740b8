import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandsIn, documents } from './document.fixture.ts';
import { manner, mannersOfScenarios, unusedForms, wayOf } from './way.fixture.ts';

const root = join(import.meta.dirname, '../..');
const commands = [...new Set(documents.flatMap(({ text }) => commandsIn(text)))].map((command) => ({
  command,
  way: wayOf(command),
}));

const ofKind = (kind: string) => commands.filter(({ way }) => way?.kind === kind);

test('every command of every document is run by a test, or there is a reason', () => {
  expect(commands.filter(({ way }) => way === null)).toEqual([]);
});

test('a command that nobody has thought of is found', () => {
  expect(wayOf('terraform apply')).toBeNull();
  expect(wayOf('npm run everything')).toBeNull();
  expect(unusedForms([]).length).toBeGreaterThan(40);
});

test('no form is left over from a command that was taken out', () => {
  expect(unusedForms(commands.map(({ command }) => command))).toEqual([]);
});

test('what other tests and scripts are said to run stands in them', () => {
  const lost = commands.flatMap(({ command, way }) =>
    way?.kind === 'elsewhere' && !readFileSync(join(root, way.file), 'utf8').includes(way.words)
      ? [`${command}: ${way.file} has no ${way.words}`]
      : [],
  );

  expect(ofKind('elsewhere').length).toBeGreaterThan(50);
  expect(lost).toEqual([]);
});

test('what operators do in documents, an operator does in a scenario', () => {
  const done = mannersOfScenarios();
  const isDone = (line: string) => {
    const wanted = manner(line);
    // A verb alone is one that a sentence names.
    const isNamed = line.trim().split(' ').at(-1) === wanted;
    return isNamed ? [...done].some((each) => each.split(' ')[0] === wanted) : done.has(wanted);
  };
  const lines = ofKind('scenario').map(({ command }) => command);

  expect(lines.length).toBeGreaterThan(30);
  expect(lines.filter((line) => !isDone(line))).toEqual([]);
});

test.each([
  ['npx cdk-failover switchover web --to oregon', 'switchover --to'],
  ['switchover api --to=ohio --no-wait', 'switchover --to'],
  ['maintenance web oregon on --allow-failover', 'maintenance on --allow-failover'],
  ['pause db --reason "dump --first"', 'pause --reason'],
])('the manner of %s is %s', (line, expected) => {
  expect(manner(line)).toBe(expected);
});
