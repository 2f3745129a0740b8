import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { findMoto, type Moto, motoStartMsMax, startMoto } from '../support/moto.ts';
import { Deployed, type DeployedOptions } from './aws-deployed.ts';

const root = resolve(import.meta.dirname, '../..');

/** Path of moto; null where it is not installed, and the tests that deploy are left out. */
export const motoPath = findMoto();

/**
 * Builds and starts moto before the tests of a file, and stops it with all that they have deployed after them.
 *
 * @returns what deploys
 */
export function useDeployments(): (options?: DeployedOptions) => Promise<Deployed> {
  let moto: Moto;
  const deployments: Deployed[] = [];
  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/build.js')]);
    if (motoPath !== null) moto = await startMoto(motoPath);
  }, motoStartMsMax);
  afterAll(async () => {
    await Promise.all(deployments.map((deployed) => deployed.stop()));
    await moto?.stop();
  });
  return async (options = {}) => {
    const deployed = await new Deployed(moto.url, options).start();
    deployments.push(deployed);
    return deployed;
  };
}
