import { App, Aspects, CfnResource, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import { FailoverAccount } from '../../../lib/constructs/failover-account.ts';
import { FailoverRecords } from '../../../lib/constructs/failover-records.ts';
import { FailoverRegion } from '../../../lib/constructs/failover-region.ts';
import { failoverApp, failoverStacks } from '../../../lib/failover-app.ts';
import { FailoverRecordsStack } from '../../../lib/stacks/records-stack.ts';
import { FailoverRegionStack } from '../../../lib/stacks/region-stack.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { exampleDeployment, stubBundles } from '../synthesized.ts';

let bundleFolder = '';

beforeAll(() => {
  bundleFolder = stubBundles();
});

const stack = () => new Stack(new App(), 'Shop', { env: { region: 'us-east-1' } });
const givenTo: Readonly<Record<string, (deployment: Deployment) => unknown>> = {
  FailoverRegion: (deployment) => new FailoverRegion(stack(), 'Failover', { deployment }),
  FailoverRecords: (deployment) => new FailoverRecords(stack(), 'Failover', { deployment }),
  FailoverAccount: (deployment) => new FailoverAccount(stack(), 'Failover', { deployment }),
  FailoverRegionStack: (deployment) => new FailoverRegionStack(new App(), 'Shop', { deployment, region: 'us-east-1' }),
  FailoverRecordsStack: (deployment) => new FailoverRecordsStack(new App(), 'Shop', { deployment }),
  failoverStacks: (deployment) => failoverStacks(new App(), deployment),
  failoverApp: (deployment) => failoverApp(deployment),
};

test.each(Object.keys(givenTo))('%s says what a deployment is, whatever it is given instead', (name) => {
  const instead: readonly unknown[] = [
    undefined,
    'failover.config.yaml',
    { name: 'shop', controlRegions: ['us-east-1'] },
  ];

  for (const each of instead) {
    expect(() => givenTo[name]?.(each as Deployment)).toThrow(
      /^[\w/ ]+: deployment: found .*, allowed a deployment from readDeployment\('failover\.config\.yaml'\) or defineDeployment/,
    );
  }
});

test.each([
  ['FailoverRegion', FailoverRegion],
  ['FailoverRecords', FailoverRecords],
])('%s is there once an account, or once a stage where no account is said', (name, Part) => {
  const app = new App();
  const deployment = exampleDeployment('two-regions');
  const add = (scope: App | Stage, id: string, account?: string) =>
    new Part(new Stack(scope, id, { env: { region: 'us-east-1', ...(account && { account }) } }), 'Failover', {
      deployment,
      bundleFolder,
    });
  add(app, 'Shop');

  expect(() => add(app, 'Again')).toThrow(
    `Again/Failover: deployment: found a second ${name} of shop, allowed one: names follow from the name of the deployment, and Shop/Failover has them`,
  );
  expect(() => add(app, 'Elsewhere', '111122223333')).not.toThrow();
  expect(() => add(new Stage(app, 'Prod'), 'Shop')).not.toThrow();
  expect(() => add(new Stage(app, 'Beta'), 'Shop', '111122223333')).toThrow(
    `Beta/Shop/Failover: deployment: found a second ${name} of shop, allowed one: names follow from the name of the deployment, and Elsewhere/Failover has them`,
  );
  expect(() => add(new App(), 'Shop')).not.toThrow();
});

test.each([
  ['FailoverRegion', FailoverRegion],
  ['FailoverRecords', FailoverRecords],
])('%s is refused in a stack of another account than the deployment says', (_, Part) => {
  const deployment = { ...exampleDeployment('two-regions'), account: '111122223333' };
  const add = (account?: string) =>
    new Part(new Stack(new App(), 'Shop', { env: { region: 'us-east-1', ...(account && { account }) } }), 'Failover', {
      deployment,
      bundleFolder,
    });

  expect(() => add('999988887777')).toThrow(
    /^stack Shop: env\.account: found 999988887777, allowed 111122223333, the account of the deployment/,
  );
  expect(() => add('111122223333')).not.toThrow();
  expect(() => add()).not.toThrow();
});

test('a stage of a pipeline takes the stacks, in its account and in their regions', () => {
  const env = { account: '111122223333', region: 'eu-west-1' };
  const stage = new Stage(new App(), 'Prod', { env });

  failoverStacks(stage, exampleDeployment('two-regions'), bundleFolder);

  expect(
    stage
      .synth()
      .stacks.map(({ stackName, environment }) => `${stackName} ${environment.name}`)
      .sort(),
  ).toEqual([
    'shop-failover-records aws://111122223333/us-east-1',
    'shop-failover-us-east-1 aws://111122223333/us-east-1',
    'shop-failover-us-east-2 aws://111122223333/us-east-2',
    'shop-failover-us-west-2 aws://111122223333/us-west-2',
  ]);
});

test('a stage of another account than the deployment says is refused', () => {
  const deployment = { ...exampleDeployment('two-regions'), account: '111122223333' };
  const addTo = (account: string | undefined) => {
    const stage = new Stage(new App(), 'Beta', { env: { ...(account && { account }), region: 'us-east-1' } });
    failoverStacks(stage, deployment, bundleFolder);
  };

  expect(() => addTo('999988887777')).toThrow(
    'stage Beta: env.account: found 999988887777, allowed 111122223333, the account of the deployment; give the stage env: { account }, or leave account out of the configuration',
  );
  expect(() => addTo('111122223333')).not.toThrow();
  expect(() => addTo(undefined)).not.toThrow();
});

describe('an Aspect of the app', () => {
  const synthWith = (visit: (node: CfnResource) => void) => {
    const app = failoverApp(exampleDeployment('two-regions'), { bundleFolder });
    Aspects.of(app).add({ visit: (node) => CfnResource.isCfnResource(node) && visit(node) });
    return () => app.synth();
  };

  test.each<[string, (node: CfnResource) => void]>([
    ['table', (node) => node instanceof CfnTable && Object.assign(node, { tableName: 'acme-state' })],
    ['function', (node) => node instanceof CfnFunction && Object.assign(node, { functionName: undefined })],
  ])('may not rename what regions look for: a %s', (_, visit) => {
    expect(synthWith(visit)).toThrow(
      /found the name .*, allowed shop-failover-.*: every region looks for it under this/,
    );
  });

  test('may not remove a table that is protected with its stack', () => {
    const destroy = (node: CfnResource) => node.applyRemovalPolicy(RemovalPolicy.DESTROY);

    expect(synthWith(destroy)).toThrow(/State\/Table: found the removal policy Delete, allowed Retain: /);
  });

  test('may remove one whose protection it takes away as well, and tag and bound everything', () => {
    const app = failoverApp(exampleDeployment('two-regions'), { bundleFolder });
    Tags.of(app).add('team', 'shop');
    for (const stack of app.node.children) {
      if (!Stack.isStack(stack)) continue;
      stack.terminationProtection = true;
      PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Developer'));
    }
    Aspects.of(app).add({
      visit: (node) => {
        if (!(node instanceof CfnTable)) return;
        node.applyRemovalPolicy(RemovalPolicy.DESTROY);
        node.deletionProtectionEnabled = false;
      },
    });

    expect(() => app.synth()).not.toThrow();
  });
});
