import { expect, test } from 'vitest';
import { type OracleAnswer, oracleCheck } from '../../../../src/core/checkup/oracle-checks.ts';

const status = (of: number): OracleAnswer => ({ kind: 'answered', status: of });

test.each<[string, OracleAnswer, string, string]>([
  ['votes', status(200), 'ok', 'votes a site off'],
  ['does not vote', status(503), 'ok', 'casts no vote'],
  ['the public may not ask', status(403), 'bad', 'status 403: the public may not ask it'],
  ['is another function', status(404), 'bad', 'knows no such question'],
  ['is flooded', status(429), 'doubtful', 'more often than it can answer'],
  ['fails', status(502), 'bad', 'its vote is missing'],
  ['has no address', { kind: 'no-address' }, 'bad', 'has no function URL'],
  ['is silent', { kind: 'silent', why: 'no answer: timeout' }, 'unknown', 'no answer: timeout'],
])('an oracle that %s', (_, answer, state, found) => {
  const check = oracleCheck('us-east-1', answer);

  expect(check).toMatchObject({ name: 'oracle', subject: 'us-east-1', state });
  expect(check.found).toContain(found);
});

test.each<[string, OracleAnswer]>([
  ['403', status(403)],
  ['no address', { kind: 'no-address' }],
])('where a policy may be the reason, the other ways are named (%s)', (_, answer) => {
  expect(oracleCheck('us-east-1', answer).todo).toMatch(/oracle\.url or traffic\.dns\.mode: memory/);
});
