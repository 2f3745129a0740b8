import { expect, test } from 'vitest';
import { classifyError } from '../../../../src/adapters/net/probe-failure.ts';

const errorOf = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'ENETUNREACH', 'ENETDOWN', 'EAI_AGAIN', 'EACCES'])(
  'what this machine could not do is unknown (code=%s)',
  (code) => {
    expect(classifyError(errorOf(code))).toEqual({ outcome: 'unknown', detail: `connect ${code}` });
  },
);

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timeout'],
  ['ENOTFOUND', 'unresolved'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'garbage'],
])('what the target did is its failure (code=%s)', (code, reason) => {
  expect(classifyError(errorOf(code))).toEqual({ outcome: 'fail', reason });
});

test('several addresses fail when one of them does, and are unknown when none does', () => {
  const mixed = classifyError(new AggregateError([errorOf('ENETUNREACH'), errorOf('ECONNREFUSED')]));
  const local = classifyError(new AggregateError([errorOf('ENETUNREACH'), errorOf('EMFILE')]));

  expect(mixed).toEqual({ outcome: 'fail', reason: 'refused' });
  expect(local.outcome).toBe('unknown');
});

test('an error without a code is unknown', () => {
  expect(classifyError('odd')).toEqual({ outcome: 'unknown', detail: 'odd' });
});
