import { expect, test } from 'vitest';
import { bootstrapCheck } from '../../../../src/core/checkup/bootstrap-checks.ts';
import { type Subscription, subscriptionChecks } from '../../../../src/core/checkup/subscription-checks.ts';

const region = 'us-east-1';
const read = <T>(value: T) => ({ kind: 'read' as const, value });
const to = (endpoint: string, isConfirmed = true): Subscription => ({ protocol: 'email', endpoint, isConfirmed });
const asked = { region, emails: ['a@shop.example'], hasOthers: false };

test.each<[string, readonly Subscription[], string, string]>([
  ['all have confirmed', [to('a@shop.example')], 'ok', 'confirmed: a@shop.example'],
  ['one has not confirmed', [to('a@shop.example', false)], 'doubtful', 'not confirmed: a@shop.example'],
  ['one has unsubscribed', [to('b@shop.example')], 'doubtful', 'not subscribed: a@shop.example'],
  [
    'another one has not confirmed, and one is gone',
    [to('b@shop.example', false)],
    'doubtful',
    'not confirmed: b@shop.example; not subscribed: a@shop.example',
  ],
])('where %s', (_, all, state, found) => {
  expect(subscriptionChecks([{ ...asked, reading: read(all) }])).toMatchObject([
    { name: 'subscriptions', subject: region, state, found },
  ]);
});

test('a topic without subscribers is doubtful, unless others are told; without a topic there is no finding', () => {
  const none = { region, emails: [], reading: read([]) };

  expect(subscriptionChecks([{ ...none, hasOthers: false }])[0]?.state).toBe('doubtful');
  expect(subscriptionChecks([{ ...none, hasOthers: true }])[0]?.state).toBe('ok');
  expect(subscriptionChecks([{ ...none, hasOthers: false, reading: read(null) }])).toEqual([]);
  expect(subscriptionChecks([{ ...asked, reading: { kind: 'unread', why: 'access denied: sns:X' } }])).toMatchObject([
    { state: 'unknown', found: 'access denied: sns:X' },
  ]);
});

test.each<[number | null, boolean, string, RegExp]>([
  [null, false, 'bad', /not bootstrapped \(qualifier mine\)/],
  [null, true, 'doubtful', /not bootstrapped/],
  [5, false, 'bad', /version 5 of 6 at least/],
  [6, false, 'ok', /^version 6/],
])('bootstrap (version=%s, deployed=%s): %s', (version, isDeployed, state, found) => {
  const check = bootstrapCheck({ region, qualifier: 'mine', reading: read(version) }, isDeployed);

  expect(check).toMatchObject({ state, found: expect.stringMatching(found) });
});
