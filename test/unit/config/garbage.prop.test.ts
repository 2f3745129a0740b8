import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import { parseDocument } from '../../../src/config/document.ts';
import { parseDeployment, parseDeploymentValue } from '../../../src/config/loader.ts';
import { applyOverrides } from '../../../src/scenario/overrides.ts';
import { balanced } from './mode-cases.fixture.ts';
import { readRepository, shop } from './shop.fixture.ts';

const config = readRepository('examples/two-regions/failover.config.yaml');
const scenario = readRepository('scenarios/redis-sentinel/rs1-basic-failover.yaml');
const readFile = () => config;

/** True when the reader accepts, or refuses as it should; what else it throws goes up. */
function isCivil(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.length > 0 && !error.message.includes('undefined') && error.findings.length > 0;
  }
}

const yamlish = fc.string({ unit: fc.constantFrom(...'ab:-{}[]&*!|>\'"%@`#,? \n\t0'), maxLength: 80 });

test('garbage is never more than a ConfigError', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), yamlish), (text) => isCivil(() => parseDeployment(text, 'c.yaml'))));
  fc.assert(
    fc.property(fc.oneof(fc.string(), yamlish), (text) => isCivil(() => readScenario(text, 's.yaml', readFile))),
  );
});

/** A text with a part cut out, doubled or replaced. */
function mangled(text: string) {
  const place = fc.nat(text.length);
  return fc
    .tuple(place, place, fc.oneof(fc.constant(''), yamlish))
    .map(([a, b, filler]) => text.slice(0, Math.min(a, b)) + filler + text.slice(Math.max(a, b)));
}

test('a mangled file is never more than a ConfigError', () => {
  fc.assert(fc.property(mangled(config), (text) => isCivil(() => parseDeployment(text, 'c.yaml'))));
  fc.assert(fc.property(mangled(scenario), (text) => isCivil(() => readScenario(text, 's.yaml', readFile))));
});

/** Every path to a value of the deployment, dotted. */
function pathsOf(value: unknown, above: readonly string[] = []): readonly string[] {
  if (value === null || typeof value !== 'object') return [above.join('.')];
  return [above.join('.'), ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...above, key]))].filter(
    (path) => path !== '',
  );
}

/** Between them they have something in every part of the schema. */
const written = [
  shop,
  balanced,
  ...['active-active', 'active-active-geo', 'cold-standby', 'database', 'internal-clients', 'warm-standby'].map(
    (name) => parseDocument(readRepository(`examples/${name}/failover.config.yaml`), name).value,
  ),
];

test('any value in any place is never more than a ConfigError', () => {
  const place = fc.constantFrom(...written.flatMap((base) => pathsOf(base).map((at) => [base, at] as const)));

  fc.assert(
    fc.property(place, fc.anything({ withBigInt: true, withDate: true, withMap: true }), ([base, at], value) =>
      isCivil(() => parseDeploymentValue(applyOverrides(base, { [at]: value }), 'c.yaml')),
    ),
    { numRuns: 600 },
  );
});

test('a part that is left out anywhere is never more than a ConfigError', () => {
  for (const base of written) {
    for (const at of pathsOf(base)) {
      for (const value of [undefined, null, {}, []]) {
        expect(isCivil(() => parseDeploymentValue(applyOverrides(base, { [at]: value }), 'c.yaml'))).toBe(true);
      }
    }
  }
});

test('what is accepted once is accepted again with its defaults, and stays the same', () => {
  const deployment = parseDeployment(config, 'c.yaml');

  expect(parseDeploymentValue(deployment, 'again')).toEqual(deployment);
});
