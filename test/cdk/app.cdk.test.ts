import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FailoverRecords } from '../../lib/constructs/failover-records.ts';
import { FailoverRegion } from '../../lib/constructs/failover-region.ts';
import { checkRecordsLimits, checkRegionLimits } from '../../lib/constructs/stack-limits.ts';
import { failoverApp } from '../../lib/failover-app.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { exampleDeployment, freshFolder, stubBundles } from './synthesized.ts';

const deployment = exampleDeployment('two-regions');
let bundleFolder = '';

beforeAll(() => {
  bundleFolder = stubBundles();
  // One test of stacks.cdk.test.ts has the CDK look at the templates; it takes seconds each time.
  vi.stubEnv('CDK_VALIDATION', 'false');
});

/** A deployment with many copies of its service, each with a record of its own. */
function copies(count: number): Deployment {
  const { web } = deployment.services;
  if (!web?.traffic.dns) throw new TypeError('the example has DNS');
  const { dns } = web.traffic;
  const entries = Array.from({ length: count }, (_, index) => {
    const traffic = { dns: { ...dns, record: `www${index}.shop.example` } };
    return [`web${index}`, { ...web, traffic }] as const;
  });
  return { ...deployment, services: Object.fromEntries(entries) };
}

function isLetThrough(asked: Deployment): boolean {
  try {
    checkRegionLimits(asked);
    return true;
  } catch {
    return false;
  }
}

test.each([
  [undefined, 'us-east-1'],
  ['eu-central-1', 'eu-central-1'],
])('the stack of the records is in the region that the deployment names, or in the first one (%s)', (named, region) => {
  const app = failoverApp({ ...deployment, recordsRegion: named }, { bundleFolder, outdir: freshFolder('app') });
  const stack = app.node.findChild('shop-failover-records') as Stack;

  expect(stack.region).toBe(region);
});

describe("somebody else's app", () => {
  test('holds a region beside its own resources, and joins them to it', () => {
    const app = new App({ outdir: freshFolder('app') });
    const stack = new Stack(app, 'Shop', { env: { region: 'us-west-2' } });
    const own = new Topic(stack, 'Own');

    const { alarms } = new FailoverRegion(stack, 'Failover', { deployment, bundleFolder });
    alarms.services.web?.addAlarmAction(new SnsAction(own));

    const template = Assertions.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 2);
    template.hasResourceProperties('AWS::DynamoDB::Table', { TableName: 'shop-failover-state' });
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'));
    expect(composite?.Properties.AlarmActions).toHaveLength(2);
  });

  test('holds the records in a stack of any region', () => {
    const app = new App({ outdir: freshFolder('app') });
    const stack = new Stack(app, 'Dns', { env: { region: 'eu-central-1' } });

    new FailoverRecords(stack, 'Records', { deployment, bundleFolder });

    Assertions.fromStack(stack).resourceCountIs('AWS::Route53::RecordSet', 5);
  });

  test.each([
    [{ env: { region: 'eu-west-1' } }, 'found eu-west-1, allowed a control region: us-east-1, us-west-2, us-east-2'],
    [
      {},
      "found no region, allowed a control region: us-east-1, us-west-2, us-east-2; give the stack env: { region: '...' }",
    ],
  ])('is told when its stack is not in a control region (%j)', (props, says) => {
    const stack = new Stack(new App({ outdir: freshFolder('app') }), 'Shop', props);

    expect(() => new FailoverRegion(stack, 'Failover', { deployment, bundleFolder })).toThrow(says);
  });

  test('is told when nothing is to be made in Route 53', () => {
    const stack = new Stack(new App({ outdir: freshFolder('app') }), 'Dns');
    const edited = exampleDeployment('two-regions', { 'services.web.traffic.dns.mode': 'records' });

    expect(() => new FailoverRecords(stack, 'Records', { deployment: edited, bundleFolder })).toThrow(
      'leave FailoverRecords out',
    );
  });

  test('is told when the functions have not been built', () => {
    const empty = freshFolder('empty');

    expect(() => failoverApp(deployment, { bundleFolder: empty, outdir: freshFolder('app') })).toThrow(
      'run npm run build first',
    );
  });
});

