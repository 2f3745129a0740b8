import { App, Stack, Stage } from 'aws-cdk-lib';
import { beforeAll, expect, test } from 'vitest';
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
