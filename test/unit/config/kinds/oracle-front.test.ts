import { describe, expect, it, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { hasFunctionUrls, oracleFrontOf } from '../../../../src/config/plan/oracle-fronts.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const told = { 'notify.emails': ['oncall@shop.example'] };
const urls = (change: Record<string, string> = {}) => ({
  'us-east-1': 'https://votes-east.shop.example',
  'us-west-2': 'https://votes-west.shop.example/oracle',
  'us-east-2': 'https://votes-witness.shop.example:8443',
  ...change,
});
const fronted = (change: Record<string, string> = {}): Overrides => ({ 'oracle.url': urls(change) });
const shopWith = (overrides: Overrides) =>
  defineDeployment(applyOverrides(shop, { ...told, ...overrides }) as DeploymentInput);
const complaints = (overrides: Overrides) => complaintsOf(() => shopWith(overrides));
const byMemory: Overrides = { 'services.web.traffic.dns.mode': 'memory' };

describe('oracle.url', () => {
  it.each([
    ['us-east-1', { host: 'votes-east.shop.example', port: 443, basePath: '' }],
    ['us-west-2', { host: 'votes-west.shop.example', port: 443, basePath: '/oracle' }],
    ['us-east-2', { host: 'votes-witness.shop.example', port: 8443, basePath: '' }],
    ['eu-west-1', null],
  ])('says where the oracle of %s is asked', (region, front) => {
    expect(oracleFrontOf(shopWith(fronted()), region)).toEqual(front);
  });

  it('has one spelling', () => {
    const { oracle } = shopWith(fronted({ 'us-east-1': ' https://Votes-East.shop.example:443/ ' }));

    expect(oracle?.url['us-east-1']).toBe('https://votes-east.shop.example');
  });

  it.each([
    ['votes.shop.example', 'write https://votes.shop.example'],
    ['http://votes.shop.example', 'votes travel by https alone'],
    ['https://votes.shop.example/a?token=1', 'write https://votes.shop.example/a'],
    ['https://me@votes.shop.example', 'write https://votes.shop.example'],
    ['https://203.0.113.1', 'write a name'],
    [`https://votes.shop.example/${'a'.repeat(120)}`, 'at most 100 characters of path'],
    ['nothing at all', 'a URL, such as https://votes-east.shop.example'],
  ])('is no %s', (url, hint) => {
    const [complaint] = complaints(fronted({ 'us-east-1': url }));

    expect(complaint).toContain('oracle.url.us-east-1');
    expect(complaint).toContain(hint);
  });

  it('has one for each control region, and for no other, each its own', () => {
    const { 'us-east-2': _, ...two } = urls();

    expect(complaints({ 'oracle.url': two })).toEqual([
      expect.stringContaining('oracle.url: found nothing for us-east-2'),
    ]);
    expect(complaints(fronted({ 'eu-west-1': 'https://votes-eu.shop.example' }))).toEqual([
      expect.stringContaining('oracle.url.eu-west-1: found eu-west-1, allowed a control region'),
    ]);
    expect(complaints(fronted({ 'us-west-2': 'https://votes-east.shop.example' }))).toEqual([
      expect.stringContaining('another URL than that of us-east-1; each oracle has a vote of its own'),
    ]);
  });

  it('is for those whose oracles are asked', () => {
    expect(complaints({ ...byMemory, ...fronted() })).toEqual([
      expect.stringContaining('nothing asks the oracles here: leave oracle out'),
    ]);
  });

  it('lets a region without function URLs be a control region', () => {
    const regions = ['us-east-1', 'us-west-2', 'ca-west-1'];
    const url = { ...urls(), 'ca-west-1': 'https://votes-ca.shop.example' };
    const { 'us-east-2': _, ...own } = url;

    expect(complaints({ controlRegions: regions })).toEqual([expect.stringContaining('oracle.url')]);
    expect(complaints({ controlRegions: regions, 'oracle.url': own })).toEqual([]);
  });
});

test.each<[string, Overrides, boolean]>([
  ['DNS by oracle', {}, true],
  ['DNS by oracle, behind balancers', fronted(), false],
  ['DNS by memory alone', byMemory, false],
  ['DNS whose record is edited', { 'services.web.traffic.dns.mode': 'records' }, false],
  [
    'DNS by memory alone, and clients',
    { ...byMemory, 'services.web.clients.endpoints': { virginia: 'https://a.internal', oregon: 'https://b.internal' } },
    false,
  ],
])('with %s, function URLs are made: %s', (_, overrides, is) => {
  expect(hasFunctionUrls(shopWith(overrides))).toBe(is);
});

describe('the lint', () => {
  const namesIn = (overrides: Overrides) => lintDeployment(shopWith(overrides)).map(({ name }) => name);

  it('has nothing against a front in each region', () => {
    expect(namesIn(fronted())).toEqual([]);
    expect(namesIn(fronted({ 'us-east-1': 'https://abc.execute-api.us-east-1.amazonaws.com/prod' }))).toEqual([]);
  });

  it.each([
    ['https://abc.execute-api.us-west-2.amazonaws.com/prod', 'oracle-front-elsewhere'],
    ['https://d111.cloudfront.net', 'oracle-front-elsewhere'],
    ['https://votes-west.shop.example/east', 'oracle-front-shared'],
  ])('finds %s before the oracle of us-east-1', (url, name) => {
    expect(namesIn(fronted({ 'us-east-1': url }))).toEqual([name]);
  });

  it('says that a name by memory alone follows minutes later', () => {
    const [finding] = lintDeployment(shopWith(byMemory));

    expect(finding).toMatchObject({ name: 'dns-by-memory-alone', path: 'services.web.traffic.dns.mode' });
    expect(finding?.breaks).toContain('for 1 to 3 minutes more');
  });
});

test('memory: true is not for mode memory, which remembers by itself', () => {
  expect(complaints({ ...byMemory, 'services.web.traffic.dns.memory': true })).toEqual([
    expect.stringContaining('found true with mode memory, allowed none; leave it out: this mode remembers by itself'),
  ]);
});
