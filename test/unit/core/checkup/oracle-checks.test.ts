import { expect, test } from 'vitest';
import { oracleChecks } from '../../../../src/core/checkup/oracle-checks.ts';
import type { OracleReading } from '../../../../src/core/dns/readings.ts';

/** Answers to one question after another. */
const answers = (why: string | null, ...all: readonly number[]): OracleReading => ({
  kind: 'answered',
  statuses: Object.fromEntries(all.map((status, place) => [`web/site-${place}`, status])),
  why,
});
const status = (of: number): OracleReading => answers(null, of);
const checkOf = (reading: OracleReading) => oracleChecks({ 'us-east-1': reading })[0];

test.each<[string, OracleReading, string, string]>([
  ['votes', status(200), 'ok', 'votes a site off'],
  ['does not vote', status(503), 'ok', 'casts no vote'],
  ['the public may not ask', status(403), 'bad', 'status 403: the public may not ask it'],
  ['is another function', status(404), 'bad', 'knows no such question'],
  ['is flooded', status(429), 'doubtful', 'more often than it can answer'],
  ['fails', status(502), 'bad', 'its vote is missing'],
  ['has no address', { kind: 'no-address' }, 'bad', 'has no function URL'],
  ['votes one site off, and not another', answers(null, 503, 200), 'ok', 'votes a site off'],
  ['fails at one question only', answers(null, 503, 502), 'bad', 'status 502'],
  ['fails at one question, and is silent at another', answers('no answer: timeout', 502), 'bad', 'status 502'],
  ['is silent at one question only', answers('no answer: timeout', 503), 'unknown', 'no answer: timeout'],
  ['is silent', { kind: 'silent', why: 'no answer: timeout' }, 'unknown', 'no answer: timeout'],
])('an oracle that %s', (_, answer, state, found) => {
  const check = checkOf(answer);

  expect(check).toMatchObject({ name: 'oracle', subject: 'us-east-1', state });
  expect(check?.found).toContain(found);
});

test.each<[string, OracleReading]>([
  ['403', status(403)],
  ['no address', { kind: 'no-address' }],
])('where a policy may be the reason, the other ways are named (%s)', (_, answer) => {
  expect(checkOf(answer)?.todo).toMatch(/oracle\.url or traffic\.dns\.mode: memory/);
});
