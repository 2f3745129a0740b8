import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { FailoverRegion } from '../../lib/constructs/failover-region.ts';
import { parseDeployment } from '../../src/config/loader.ts';
import { freshFolder, stubBundles } from './synthesized.ts';

const file = new URL('../cases/setups/eip-ipv6-probe-vpc.yaml', import.meta.url);

/** The networks of all functions in us-east-1. */
function networksOf(text: string): readonly unknown[] {
  const stack = new Stack(new App({ outdir: freshFolder('app') }), 'Shop', { env: { region: 'us-east-1' } });
  const deployment = parseDeployment(text, 'c.yaml');
  new FailoverRegion(stack, 'Failover', { deployment, bundleFolder: stubBundles() });
  const functions = Object.values(Assertions.fromStack(stack).findResources('AWS::Lambda::Function'));
  return functions.flatMap(({ Properties }) => Properties.VpcConfig ?? []);
}

test.each([
  ['an IPv6 address', (text: string) => text, true],
  ['a name', (text: string) => text.replaceAll(/host: 2600:1f18::(.)/g, 'host: $1.shop.example'), undefined],
])('a watcher that probes %s is let out by IPv6: %s', (_, change, isAllowed) => {
  const [network, ...others] = networksOf(change(readFileSync(file, 'utf8')));

  expect(others).toEqual([]);
  expect((network as Record<string, unknown>).Ipv6AllowedForDualStack).toBe(isAllowed);
});
