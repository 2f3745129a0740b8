import { expect, test } from 'vitest';
import { newRegions } from '../../../lambda/deploy/deploy-event.ts';

const wish = {
  Kind: 'ChecksReady',
  CheckIds: [],
  Deployment: 'shop',
  Service: 'web',
  Regions: ['us-east-1', 'us-west-2', 'eu-west-1'],
} as const;

test.each([
  ['of a service that is new, all', undefined, wish.Regions],
  ['of an update, those that were not named before', { Regions: ['us-west-2', 'us-east-1'] }, ['eu-west-1']],
  ['of an update that names no other ones, none', { Regions: wish.Regions }, []],
  ['of an update whose former properties named none, none', {}, []],
])('regions whose oracles are waited for: %s', (_, former, regions) => {
  expect(newRegions(wish, former)).toEqual(regions);
});
