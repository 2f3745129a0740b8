import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deploymentFileName } from '../src/config/plan/names.ts';
import type { Deployment } from '../src/core/model/deployment.ts';

/** A bundle beside its deployment, as a function is packed. */
export interface Packed {
  /** Path of the module that exports the handler. */
  readonly code: string;
  readonly remove: () => void;
}

/** @param bundle - path of a module that exports `handler`; what it imports stands beside it */
export function packBundle(bundle: string, deployment: Deployment): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'failover-bench-'));
  const code = join(folder, basename(bundle));
  cpSync(dirname(bundle), folder, { recursive: true });
  writeFileSync(join(folder, deploymentFileName), JSON.stringify(deployment));
  return { code, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a function's process is started with. */
export interface FunctionProcessOptions {
  readonly region: string;
  /** Where every AWS service is. */
  readonly endpointUrl: string;
  /** Body of a module; `handler` is the function, `report(value)` sends a value to the bench. */
  readonly script: string;
}

/**
 * Runs a packed function in a process of its own, with the environment that Lambda gives it.
 *
 * @returns the first `count` values that the script reported
 * @throws when the process ends before
 */
export async function runFunction(
  packed: Packed,
  { region, endpointUrl, script }: FunctionProcessOptions,
  count: number,
): Promise<readonly Readonly<Record<string, number>>[]> {
  const code = pathToFileURL(packed.code).href;
  const source = [
    'const report = (value) => process.send(value);',
    'const startedAtMs = performance.timeOrigin + performance.now();',
    `const { handler } = await import(${JSON.stringify(code)});`,
    script,
  ].join('\n');
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      POWERTOOLS_METRICS_NAMESPACE: 'CdkFailover',
    },
  });
  try {
    return await collect(child, count);
  } finally {
    child.kill('SIGKILL');
  }
}

async function collect(child: ChildProcess, count: number): Promise<readonly Readonly<Record<string, number>>[]> {
  const values: Readonly<Record<string, number>>[] = [];
  const full = new Promise<void>((resolve) => {
    child.on('message', (value) => {
      values.push(value as Readonly<Record<string, number>>);
      if (values.length >= count) resolve();
    });
  });
  const ended = once(child, 'exit').then(([code]) => {
    if (values.length < count) throw new Error(`the function's process ended with ${code} before its time`);
  });
  await Promise.race([full, ended]);
  return values;
}
