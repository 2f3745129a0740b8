import { expect, it } from 'vitest';
import {
  type ScaleState,
  scalableName,
  sizesFor,
  sizesOfData,
  start,
  tablePartOf,
} from '../../../../src/core/kinds/start.ts';
import type { Scalable } from '../../../../src/core/model/site.ts';
import { registerWith, serviceWith, warm } from '../service.fixture.ts';
import { token } from './whole.fixture.ts';

const capacity = { kind: 'dynamodb-capacity', table: 'carts', units: 'write', size: 400, asActive: false } as const;
const compared = (isServing: boolean, size: number, seen: ScaleState) =>
  start.compare(
    {
      region: 'us-west-2',
      service: 'web',
      site: 'oregon',
      scalable: { ...capacity, standbySize: 20 },
      size,
      isServing,
      token: { epoch: 2, attempt: 1 },
    },
    seen,
  );

it.each<[string, boolean, number, ScaleState, string]>([
  ['too small', true, 400, { wanted: 20, ready: 20 }, 'differs'],
  ['asked for', true, 400, { wanted: 400, ready: 20 }, 'on-its-way'],
  ['there', true, 400, { wanted: 400, ready: 400 }, 'as-ordered'],
  ['larger under load', true, 400, { wanted: 900, ready: 900 }, 'as-ordered'],
  ['being changed, to nobody knows what', true, 400, { wanted: 20, ready: 20, isChanging: true }, 'on-its-way'],
  ['too small, and takes no change yet', true, 400, { wanted: 20, ready: 20, isBusy: true }, 'on-its-way'],
  ['there while something else is changed', true, 400, { wanted: 400, ready: 400, isBusy: true }, 'as-ordered'],
  [
    'too large for a standby, and takes no change yet',
    false,
    20,
    { wanted: 40, ready: 40, isBusy: true },
    'on-its-way',
  ],
  [
    'as it must be for a standby while something else is changed',
    false,
    20,
    { wanted: 20, ready: 0, isBusy: true },
    'as-ordered',
  ],
  ['being stopped, and has to before it starts', true, 400, { wanted: 0, ready: 0, isStopping: true }, 'on-its-way'],
  ['asked for beside what stops', true, 400, { wanted: 400, ready: 20, isStopping: true }, 'on-its-way'],
  ['being stopped for a standby', false, 20, { wanted: 20, ready: 20, isStopping: true }, 'as-ordered'],
  ['as it must be for a standby', false, 20, { wanted: 20, ready: 20 }, 'as-ordered'],
  ['as it must be for a standby once what runs has stopped', false, 20, { wanted: 20, ready: 400 }, 'as-ordered'],
  ['too large for a standby', false, 20, { wanted: 400, ready: 400 }, 'differs'],
  ['being lowered', false, 20, { wanted: 400, ready: 400, isChanging: true }, 'on-its-way'],
  ['too large, and cannot be lowered', false, 20, { wanted: 400, ready: 400, isLasting: true }, 'as-ordered'],
  ['too small for a standby', false, 20, { wanted: 10, ready: 10, isLasting: true }, 'differs'],
])('a size that is %s (serving=%s, size=%i)', (_, isServing, size, seen, comparison) => {
  expect(compared(isServing, size, seen)).toBe(comparison);
});

it.each([
  [10_000_000, true],
  [10_000_001, false],
  [2.5, false],
])('a capacity follows the one of the site that is left (%d: %s)', (activeSize, isOne) => {
  const scalable = { ...capacity, asActive: true, standbySize: 20 };
  const order = { kind: 'start', site: 'oregon', part: 'dynamodb-capacity carts write', isServing: true, activeSize };
  const site = { region: 'us-west-2', scale: [scalable] };

  const thing = start.thingOf(
    { ...order, token: { epoch: 2, attempt: 1 } },
    { name: 'web', sites: { oregon: site } } as never,
    'us-west-2',
  );

  expect(thing?.size ?? null).toBe(isOne ? activeSize : null);
});

const sizes = { size: 8, standbySize: 2, asActive: false };
const aurora = {
  ...sizes,
  kind: 'aurora-serverless',
  cluster: 'db',
  asActive: true,
  size: 8,
  standbySize: 0.5,
} as const;
const instances = { kind: 'instances', instanceIds: ['i-1', 'i-2'] } as unknown as Scalable;

it.each<[Scalable, string]>([
  [{ ...sizes, kind: 'auto-scaling-group', name: 'asg' }, 'auto-scaling-group asg'],
  [{ ...sizes, kind: 'ecs-service', cluster: 'c', name: 'web' }, 'ecs-service c/web'],
  [{ ...sizes, kind: 'eks-nodegroup', cluster: 'c', name: 'web' }, 'eks-nodegroup c/web'],
  [
    { ...sizes, kind: 'eks-deployment', cluster: 'c', namespace: 'n', name: 'web' } as Scalable,
    'eks-deployment c/n/web',
  ],
  [
    { ...sizes, kind: 'provisioned-concurrency', functionName: 'f', alias: 'live' } as Scalable,
    'provisioned-concurrency f:live',
  ],
  [aurora as Scalable, 'aurora-serverless db'],
  [{ ...sizes, kind: 'aurora-readers', cluster: 'db' } as Scalable, 'aurora-readers db'],
  [{ ...capacity, standbySize: 20 }, 'dynamodb-capacity carts write'],
  [{ ...capacity, standbySize: 20, index: 'by-day' } as Scalable, 'dynamodb-capacity carts/by-day write'],
  [{ ...sizes, kind: 'custom', functionName: 'f' } as Scalable, 'custom f'],
  [instances, 'instances i-1+i-2'],
])('a part is known by its kind and its own name: %j', (scalable, name) => {
  expect(scalableName(scalable)).toBe(name);
});

