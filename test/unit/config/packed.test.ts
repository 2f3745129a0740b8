import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changesBetween } from '../../../src/config/changes/changes.ts';
import { readPacked } from '../../../src/config/packed.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';

test.each(readdirSync('examples'))('what is packed of examples/%s is read as it was', (name) => {
  const deployment = exampleDeployment(name);

  const read = readPacked(JSON.stringify(deployment), 'what runs');

  expect(read).toEqual(deployment);
  expect(changesBetween(read, deployment)).toEqual([]);
});

test('what a version before did not have gets its default', () => {
  const deployment = exampleDeployment('two-regions');
  const { doctor, ...older } = deployment;

  expect(readPacked(JSON.stringify(older), 'what runs').doctor).toEqual(doctor);
});

test.each([
  ['{', 'what runs: the configuration beside the code is no JSON'],
  ['{}', 'what runs: name: '],
])('what cannot be read says where it was: %s', (text, message) => {
  expect(() => readPacked(text, 'what runs')).toThrowError(expect.objectContaining({ code: 'CONFIG' }));
  expect(() => readPacked(text, 'what runs')).toThrowError(message);
});
