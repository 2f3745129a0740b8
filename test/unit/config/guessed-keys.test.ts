import { expect, test } from 'vitest';
import { guessedKeyHint, guessedKeys } from '../../../src/config/guessed-keys.ts';
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
