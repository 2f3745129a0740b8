import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../../src/core/kinds/kinds.ts';
import { endpointsPath, oracleDocumentOf, publicationOf } from '../../../../src/core/kinds/publication.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { registerWith, runWith, service, step } from '../service.fixture.ts';

const endpoints = { one: 'https://one.example', two: 'two.example:5432', far: 'https://far.example' };
const told: NamedService = { ...service, clients: { fleet: 1, askMs: 5_000, endpoints } };
const pool: NamedService = { ...told, mode: 'active-active' };

const sitesOf = (of: NamedService, register: Parameters<typeof publicationOf>[1]) =>
  publicationOf(of, register).endpoints.map(({ site }) => site);

describe('publication', () => {
  it('names the site that serves, with its endpoint', () => {
    expect(publicationOf(told, registerWith())).toEqual({
      service: 'shop',
      epoch: 1,
      endpoints: [{ site: 'one', url: 'https://one.example' }],
      isReadOnly: false,
    });
  });

  it('names a pool with the active site first, then by share, then by priority', () => {
    const register = registerWith({ active: 'one', serving: ['one', 'two', 'far'] });

    expect(sitesOf(pool, register)).toEqual(['one', 'far', 'two']);
    expect(sitesOf(pool, { ...register, ramp: { far: 25 } })).toEqual(['one', 'two', 'far']);
    expect(sitesOf(pool, { ...register, ramp: { one: 25 } })[0]).toBe('one');
  });

  it('leaves out sites without an endpoint, and has none while the static endpoint serves', () => {
    const some: NamedService = { ...pool, clients: { fleet: 1, askMs: 5_000, endpoints: { two: endpoints.two } } };

    expect(sitesOf(some, registerWith({ serving: ['one', 'two'] }))).toEqual(['two']);
    expect(sitesOf(told, registerWith({ serving: ['last-resort'] }))).toEqual([]);
  });

  it('keeps the former epoch until the traffic has followed the run, so that one epoch names one set', () => {
    const run = runWith({ steps: [step('promote'), step('dns', ['promote'])] });
    const before = registerWith({ epoch: 2, active: 'two', serving: ['one'], run });
    const after = { ...before, serving: ['two'] };

    expect(publicationOf(told, before)).toMatchObject({ epoch: 1, endpoints: [{ site: 'one' }] });
    expect(publicationOf(told, after)).toMatchObject({ epoch: 2, endpoints: [{ site: 'two' }] });
  });

  it('stays with the former epoch when the run has failed and moved nothing', () => {
    const register = registerWith({ epoch: 2, active: 'two', serving: ['one'], run: runWith({ state: 'failed' }) });

    expect(publicationOf(told, register).epoch).toBe(1);
  });

  it.each([
    { voters: ['region-1', 'region-2'], told: ['region-1', 'region-2'] },
    { voters: ['region-2', 'region-4'], told: ['region-2'] },
  ])('is made in the regions that vote and are known here ($voters: $told)', ({ voters, told: regions }) => {
    const register = registerWith({ voters: voters.map((region) => ({ region, incarnation: region })) });
    const controlRegions = ['region-1', 'region-2', 'region-3'];

    const placed = kindOf('publish').atRest({
      service: told,
      register,
      ownRegion: 'region-1',
      controlRegions,
      epochAgeMs: 0,
    });

    expect(placed.map(({ region }) => region)).toEqual(regions);
  });

  it.each([
    ['an older run', { epoch: 1, serving: ['two'] }, ['one'], 2],
    ['a run that takes a site in', { serving: ['one', 'two'] }, ['one'], 1],
    ['a run that takes a site out', { serving: ['one'] }, ['one', 'two'], 1],
    ['a run that changes one site of two', { serving: ['one', 'far'] }, ['one', 'two'], 1],
    ['a run in whatever order of sites', { serving: ['two', 'one'] }, ['one', 'two'], 2],
  ])('after %s (%j) with %j serving shows epoch %i', (_, run, serving, epoch) => {
    const register = registerWith({ epoch: 2, active: 'one', serving, run: runWith(run) });

    expect(publicationOf(pool, register).epoch).toBe(epoch);
  });

  it('names nobody of a service that tells clients nothing', () => {
    expect(publicationOf(service, registerWith()).endpoints).toEqual([]);
  });

  it('S12: clients are told that data is read-only while it is promoted', () => {
    const run = runWith({ steps: [step('promote'), step('dns', ['promote'])] });
    const register = registerWith({ epoch: 2, active: 'two', run });
    const rest = { service: told, register, ownRegion: 'region-1', controlRegions: ['region-1'], epochAgeMs: 0 };

    const [placed] = kindOf('publish').inRun({ ...rest, run });

    expect(publicationOf(told, register).isReadOnly).toBe(true);
    expect(placed?.desired).toMatchObject({ kind: 'publish', isReadOnly: true });
  });

  it.each([
    ['pending', 'running', true],
    ['failed', 'running', true],
    ['done', 'running', false],
    ['failed', 'failed', false],
  ] as const)('with promote %s in a run that is %s, read-only is %s', (promote, state, isReadOnly) => {
    const run = runWith({ state, steps: [step('promote', [], promote), step('dns', ['promote'])] });

    expect(publicationOf(told, registerWith({ epoch: 2, active: 'two', run })).isReadOnly).toBe(isReadOnly);
  });
});

describe("an oracle's document", () => {
  it('names who is active from the decision on, and who was before', () => {
    const register = registerWith({ epoch: 2, active: 'two', serving: ['one'], run: runWith() });

    expect(oracleDocumentOf(told, register).active).toEqual({ site: 'two', epoch: 2, from: 'one' });
  });

  it('does not say who was active before when nobody was, or when the run changed only the pool', () => {
    const withdrawn = runWith({ kind: 'withdraw', from: 'far', to: 'one', serving: ['one'] });

    expect(oracleDocumentOf(told, registerWith()).active).toEqual({ site: 'one', epoch: 1, from: null });
    expect(oracleDocumentOf(pool, registerWith({ epoch: 2, run: withdrawn })).active.from).toBeNull();
  });

  it.each([
    ['went elsewhere than to the active site', { from: 'one', to: 'far' }, null],
    ['had to bring back the site that it left', { kind: 'recover', from: 'two', to: 'two' }, null],
    ['was of an older epoch', { epoch: 1, from: 'one', to: 'two' }, null],
    ['brought the active site', { from: 'one', to: 'two' }, 'one'],
  ] as const)('names who was before only of the run that brought the active site: it %s', (_, run, from) => {
    const register = registerWith({ epoch: 2, active: 'two', serving: ['two'], run: runWith(run) });

    expect(oracleDocumentOf(told, register).active.from).toBe(from);
  });

  it('is found under the name of the service, the same in every region', () => {
    expect(endpointsPath('shop')).toBe('/v1/shop/endpoints');
  });
});
