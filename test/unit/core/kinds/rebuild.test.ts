import { expect, test } from 'vitest';
import { rebuild } from '../../../../src/core/kinds/rebuild.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { fence, globalData, registerWith, runWith, serviceWith } from '../service.fixture.ts';
import { token } from './whole.fixture.ts';

const afterMs = 60_000;
const instances = { one: 'db-one', two: 'db-two', far: 'db-far' };
const service = serviceWith({
  data: { kind: 'rds-replica', instances, rebuild: { afterMs } },
  sites: { one: { fence }, two: { fence }, far: { fence } },
});
const run = { ...runWith({ from: 'one', to: 'two' }), state: 'done' } as const;
const left = (more: Partial<Register> = {}) =>
  registerWith({ active: 'two', writer: 'two', owed: [{ site: 'one', epoch: 2, proof: 'closed' }], run, ...more });

const wantedOf = (register: Register, epochAgeMs = afterMs, of = service) =>
  rebuild
    .atRest({ service: of, register, ownRegion: 'region-1', controlRegions: ['region-1'], epochAgeMs })
    .map(({ region, desired: { site, writer } }) => `${site} of ${writer} in ${region}`);

test('a site that was left is made anew once its fence is proven closed, in its own region', () => {
  expect(wantedOf(left())).toEqual(['one of two in region-1']);
});

test.each<[string, Register, number]>([
  ['before its time', left(), afterMs - 1],
  ['behind a fence that nobody has proven', left({ owed: [{ site: 'one', epoch: 2, proof: 'none' }] }), afterMs],
  ['behind a lease, which is no proof', left({ owed: [{ site: 'one', epoch: 2, proof: 'lease' }] }), afterMs],
  ['whose fence is not owed any more: it is a replica', left({ owed: [] }), afterMs],
  ['while the run has not ended', left({ run: { ...run, state: 'running' } }), afterMs],
  ['after a run that has failed', left({ run: { ...run, state: 'failed' } }), afterMs],
  ['while the old site counts as the writer', left({ writer: 'one' }), afterMs],
  ['while another promotion may come true', left({ promoting: ['far'] }), afterMs],
  [
    'while a person has paused the service',
    left({ pause: { by: 'anna', reason: 'dump', sinceMs: 0 } as never }),
    afterMs,
  ],
  ['without a move', left({ run: null }), afterMs],
  ['of the writer, whatever its fence', left({ owed: [{ site: 'two', epoch: 2, proof: 'closed' }] }), afterMs],
  ['of a site that nobody knows', left({ owed: [{ site: 'ohio', epoch: 2, proof: 'closed' }] }), afterMs],
  ['while another site than the active one writes', left({ writer: 'far' }), afterMs],
])('nothing is made anew %s', (_, register, epochAgeMs) => {
  expect(wantedOf(register, epochAgeMs)).toEqual([]);
});

test('nothing is made anew where nobody has asked for it', () => {
  const asked = serviceWith({ data: { kind: 'rds-replica', instances }, sites: { one: { fence } } });

  expect(wantedOf(left(), afterMs, asked)).toEqual([]);
  expect(rebuild.isIn(asked, 'region-1')).toBe(false);
});

test('it is never a step of a run', () => {
  expect(
    rebuild.plan(service, { kind: 'failover', from: 'one', to: 'two', serving: ['two'], fences: ['one'] }),
  ).toBeNull();
});

const outside = { region: undefined, location: 'cellar' };

test('nothing is made anew at a site outside AWS', () => {
  const sites = { ...service.sites, one: { ...service.sites.one, ...outside } };
  const of = { ...service, sites } as unknown as NamedService;

  expect(wantedOf(left(), afterMs, of)).toEqual([]);
});

const data = { kind: 'rds-replica', instances, rebuild: { afterMs } } as const;
const without = (site: keyof typeof instances) => {
  const { [site]: _, ...others } = instances;
  return serviceWith({ data: { ...data, instances: others } as never });
};

test.each<[string, NamedService]>([
  ['the data has no rebuilding', serviceWith({ data: { kind: 'rds-replica', instances } })],
  ['the data is of another kind', serviceWith({ data: { ...globalData, rebuild: { afterMs } } as never })],
  ['there is no data', serviceWith({})],
  ['the site has no instance', without('one')],
  ['the writer has no instance', without('far')],
  ['the writer is outside AWS', serviceWith({ data, sites: { far: outside as never } })],
])('a function makes nothing anew where %s', (_, of) => {
  expect(rebuild.thingOf({ site: 'one', writer: 'far', token }, of, 'region-1')).toBeNull();
});
