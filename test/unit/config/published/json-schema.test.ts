import { expect, test } from 'vitest';
import { type JsonSchema, publishedSchema } from '../../../../src/config/published/json-schema.ts';
import { readRepository } from '../shop.fixture.ts';

test('failover.schema.json is what the schema says (npm run docs writes it)', () => {
  expect(readRepository('failover.schema.json')).toBe(publishedSchema());
});

const schema = JSON.parse(publishedSchema()) as JsonSchema;

test('the schema that editors read says of each key what it is, what may stand there and what holds without it', () => {
  const detection = schema.properties?.services?.additionalProperties;
  const service = detection === false ? undefined : detection;

  expect(service?.properties?.detection?.properties?.intervalMs).toMatchObject({
    type: ['number', 'string'],
    description: 'Time between two ticks of a watcher. Allowed: 250ms to 1m. Default: 2s.',
  });
});

test('the schema that editors read refuses unknown keys and knows no words of this project', () => {
  expect(schema.additionalProperties).toBe(false);
  expect(publishedSchema()).not.toMatch(/"(allowed|isDuration|names)":/);
});