it('an index is named after its table', () => {
  expect([tablePartOf({ table: 'carts' }), tablePartOf({ table: 'carts', index: 'by-day' })]).toEqual([
    'carts',
    'carts/by-day',
  ]);
});

const sized = (scalable: Scalable, isServing: boolean, activeSize: unknown) =>
  start.thingOf(
    { kind: 'start', site: 'one', part: scalableName(scalable), isServing, activeSize, token },
    serviceWith({ sites: { one: { scale: [scalable] } } }),
    'region-1',
  )?.size ?? null;

it.each<[string, Scalable, boolean, unknown, number | null]>([
  ['its own size while it serves', { ...warm.scale[0] }, true, null, 4],
  ['its standby size while it waits', { ...warm.scale[0] }, false, null, 1],
  ['its own size, whatever the other has, where it follows nobody', { ...warm.scale[0] }, true, 9, 4],
  ['the size of the other, where that is larger', aurora, true, 16.5, 16.5],
  ['its own size, where the other is smaller', aurora, true, 4, 8],
  ['its own size, where the size of the other is not known', aurora, true, null, 8],
  ['its standby size, whatever the other has', aurora, false, 16, 0.5],
  ['nothing in quarters', aurora, true, 2.25, null],
  ['nothing in halves, where it is counted in whole', { ...warm.scale[0] }, true, 2.5, null],
  ['nothing beyond all bounds', aurora, true, 10_000.5, null],
  ['the largest size that there is', aurora, true, 10_000, 10_000],
  ['all instances while it serves', instances, true, null, 1],
  ['no instance while it waits', instances, false, null, 0],
])('a site has %s', (_, scalable, isServing, activeSize, size) => {
  expect(sized(scalable, isServing, activeSize)).toBe(size);
});

it('each part of a site has an order of its own, and a site without parts has none', () => {
  const of = serviceWith({ sites: { one: { scale: [warm.scale[0], aurora] }, far: warm } });

  expect(sizesFor(of, 'one', true, 3)).toEqual([
    {
      region: 'region-1',
      desired: { kind: 'start', site: 'one', part: 'auto-scaling-group asg', isServing: true, activeSize: 3 },
    },
    {
      region: 'region-1',
      desired: { kind: 'start', site: 'one', part: 'aurora-serverless db', isServing: true, activeSize: 3 },
    },
  ]);
  expect(sizesFor(of, 'far', false)).toMatchObject([{ region: 'region-2', desired: { isServing: false } }]);
  expect([...sizesFor(of, 'two', true), ...sizesFor(of, 'ohio', true)]).toEqual([]);
  expect(sizesFor(serviceWith({ sites: { one: { ...warm, ...outside } } }), 'one', true)).toEqual([]);
});

it('what the data runs on has its size before the data is promoted', () => {
  const of = serviceWith({ sites: { one: { scale: [warm.scale[0], aurora] }, far: warm } });

  expect(
    sizesOfData(of, 'one', 3).map(({ desired: { part, isServing, activeSize } }) => [part, isServing, activeSize]),
  ).toEqual([['aurora-serverless db', true, 3]]);
  expect([...sizesOfData(of, 'far', null), ...sizesOfData(of, 'ohio', null)]).toEqual([]);
});

const outside: object = { region: undefined, location: 'cellar' };
const all = { one: warm, two: warm, far: warm } as const;
const passive = serviceWith({ sites: all });
const pool = serviceWith({ mode: 'active-active', sites: all });
const withReserve = serviceWith({ mode: 'active-active', sites: { ...all, far: { ...warm, reserve: true } } });
const healthyMs = passive.failback.healthyForMs;

it.each([
  ['a standby keeps its size while a return may need it', passive, { serving: ['one'] }, healthyMs - 1, ['one up']],
  ['a standby is small after that', passive, { serving: ['one'] }, healthyMs, ['one up', 'two down', 'far down']],
  ['a lost site is left as it is', passive, { serving: ['one'], lost: ['two'] }, healthyMs, ['one up', 'far down']],
  [
    'the active site is not made small before clients are led to it',
    passive,
    { active: 'two', serving: ['one'] },
    healthyMs,
    ['one up', 'far down'],
  ],
  ['a pool in which all serve is left to its own scaling', pool, { serving: ['one', 'two', 'far'] }, healthyMs, []],
  [
    'a pool without one site is raised, and none is lowered',
    pool,
    { serving: ['one', 'two'] },
    healthyMs,
    ['one up', 'two up'],
  ],
  ['a reserve is small while all others serve', withReserve, { serving: ['one', 'two'] }, healthyMs, ['far down']],
  ['a reserve that stands in has its size', withReserve, { serving: ['one', 'far'] }, healthyMs, ['one up', 'far up']],
])('%s', (_, of, register, epochAgeMs, wanted) => {
  const facts = { service: of, register: registerWith(register), ownRegion: 'region-1', controlRegions: ['region-1'] };

  const desired = start.atRest({ ...facts, epochAgeMs });

  expect(desired.map(({ desired: { site, isServing } }) => `${site} ${isServing ? 'up' : 'down'}`)).toEqual(wanted);
});
