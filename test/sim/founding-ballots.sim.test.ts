import { expect, test } from 'vitest';
import { loadScenario } from '../../src/cli/simulate/scenarios.ts';
import { counterOf, noBallot } from '../../src/core/register/ballot.ts';
import { observe } from '../support/scenarios.ts';

test('what is founded again at second 240 counts its ballots from there on, above all that were lost', () => {
  const { world } = observe(loadScenario('scenarios/change/all-tables-lost-holds.yaml'));

  const held = world.tables.read('us-east-1', ['web']).acceptors.web;

  expect(counterOf(held?.acceptedBallot ?? noBallot)).toBeGreaterThanOrEqual(240);
  expect(counterOf(held?.acceptedBallot ?? noBallot)).toBeLessThan(world.nowMs / 1_000);
});
