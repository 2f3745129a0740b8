import { expect, test } from 'vitest';
import { credentialsCheck, type Identity, identityTrouble } from '../../../../src/core/checkup/account-checks.ts';

const own: Identity = { kind: 'known', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/eve' };
const because = { detail: 'no profile', profile: null };
const named = { detail: 'not found', profile: 'nope' };

test.each<[string, string | undefined, Identity, string, string]>([
  ['of the account that is named', '111122223333', own, 'ok', 'account 111122223333, as arn:'],
  ['of any account where none is named', undefined, own, 'ok', 'account 111122223333'],
  ['of another account', '999999999999', own, 'bad', 'shop is for account 999999999999'],
  ['that are not there', undefined, { kind: 'missing', ...because }, 'bad', 'no AWS credentials: no profile'],
  [
    'of a profile that is not there',
    undefined,
    { kind: 'missing', ...named },
    'bad',
    'no AWS credentials in profile "nope"',
  ],
  ['whose time is over', undefined, { kind: 'expired', ...because }, 'bad', 'have expired: no profile'],
  ['that AWS refuses', undefined, { kind: 'rejected', ...because }, 'bad', 'does not take these credentials'],
  [
    'that nobody can judge',
    undefined,
    { kind: 'unknown', detail: 'no profile' },
    'unknown',
    'no region says whose they are',
  ],
])('credentials %s', (_, account, identity, state, found) => {
  const check = credentialsCheck('shop', account, identity);

  expect(check).toMatchObject({ name: 'credentials', subject: 'shop', state });
  expect(check.found).toContain(found);
  expect(check.todo === null).toBe(state !== 'bad');
});

test('what nobody can judge is no trouble of the credentials', () => {
  expect(identityTrouble('shop', undefined, { kind: 'unknown', detail: 'no profile' })).toBeNull();
});

test.each([
  ['missing', 'nope', 'sign in with "aws sso login --profile nope"'],
  ['expired', 'nope', 'sign in again, as with "aws sso login --profile nope"'],
  ['expired', null, 'sign in again, as with "aws sso login"'],
] as const)('credentials that are %s of profile %s name the profile to sign in with', (kind, profile, todo) => {
  expect(identityTrouble('shop', undefined, { kind, detail: 'x', profile })?.todo).toContain(todo);
});
