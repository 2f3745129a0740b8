import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FailoverRecords } from '../../lib/constructs/failover-records.ts';
import { FailoverRegion } from '../../lib/constructs/failover-region.ts';
import { oversizedStacks, recordsStack, stackSizesOf } from '../../src/config/plan/stack-size.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { everything } from './everything.fixture.ts';
import { exampleDeployment, freshFolder, stubBundles } from './synthesized.ts';

const bundleFolder = stubBundles();

/** How many resources each stack has once it is synthesized. */
function synthesizedSizes(deployment: Deployment): unknown {
  const regions = deployment.controlRegions.map((region) => {
    const stack = new Stack(new App({ outdir: freshFolder('app') }), 'Shop', { env: { region } });
    new FailoverRegion(stack, 'Failover', { deployment, bundleFolder });
    return { stack: region, resources: countIn(stack) };
  });
  const records = new Stack(new App({ outdir: freshFolder('app') }), 'Dns', { env: { region: 'eu-central-1' } });
  new FailoverRecords(records, 'Records', { deployment, bundleFolder });
  return [...regions, { stack: recordsStack, resources: countIn(records) }];
}

function countIn(stack: Stack): number {
  return Object.keys(Assertions.fromStack(stack).toJSON().Resources).length;
}

/** A deployment with a service as often as is asked. */
function copiesOf(example: string, count: number): Deployment {
  const deployment = exampleDeployment(example);
  const [service] = Object.values(deployment.services);
  const { dns } = service?.traffic ?? {};
  if (!service || !dns) throw new TypeError('the example has a service with DNS');
  const services = Array.from({ length: count }, (_, index) => {
    const traffic = { ...service.traffic, dns: { ...dns, record: `www${index}.shop.example` } };
    return [`web${index}`, { ...service, traffic }] as const;
  });
  return { ...deployment, services: Object.fromEntries(services) };
}

describe('the size of a stack', () => {
  it.each<[string, Deployment]>([
    ['two-regions', exampleDeployment('two-regions')],
    ['database', exampleDeployment('database')],
    ['accounts', exampleDeployment('accounts')],
    ['seventeen services', copiesOf('three-regions', 17)],
    ['everything', everything],
  ])('is what is synthesized: %s', (_, deployment) => {
    expect(stackSizesOf(deployment)).toEqual(synthesizedSizes(deployment));
  });

  it('is said with a way out that fits', () => {
    const [refused] = oversizedStacks(copiesOf('three-regions', 50));

    const [, parts = '', most = ''] =
      /over (\d+) deployments of at most (\d+) services/.exec(refused?.finding.hint ?? '') ?? [];
    expect(Number(parts) * Number(most)).toBeGreaterThanOrEqual(50);
    expect(oversizedStacks(copiesOf('three-regions', Number(most)))).toEqual([]);
  });
});
