import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootstrapQualifierFor } from '../../../../src/cli/deploy/bootstrap-qualifier.ts';

/** A configuration beside a `cdk.json` with this text; null: there is none. */
function configBeside(text: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'failover-qualifier-'));
  if (text !== null) writeFileSync(join(folder, 'cdk.json'), text);
  return join(folder, 'failover.config.yaml');
}

test.each([
  ['names one', '{ "context": { "@aws-cdk/core:bootstrapQualifier": "mine" } }', 'mine'],
  ['names none', '{ "context": {} }', 'hnb659fds'],
  ['has no context', '{ "app": "x" }', 'hnb659fds'],
  ['cannot be read', '{', 'hnb659fds'],
])('the qualifier where cdk.json %s', (_, text, qualifier) => {
  expect(bootstrapQualifierFor(configBeside(text))).toBe(qualifier);
});

test('the qualifier is that of the working folder where none is beside the configuration', () => {
  // The cdk.json of this repository names none.
  expect(bootstrapQualifierFor(configBeside(null))).toBe('hnb659fds');
});
