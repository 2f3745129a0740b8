import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { costOf } from '../../../../src/config/cost/cost.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { functionPlanOf } from '../../../../src/config/plan/functions.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const parse = (overrides: Overrides) => parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml');

/** What is said of the shop with this collector; empty when it is accepted. */
function said(otlp: unknown): string {
  try {
    parse({ telemetry: { otlp } });
    return '';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

const endpoint = 'https://otlp.shop.example:4318';

test.each([
  [{ endpoint }, { endpoint, headers: {}, signals: ['metrics', 'traces'] }],
  [
    { endpoint: `${endpoint}/otlp/`, signals: ['traces'] },
    { endpoint: `${endpoint}/otlp`, signals: ['traces'] },
  ],
  [{ endpoint: 'http://localhost:4318' }, { endpoint: 'http://localhost:4318' }],
  [
    { endpoint, headers: { 'x-team': 'ops', authorization: { secret: 'shop/otlp' } } },
    { headers: { 'x-team': 'ops', authorization: { secret: 'shop/otlp' } } },
  ],
])('a collector %j means %j', (otlp, means) => {
  expect(parse({ telemetry: { otlp } }).telemetry?.otlp).toMatchObject(means);
});

test.each<[Readonly<Record<string, unknown>>, string]>([
  [{ endpoint: 'http://otlp.shop.example:4318' }, 'write https://otlp.shop.example:4318'],
  [{ endpoint: 'otlp.shop.example:4318' }, 'write https://otlp.shop.example:4318'],
  [{ endpoint: `${endpoint}/v1/traces` }, `write ${endpoint}: the path is put after it`],
  [{ endpoint: 'https://otlp.shop.example:4317' }, 'write https://otlp.shop.example:4318'],
  [{ endpoint: 'https://me:pw@otlp.shop.example' }, 'write headers: { authorization: { secret: NAME } }'],
  [{ endpoint: `${endpoint}?key=1` }, 'leave out what follows'],
  [{ endpoint: 'https://xray.us-east-1.amazonaws.com' }, 'name a collector of yours'],
  [{ endpoint: 7 }, 'allowed an https:// URL'],
  [{}, 'endpoint'],
  [{ endpoint, headers: { 'Content-Type': 'text/plain' } }, 'no Content-Type: the sender writes it'],
  [{ endpoint, headers: { 'bad name': 'x' } }, 'the name of a header'],
  [{ endpoint, headers: { 'X-A': '1', 'x-a': '2' } }, 'each header once'],
  [{ endpoint, headers: { 'x-a': 'two\nlines' } }, '{ secret: NAME }'],
  [{ endpoint, signals: [] }, 'a list of 1 to 2'],
  [{ endpoint, signals: ['logs'] }, 'metrics or traces'],
  [{ url: endpoint }, 'write endpoint: https://otlp.shop.example:4318'],
  [{ endpoint, apiKey: 'x' }, 'write headers: { authorization: { secret: NAME } }'],
])('a collector %j is refused: %s', (otlp, hint) => {
  expect(said(otlp)).toContain(hint);
});

test('a number that breaks two bounds is one line', () => {
  const lines = () => parse({ 'services.web.detection.quorum': 1e20 });

  expect(lines).toThrow(/^c\.yaml: services\.web\.detection\.quorum: found 100000000000000000000, allowed [^\n]*$/);
});

test('a guessed key at the top leads to it', () => {
  expect(() => parse({ otel: { endpoint } })).toThrow('write telemetry: { otlp:');
});

test('metrics cost by the minute, traces alone nothing, and a collector that hangs keeps no message waiting', () => {
  const usd = (signals?: readonly string[]) =>
    costOf(parse(signals === undefined ? {} : { telemetry: { otlp: { endpoint, signals } } })).listUsd;
  const together = (overrides: Overrides) => functionPlanOf(parse(overrides), 'notify').concurrencyMax ?? 0;

  const more = usd(['metrics']) - usd();

  expect(more).toBeGreaterThan(0.02);
  expect(more).toBeLessThan(0.5);
  expect(usd(['traces'])).toBe(usd());
  expect(together({ telemetry: { otlp: { endpoint } } })).toBeGreaterThan(together({}));
});
