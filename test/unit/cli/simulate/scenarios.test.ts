import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../../src/cli/simulate/scenarios.ts';

const config = resolve('examples/two-regions/failover.config.yaml');

test.each([
  ['absolute', () => config],
  ['relative to the scenario', () => 'own.yaml'],
])('the path of a configuration may be %s', (_, pathIn) => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  try {
    writeFileSync(join(folder, 'own.yaml'), 'name: shop\n');
    const file = join(folder, 's.yaml');
    writeFileSync(file, `name: x\nconfig: ${pathIn()}\n`);

    const load = () => loadScenario(file).deployment.name;

    if (pathIn() === config) expect(load()).toBe('shop');
    else expect(load).toThrow(/own\.yaml:1: controlRegions: found nothing/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
