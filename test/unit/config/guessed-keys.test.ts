import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { guessedKeyHint, guessedKeys } from '../../../src/config/guessed-keys.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import { inputSchema, type JsonSchema } from '../../../src/config/published/json-schema.ts';

/** The mappings at a dotted path of the schema, one for each way in which the path may be meant; empty for none. */
function schemasAt(path: string): readonly JsonSchema[] {
  const parts = path === '' ? [] : path.split('.');
  return parts.reduce<readonly JsonSchema[]>(
    (found, part) => found.flatMap((schema) => below(schema, part)),
    [...variantsOf(inputSchema())],
  );
}

function below(schema: JsonSchema, part: string): readonly JsonSchema[] {
  const named = schema.additionalProperties === false ? undefined : schema.additionalProperties;
  const inner = part === '*' ? (named ?? schema.items) : schema.properties?.[part];
  return inner === undefined ? [] : variantsOf(inner);
}

function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  return Array.isArray(variants) ? variants.flatMap(variantsOf) : [schema];
}

const own = guessedKeys.flatMap((guess) => (guess.own === null ? [] : [guess.own]));
const guesses = guessedKeys.flatMap((guess) => guess.keys.map((key) => [guess.in, key] as const));

test.each([...new Set(own)])('%s is a key of the schema', (path) => {
  expect(schemasAt(path)).not.toEqual([]);
});

test.each([...new Set(guessedKeys.map((guess) => guess.in))])('%j is a mapping of the schema', (path) => {
  expect(schemasAt(path).filter(({ properties }) => properties !== undefined)).not.toEqual([]);
});

test.each(guesses)('in %j the guessed key %s is none of the schema, and stands in the table once', (at, key) => {
  const everywhere = schemasAt(at).every(({ properties = {} }) => Object.hasOwn(properties, key));
  const places = guesses.filter(([other, otherKey]) => other === at && otherKey === key);

  expect(everywhere).toBe(false);
  expect(places).toHaveLength(1);
});

test.each([
  [['services', 'web', 'traffic', 'routes'], 'write route: {'],
  [['services', 'web', 'sites', 'virginia', 'probes', 0, 'insecure'], 'authorityPem'],
])('at %j: %s', (path, hint) => {
  expect(guessedKeyHint(path)).toContain(hint);
});

test.each([
  [['services', 'web', 'routes']],
  [['services', 'web', 'traffic', 'rout']],
  [['services', 'web', 'traffic', 'constructor']],
])('of %j nothing is known', (path) => {
  expect(guessedKeyHint(path)).toBeNull();
});

/** What is said of a configuration whose first probe is this one. */
function said(probe: Readonly<Record<string, unknown>>): string {
  const plain = { type: 'https', url: 'https://oregon.shop.example/healthz' };
  const config = {
    name: 'shop',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
    services: {
      web: {
        mode: 'active-passive',
        sites: {
          virginia: { region: 'us-east-1', priority: 100, probes: [probe] },
          oregon: { region: 'us-west-2', priority: 50, probes: [plain] },
        },
        traffic: {
          dns: {
            zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
            record: 'www',
            addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
          },
        },
      },
    },
  };
  try {
    parseDeploymentValue(config, 'failover.config.yaml');
    return 'nothing';
  } catch (error) {
    return error instanceof ConfigError ? error.message : String(error);
  }
}

const https = { type: 'https', url: 'https://virginia.shop.example/healthz' };
const fn = { type: 'function', functionName: 'check' };
const alarm = { type: 'cloudwatch-alarm', name: 'ill' };
const grpc = { type: 'grpc', host: 'virginia.shop.example', port: 50051 };
const tcp = { type: 'tcp', host: 'virginia.shop.example', port: 25 };

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['insecure', { ...https, insecure: true }, 'write authorityPem'],
  ['sni', { ...https, sni: 'www.shop.example' }, 'write serverName'],
  ['redirects', { ...https, redirects: 'follow' }, 'write followRedirects: true'],
  ['port of https', { ...https, port: 8443 }, 'write url: https://eu.shop.example:8443/healthz'],
  ['host of dns', { type: 'dns', host: 'virginia.shop.example' }, 'write server: the name server'],
  ['url of tcp', { ...tcp, url: 'tcp://virginia.shop.example' }, 'host with port'],
  ['banner', { ...tcp, banner: '220 ' }, 'write expectBanner'],
  ['functionArn', { ...fn, functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:check' }, 'write functionName'],
  ['alarmName', { ...alarm, alarmName: 'ill' }, 'write name: the name of the alarm'],
  ['plaintext of grpc', { ...grpc, plaintext: true }, 'write tls: false'],
  ['serviceName of grpc', { ...grpc, serviceName: 'shop.v1.Orders' }, 'write service'],
  ['expect of tcp', { ...tcp, expect: '220 ' }, 'write expectBanner'],
  ['timeoutSeconds', { ...https, timeoutSeconds: 2 }, 'write timeoutMs'],
  ['healthyThreshold', { ...https, healthyThreshold: 2 }, 'write detection: { riseCount: 5 }'],
  ['matcher', { ...https, matcher: '200-399' }, 'write expect: { status: 200 }'],
  ['expect.statusCode', { ...https, expect: { statusCode: 200 } }, 'write status: 200'],
  ['expect.regex', { ...https, expect: { regex: 'ok' } }, 'write body: { regex: o+k }'],
  ['expect.body.json', { ...https, expect: { body: { json: { status: 'UP' } } } }, 'expect: { json: { status: UP } }'],
  ['expect.body.contains', { ...https, expect: { body: { contains: 'ok' } } }, 'expect: { body: ok }'],
])('a probe with %s is refused with the own key', (_, probe, hint) => {
  expect(said(probe)).toContain(hint);
});