describe("CloudFormation's limits", () => {
  test('a deployment whose alarms do not fit is refused with what to do (services=50)', () => {
    expect(() => checkRegionLimits(copies(50))).toThrow(
      /services: found services that need \d+ resources .* allowed 500, CloudFormation's limit; split the services over \d+ deployments/,
    );
    expect(() => checkRegionLimits(copies(17))).not.toThrow();
  });

  test('a deployment whose checks do not fit is refused with what to do (services=90)', () => {
    expect(() => checkRecordsLimits(copies(90))).toThrow(ConfigError);
    expect(() => checkRecordsLimits(copies(35))).not.toThrow();
  });

  test('the most that is let through fits: resources, size and policies', () => {
    const most = [...Array(50).keys()].findLast((count) => isLetThrough(copies(count + 1)));
    const app = new App({ outdir: freshFolder('app') });
    const stack = new Stack(app, 'Shop', { env: { region: 'us-west-2' } });
    new FailoverRegion(stack, 'Failover', { deployment: copies((most ?? 0) + 1), bundleFolder });

    const template = Assertions.fromStack(stack).toJSON();

    expect(most).toBeGreaterThan(10);
    expect(isLetThrough(copies((most ?? 0) + 2))).toBe(false);

    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(template, null, 1).length).toBeLessThan(1_000_000);
  });
});

describe('bin/app.ts', () => {
  const folder = join('out', `app-test-${process.pid}`);

  test('makes every stack of an example', async () => {
    const outdir = freshFolder('example');

    const { code, stderr } = await runApp('app.ts', join('examples', 'three-regions'), outdir);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const manifest = readFileSync(join(outdir, 'manifest.json'), 'utf8');
    expect(manifest).toContain('shop-failover-eu-west-1');
    expect(manifest).toContain('shop-failover-records');
  });

  test('ends with 2, the message and no stack when the configuration cannot be used', async () => {
    mkdirSync(folder, { recursive: true });
    const app = join(folder, 'app.ts');
    const source = [
      "import { runFailoverApp } from '../../lib/failover-app.ts';",
      "import { parseDeployment } from '../../src/config/loader.ts';",
      "await runFailoverApp(() => parseDeployment('name: SHOP', 'failover.config.yaml'));",
    ];
    writeFileSync(app, source.join('\n'));
    const outdir = freshFolder('broken');

    const { code, stderr } = await runApp(app, '.', outdir);

    expect(code).toBe(2);
    expect(stderr).toContain('failover.config.yaml:1: name: found "SHOP"');
    expect(stderr).not.toContain('    at ');
    expect(() => readFileSync(join(outdir, 'manifest.json'))).toThrow('ENOENT');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));
});

afterAll(() => {
  vi.unstubAllEnvs();
});

test('another package imports the constructs by name, with the CDK of its own', async () => {
  const built = spawnSync(process.execPath, ['scripts/build-lib.js'], { encoding: 'utf8' });
  expect(built.stderr).toBe('');
  const folder = join('out', `other-app-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'app.mjs'), otherApp(bundleFolder));
  const outdir = freshFolder('other-app');

  try {
    expect(await runApp(join(folder, 'app.mjs'), '.', outdir)).toEqual({ code: 0, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  expect(readFileSync(join(outdir, 'Mine.template.json'), 'utf8')).toContain('other-failover-watcher');
});

/** As in docs/constructs.md. */
function otherApp(bundles: string): string {
  return `
import { App, Stack } from 'aws-cdk-lib';
import { defineDeployment, FailoverRegion } from 'cdk-failover';

const site = (region, priority) => ({ region, priority, probes: [{ type: 'tcp', host: region + '.example', port: 443 }] });
const deployment = defineDeployment({
  name: 'other',
  controlRegions: ['us-east-1', 'us-west-2', 'us-east-2'],
  services: {
    api: {
      mode: 'active-passive',
      sites: { one: site('us-east-1', 100), two: site('us-west-2', 50) },
      traffic: {
        dns: {
          zone: { id: 'Z0EXAMPLE', name: 'other.example' },
          record: 'api.other.example',
          addresses: { one: { a: '203.0.113.10' }, two: { a: '198.51.100.20' } },
        },
      },
    },
  },
});
const app = new App();
const stack = new Stack(app, 'Mine', { env: { region: 'us-east-2' } });
new FailoverRegion(stack, 'Failover', { deployment, bundleFolder: ${JSON.stringify(bundles)} });
app.synth();
`;
}

/** Runs an app as `cdk` does. */
async function runApp(file: string, cwd: string, outdir: string): Promise<{ code: number | null; stderr: string }> {
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' };
  const child = spawn(process.execPath, ['--import', 'tsx', file], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}
