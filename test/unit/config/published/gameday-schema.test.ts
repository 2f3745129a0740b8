import { expect, test } from 'vitest';
import { gameDaySchema } from '../../../../src/config/published/gameday-schema.ts';
import { readRepository } from '../shop.fixture.ts';

test('schemas/gameday.schema.json is what the shape says (npm run docs writes it)', () => {
  expect(readRepository('schemas/gameday.schema.json')).toBe(gameDaySchema());
});
