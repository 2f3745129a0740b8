import { expect, test } from 'vitest';
import { changesBetween } from '../../../src/config/changes/changes.ts';
import type { DeploymentInput } from '../../../src/config/input/deployment.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import { drawDeployment } from '../../../src/sim/fuzz/deployments.ts';
import { laterReshapes } from '../../../src/sim/fuzz/later-reshapes.ts';
import type { Reshape, Reshaping } from '../../../src/sim/fuzz/reshape.ts';
import { reshapes } from '../../../src/sim/fuzz/reshapes.ts';
import { reshaped } from '../../../src/sim/fuzz/reshaping.ts';
import { deploying } from '../../../src/sim/fuzz/trouble.ts';
import { seededRandom } from '../../../src/sim/random.ts';

const seeds = 150;
const time = { fromMs: 40_000, forMs: 180_000, healedMs: 250_000, endMs: 490_000 };

/** What a site's part in the data and in the switches changes. */
const besides = ['data-changed', 'switch-changed'];

/** What CloudFormation takes back asks nobody whether it is refused. */
const { rollBack, ...asked } = laterReshapes;
const kinds = { ...reshapes, ...asked };

/** Kinds of change that each step of a reshaping may be, as `validate --against` calls them. */
const kindsOf: Readonly<Record<keyof typeof kinds, readonly string[]>> = {
  lease: ['thresholds-changed'],
  addSite: ['site-added', ...besides],
  dropSite: ['site-removed', 'site-added', ...besides],
  renameSite: ['site-renamed', ...besides],
  changeGroup: ['group-changed'],
  changeData: ['data-changed'],
  moveSite: ['site-added', 'site-removed', ...besides],
  removeData: ['data-changed'],
  addData: ['data-changed', 'fence-changed'],
  changeFence: ['fence-changed'],
  dropFromPool: ['site-removed', 'site-added', ...besides],
  addToPool: ['site-added', 'site-removed', ...besides],
  renameBack: ['site-renamed', ...besides],
  renameAndReorder: ['site-renamed', 'priorities-changed', ...besides],
};

const parsed = (configuration: DeploymentInput) => parseDeploymentValue(configuration, 'drawn');

/** The configurations that a reshaping deploys in turn, the first one before it; null where the loader refuses one. */
function inTurn(configuration: DeploymentInput, { steps }: Reshaping) {
  try {
    return [configuration, ...steps.map(({ edit }) => edit(configuration))].map(parsed);
  } catch {
    return null;
  }
}

function drawsOf(reshape: Reshape) {
  return Array.from({ length: seeds }, (_, seed) => {
    const configuration = drawDeployment(seededRandom(seed, 'draw'));
    const drawn = reshape(seededRandom(seed, 'reshaping'), parsed(configuration), time, configuration);
    const deployed = drawn && inTurn(configuration, drawn);
    return drawn && deployed ? [{ drawn, deployed, name: configuration.name }] : [];
  }).flat();
}

test.each(Object.entries<Reshape>(kinds))('changes of kind "%s" that are refused by nothing', (kind, reshape) => {
  const draws = drawsOf(reshape);

  const changes = draws.flatMap(({ deployed }) =>
    deployed.slice(1).map((after, index) => changesBetween(deployed[index] ?? after, after)),
  );

  expect(draws.length).toBeGreaterThan(seeds / 30);
  expect(new Set(draws.map(({ name }) => name)).size).toBeGreaterThan(1);
  expect(changes.filter((found) => found.length === 0)).toEqual([]);
  expect(changes.flat().filter(({ effect }) => effect === 'refused')).toEqual([]);
  expect([...new Set(changes.flat().map((change) => change.kind))].sort()).toEqual(
    [...kindsOf[kind as keyof typeof kinds]].sort(),
  );
});

test('a rollback in some regions, and a deployment of all of them after it', () => {
  const draws = drawsOf(rollBack);

  expect(draws.length).toBeGreaterThan(seeds / 3);
  for (const { drawn, deployed } of draws) {
    const [first, back, again] = drawn.steps;
    expect(first?.regions).toEqual(expect.arrayContaining([...(back?.regions ?? ['none'])]));
    expect(again?.regions).toBeUndefined();
    expect(back?.atMs).toBeGreaterThan(first?.atMs ?? 0);
    expect(again?.atMs).toBeGreaterThan(back?.atMs ?? 0);
    expect(deployed[2]).toEqual(deployed[0]);
    expect(deployed[1]).not.toEqual(deployed[0]);
  }
});

test('a reshaping is in every deployment that comes after it', () => {
  const configuration = drawDeployment(seededRandom(3, 'draw'));
  const deployment = parsed(configuration);
  const events = [deploying(1_000, { name: 'before' }, null), deploying(480_000, { name: 'after' }, null)];

  const seed = Array.from({ length: 100 }, (_, index) => index).find(
    (index) =>
      reshaped(seededRandom(index, 'reshaping'), { configuration, deployment }, time, { events, line: 9 }).events !==
      events,
  );
  const { events: drawn } = reshaped(seededRandom(seed ?? 0, 'reshaping'), { configuration, deployment }, time, {
    events,
    line: 9,
  });

  const overrides = drawn
    .flatMap((each) => (each.kind === 'redeploy' ? [each] : []))
    .map(({ line, overrides }): Record<string, unknown> => ({ line, ...overrides }));
  expect(overrides[0]).toEqual({ line: null, name: 'before' });
  expect(overrides[1]).toEqual({ line: null, name: 'after', services: overrides[2]?.services });
  expect(overrides[2]).toMatchObject({ line: 9, name: 'before' });
});
