import { expect, test } from 'vitest';
import { droppedSites, newAlarms, newRegions } from '../../../lambda/deploy/deploy-event.ts';

const Regions = ['us-east-1', 'us-west-2', 'eu-west-1'];
const wish = { Service: 'web', CheckIds: [], Regions };
const other = { Service: 'api', CheckIds: [], Regions };

test.each([
  ['of a deployment that is new, all', undefined, Regions],
  ['of a service that is new, all', { Services: [other] }, Regions],
  [
    'of an update, those that were not named before',
    { Services: [other, { ...wish, Regions: ['us-west-2', 'us-east-1'] }] },
    ['eu-west-1'],
  ],
  ['of an update that names no other ones, none', { Services: [wish] }, []],
])('regions whose oracles are waited for: %s', (_, former, regions) => {
  expect(newRegions(wish, former)).toEqual(regions);
});

test.each([
  ['of a service that is new, all', { Services: [other] }, ['us-east-1', 'us-west-2']],
  [
    'of an update, those that were not named before in that region',
    { Services: [{ ...wish, Alarms: [{ Region: 'us-east-1', Name: 'left' }] }] },
    ['us-west-2'],
  ],
])('alarms that are waited for: %s', (_, former, regions) => {
  const Alarms = ['us-east-1', 'us-west-2'].map((Region) => ({ Region, Name: 'left' }));

  expect(newAlarms({ ...wish, Alarms }, former).map(({ Region }) => Region)).toEqual(regions);
});

test.each([
  ['of a service that is new, none', { Services: [other] }, []],
  ['of an update, those that are not named any more', { Services: [{ ...wish, Sites: ['left', 'right'] }] }, ['left']],
  ['of a rollback, which names more, none', { Services: [{ ...wish, Sites: ['right'] }] }, []],
  ['of records that were deployed before sites were named, none', { Services: [wish] }, []],
])('sites that the records lead to no more: %s', (_, former, dropped) => {
  expect(droppedSites({ ...wish, Sites: ['right', 'other'] }, former)).toEqual(dropped);
});
