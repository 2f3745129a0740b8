import { expect, test } from 'vitest';
import {
  placeCheck,
  type SeenInterface,
  type WantedPlace,
} from '../../../../../src/core/checkup/places/place-checks.ts';
import { notAsked } from '../../../../../src/core/checkup/reading.ts';

const eni: SeenInterface = {
  networkInterfaceId: 'eni-1',
  instanceId: 'i-1',
  privateIpAddresses: ['10.0.0.5', '10.0.0.6'],
  checksAddresses: false,
  isAttached: true,
};
const toInstance = { place: { instanceId: 'i-1' } };
const toInterface = { place: { networkInterfaceId: 'eni-1' } };
const check = (wanted: readonly WantedPlace[], value: readonly SeenInterface[]) =>
  placeCheck({ subject: 'web/oregon', region: 'us-west-2', wanted, reading: { kind: 'read', value } });

test('places that are there are well, and are named', () => {
  const wanted: WantedPlace[] = [
    { kind: 'route', ...toInstance },
    { kind: 'address', place: { networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.6' } },
  ];

  expect(check(wanted, [eni])).toEqual({
    name: 'places',
    subject: 'web/oregon',
    state: 'ok',
    found: 'i-1, eni-1: there',
    todo: null,
  });
});

test.each<[string, WantedPlace, readonly SeenInterface[], RegExp, RegExp]>([
  [
    'an instance that is gone',
    { kind: 'address', ...toInstance },
    [],
    /^i-1 in us-west-2 has no network/,
    /address\.inst/,
  ],
  [
    'an interface that is gone',
    { kind: 'route', ...toInterface },
    [],
    /^eni-1 in us-west-2 is not there/,
    /route\.targets/,
  ],
  [
    'a private address that is not assigned',
    { kind: 'address', place: { instanceId: 'i-1', privateIpAddress: '10.0.0.9' } },
    [eni],
    /^i-1 has no private address 10\.0\.0\.9/,
    /^assign it to i-1/,
  ],
  [
    'a route to an instance with two interfaces',
    { kind: 'route', ...toInstance },
    [eni, { ...eni, networkInterfaceId: 'eni-2' }],
    /^i-1 has 2 network interfaces, and EC2 routes/,
    /networkInterfaceId$/,
  ],
  [
    'a route to an interface that is attached to nothing',
    { kind: 'route', ...toInterface },
    [{ ...eni, instanceId: null, isAttached: false }],
    /attached to nothing/,
    /^attach eni-1/,
  ],
  [
    'a route to one that checks addresses',
    { kind: 'route', ...toInterface },
    [{ ...eni, checksAddresses: true }],
    /source\/destination check is on/,
    /^switch the source/,
  ],
])('%s is bad, with what to do', (_, wanted, seen, found, todo) => {
  expect(check([wanted], seen)).toMatchObject({
    state: 'bad',
    found: expect.stringMatching(found),
    todo: expect.stringMatching(todo),
  });
});

test('an address may be at an interface that checks addresses, or that stands for itself', () => {
  const seen = [{ ...eni, checksAddresses: true, isAttached: false, instanceId: null }];

  expect(check([{ kind: 'address', ...toInterface }], seen).state).toBe('ok');
});

test('what is in another account is not known', () => {
  const reading = notAsked('210987654321');

  const found = placeCheck({ subject: 'web/oregon', region: 'us-west-2', wanted: [], reading });

  expect(found).toMatchObject({ state: 'unknown', found: expect.stringContaining('210987654321 is not asked') });
});
