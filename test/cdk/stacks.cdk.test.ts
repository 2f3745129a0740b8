import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { failoverApp } from '../../lib/failover-app.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { everything } from './everything.fixture.ts';
import { exampleDeployment, freshFolder, stubBundles, type Template, templatesOf } from './synthesized.ts';

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
const names = [...regions.map((region) => `shop-failover-${region}`), 'shop-failover-records'];

let bundles = '';
let stacks: Readonly<Record<string, Template>> = {};

beforeAll(() => {
  bundles = stubBundles();
  stacks = templatesOf(exampleDeployment('two-regions'), bundles);
});

/** Assets are named by their content, which is a bundle's business. */
function masked(template: unknown): unknown {
  return JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, 'ASSET'));
}

test('the example has a stack a control region and one of records', () => {
  expect(Object.keys(stacks).sort()).toEqual([...names].sort());
});

test.each(names)('%s is as it was agreed on', async (name) => {
  await expect(`${JSON.stringify(masked(stacks[name]), null, 1)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, 'golden', `${name}.json`),
  );
});

test('the same configuration makes the same stacks', () => {
  expect(templatesOf(exampleDeployment('two-regions'), bundles)).toEqual(stacks);
});

test('no stack takes anything from another, and none gives', () => {
  const text = JSON.stringify(stacks);

  expect(text).not.toMatch(/Fn::ImportValue|ExportWriter|ExportReader|Fn::GetStackOutput/);
  for (const template of Object.values(stacks)) expect(template).not.toHaveProperty('Outputs');
});

test('every region gets the same code of what it has', () => {
  const codes = regions.flatMap((region) =>
    Object.values(stacks[`shop-failover-${region}`]?.Resources ?? {})
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => `${Properties.FunctionName} ${(Properties.Code as { S3Key: string }).S3Key}`),
  );

  expect(codes).toHaveLength(3 * 3 + 2);
  expect(new Set(codes).size).toBe(4);
});

/** The examples, and everything that has a function or a record of its own. */
const looked = {
  'two-regions': {},
  'elastic-ip': {
    'services.web.sites.left.fence': { instanceIds: ['i-left'], isolationGroupId: 'sg-nobody' },
    'services.web.traffic.dns.mode': 'records',
    'watcher.tracing': true,
    'watcher.vpc': {
      'us-east-1': { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] },
    },
  },
  'three-regions': {},
} as const;

describe.each(Object.entries(looked))('%s', (example, overrides) => {
  test("nothing is found by cdk-nag's AwsSolutions nor by the CDK's own rules", () => {
    const report = reportOn(exampleDeployment(example, overrides));

    expect(report).toMatchObject({ pluginReports: expect.any(Array) });
    expect(violationsIn(report)).toEqual([]);
  });
});

test('nothing is found in a deployment with every kind of function, fence and size', () => {
  const report = reportOn(everything);

  expect(report).toMatchObject({ pluginReports: expect.any(Array) });
  expect(violationsIn(report)).toEqual([]);
});

/** What cdk-nag's AwsSolutions and the CDK's own rules say of a deployment's stacks. */
function reportOn(deployment: Deployment): unknown {
  const outdir = freshFolder('nag');
  const app = failoverApp(deployment, {
    bundleFolder: bundles,
    outdir,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
}

test('cdk-nag does find what is wrong (a queue that takes requests in the clear)', () => {
  const app = new App({ outdir: freshFolder('planted') });
  new Queue(new Stack(app, 'Planted'), 'Queue');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  vi.stubEnv('CDK_VALIDATION', 'false');

  try {
    expect(() => app.synth()).toThrow('AwsSolutions-SQS4');
  } finally {
    vi.unstubAllEnvs();
  }
});

/** Findings of all plugins, errors and warnings alike. */
function violationsIn(report: unknown): readonly unknown[] {
  const { pluginReports } = report as { pluginReports: readonly { readonly violations: readonly unknown[] }[] };
  return pluginReports.flatMap(({ violations }) => violations);
}

const lint = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' });
const isLintMissing = lint.status !== 0;

test('cfn-lint is there where it must be', () => {
  expect(isLintMissing && process.env.CI === 'true').toBe(false);
});

test.skipIf(isLintMissing)('cfn-lint finds nothing (skipped where it is not installed)', () => {
  const outdir = freshFolder('lint');
  failoverApp(exampleDeployment('two-regions'), { bundleFolder: bundles, outdir, analyticsReporting: false }).synth();

  // The stacks of the other regions differ in names alone. W3005: the CDK adds a dependency on the role besides the
  // reference to it, which is harmless.
  const files = ['shop-failover-us-east-1', 'shop-failover-records'].map((name) =>
    join(outdir, `${name}.template.json`),
  );
  const found = spawnSync('cfn-lint', ['--ignore-checks', 'W3005', '--', ...files], { encoding: 'utf8' });

  expect(found.stdout + found.stderr).toBe('');
  expect(found.status).toBe(0);
});
