import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './steps.ts';

/**
 * Adds what a deployment needs to a project that `cdk init` made in the folder `shop`: an import and two
 * lines. Its test then loads the app's stacks too.
 */
export function addToCdkProject(folder: string, config: string): void {
  copyFileSync(config, join(folder, 'failover.config.yaml'));
  const path = join(folder, 'bin/shop.ts');
  const app = 'const app = new cdk.App();\n';
  const source = readFileSync(path, 'utf8');
  if (!source.includes(app)) throw new Error(`${path} is not what cdk init made before`);
  const lines = ["const deployment = readDeployment('failover.config.yaml');", 'failoverStacks(app, deployment);'];
  const shebang = '#!/usr/bin/env node\n';
  const added = source
    .replace(shebang, `${shebang}import { failoverStacks, readDeployment } from 'cdk-failover';\n`)
    .replace(app, `${app}${lines.join('\n')}\n`);
  writeFileSync(path, added);
  writeFileSync(join(folder, 'test/failover.test.ts'), appTest);
}

const appTest = `import * as cdk from 'aws-cdk-lib/core';
import { failoverStacks, readDeployment } from 'cdk-failover';

test('the app has the stacks of the deployment', () => {
  const app = new cdk.App();
  failoverStacks(app, readDeployment('failover.config.yaml'));
  expect(app.node.children.length).toBe(4);
});
`;

/** A way in which other people's compilers look at the package. */
export interface Consumer {
  readonly name: string;
  /** The package that holds the compiler. */
  readonly compiler: 'typescript' | 'typescript-5';
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether the program is an ES module. */
  readonly isModule: boolean;
}

const forms: readonly Consumer[] = [
  { name: 'nodenext', compiler: 'typescript', options: { module: 'nodenext' }, isModule: true },
  { name: 'nodenext-commonjs', compiler: 'typescript', options: { module: 'nodenext' }, isModule: false },
  {
    name: 'bundler',
    compiler: 'typescript',
    options: { module: 'esnext', moduleResolution: 'bundler' },
    isModule: true,
  },
  {
    name: 'commonjs',
    compiler: 'typescript-5',
    options: { module: 'commonjs', moduleResolution: 'node10' },
    isModule: false,
  },
];

/** Each form, with and without a look into the declarations of packages. */
export const consumers: readonly Consumer[] = [true, false].flatMap((skipLibCheck) =>
  forms.map((form) => ({
    ...form,
    name: `${form.name}-${skipLibCheck ? 'skip' : 'whole'}`,
    options: { ...form.options, skipLibCheck },
  })),
);

/** Compiles a program that uses the package, strictly, in a folder of its own below a project that has it. */
export async function typeCheck(project: string, { name, compiler, options, isModule }: Consumer): Promise<void> {
  const folder = join(project, 'consumers', name);
  mkdirSync(folder, { recursive: true });
  const compilerOptions = { ...options, target: 'es2022', strict: true, noEmit: true, types: ['node'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(isModule ? { type: 'module' } : {}));
  writeFileSync(join(folder, 'use.ts'), program);
  const compilerPath = join(project, 'node_modules', compiler, 'bin/tsc');
  await run(process.execPath, [compilerPath, '-p', 'tsconfig.json'], folder);
}

const program = `import { App, Stack } from 'aws-cdk-lib';
import { ConfigError, defineDeployment, FailoverRecords, FailoverRegion, failoverStacks } from 'cdk-failover';
import type { Deployment, DeploymentInput, ServiceInput } from 'cdk-failover';
import { ActiveGuard, ClientError, createEndpoints, type Endpoint } from 'cdk-failover/client';

const site = (region: string, priority: number) => ({
  region,
  priority,
  probes: [{ type: 'https' as const, url: 'https://' + region + '.shop.example/healthz', timeoutMs: '1s' }],
});
const zone = { id: 'Z0EXAMPLE', name: 'shop.example' };

export const deployment: Deployment = defineDeployment({
  name: 'shop',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    web: {
      mode: 'active-passive',
      sites: { virginia: site('us-east-1', 100), oregon: site('us-west-2', 50) },
      failback: { to: 'virginia' },
      traffic: {
        dns: { zone, record: 'www.shop.example', addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } } },
      },
    },
  },
});

export const misspelt = () =>
  defineDeployment({
    name: 'shop',
    controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
    services: {
      web: {
        mode: 'active-passive',
        sites: { virginia: site('us-east-1', 100), oregon: site('us-west-2', 50) },
        // @ts-expect-error: there is no such site
        failback: { to: 'virgina' },
        traffic: {},
      },
    },
  });

const app = new App();
const stack = new Stack(app, 'Shop', { env: { region: 'us-east-1' } });
const region = new FailoverRegion(stack, 'Failover', { deployment });
export const alarm = region.alarms.services.web;
new FailoverRecords(stack, 'Records', { deployment });
failoverStacks(app, deployment);

export type Used = [DeploymentInput, ServiceInput, Endpoint];
export const isOurs = (error: unknown): boolean => error instanceof ConfigError || error instanceof ClientError;
export const library = [ActiveGuard, createEndpoints];
`;
