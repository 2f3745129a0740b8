import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ConfigError } from '../../src/config/config-error.ts';
import { deploymentFileName, type FunctionKind } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { packageRoot } from './package-root.ts';

/** Where `npm run build` leaves the bundles, one folder a kind of function. */
export function defaultBundleFolder(): string {
  return join(packageRoot(), 'dist', 'lambda');
}

/**
 * The code of a function: its bundle, with the deployment beside it, so that nothing is looked up at run time.
 *
 * Staged below the app's output. Every region gets the same bytes, so their stacks share one asset.
 *
 * @param bundleFolder - has one folder a kind of function
 * @throws {ConfigError} when the bundle has not been built
 */
export function bundledCode(scope: Construct, deployment: Deployment, kind: FunctionKind, bundleFolder: string): Code {
  const source = join(bundleFolder, kind);
  if (!existsSync(join(source, 'index.mjs'))) {
    const allowed = `a built bundle, ${join(source, 'index.mjs')}`;
    const finding = { path: '', line: null, found: 'none', allowed, hint: 'run npm run build first' };
    throw new ConfigError(`function ${kind}`, [finding]);
  }
  const staged = join(Stage.of(scope)?.outdir ?? 'cdk.out', 'functions', deployment.name, kind);
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  cpSync(source, staged, { recursive: true });
  writeFileSync(join(staged, deploymentFileName), JSON.stringify(deployment));
  return Code.fromAsset(staged);
}
