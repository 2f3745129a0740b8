import { expect, test } from 'vitest';
import { z } from 'zod';
import { examineTables } from '../../../../src/adapters/aws/checkup/table-inquiry.ts';
import { doctorSchema } from '../../../../src/config/published/doctor-schema.ts';
import { personTimes } from '../../../../src/core/checkup/checkup-times.ts';
import { repositoryFiles } from '../../../support/repository-files.ts';
import { fakeTarget, memoriesSaying } from '../../cli/operator/target.fixture.ts';
import { readRepository } from '../shop.fixture.ts';

test('schemas/doctor.schema.json is what the shape says (npm run docs writes it)', () => {
  expect(readRepository('schemas/doctor.schema.json')).toBe(doctorSchema());
});

const check = { name: 'quorum', subject: 'web', state: 'ok', found: '3 of 3 know the sites', todo: null };
const answer = { version: 1, deployment: 'shop', where: { kind: 'lab', pid: 7 }, checks: [check] };
const schema = z.fromJSONSchema(JSON.parse(doctorSchema()));

test('the published schema takes an answer, and refuses one that is not whole', () => {
  expect(schema.safeParse(answer).success).toBe(true);
  for (const key of Object.keys(answer)) expect(schema.safeParse({ ...answer, [key]: undefined }).success).toBe(false);
  for (const key of Object.keys(check)) {
    expect(schema.safeParse({ ...answer, checks: [{ ...check, [key]: undefined }] }).success).toBe(false);
  }
  expect(schema.safeParse({ ...answer, checks: [{ ...check, state: 'fine' }] }).success).toBe(false);
});

test.each([
  ['all is well', fakeTarget()],
  ['a region is dark', fakeTarget(['us-east-2'])],
  ['nobody decides', fakeTarget(['us-west-2', 'us-east-2'])],
  ['DNS leads elsewhere', fakeTarget([], { dns: memoriesSaying(() => 'ALARM') })],
])('what doctor finds has the published shape while %s', async (_, target) => {
  const checks = await examineTables(target.deployment, target, personTimes);

  expect(checks.length).toBeGreaterThan(5);
  expect(schema.safeParse({ ...answer, checks }).error).toBeUndefined();
});

test('each check that doctor knows has a row in docs/doctor.md', () => {
  const sources = repositoryFiles().filter(({ path }) => path.startsWith('src/core/checkup/'));
  const names = sources.flatMap(({ text }) => [...text.matchAll(/\bname: '([a-z ]+)'/g)].map(([, name = '']) => name));
  const rows = readRepository('docs/doctor.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !rows.some((row) => row.split(' | ')[0]?.includes(`\`${name}\``)))).toEqual([]);
});
