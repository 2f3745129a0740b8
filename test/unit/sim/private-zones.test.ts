import { expect, test } from 'vitest';
import { isAnsweredAt } from '../../../src/sim/world/dns/private-zones.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';

const place = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
const networks = Object.fromEntries(
  ['us-east-1', 'us-west-2', 'us-east-2'].map((region) => [region, { vpcId: 'vpc-1', ...place }]),
);
const inside = exampleDeployment('two-regions', {
  'services.web.traffic.dns.zone.private': true,
  'watcher.vpc': networks,
});

test.each([
  ['in a network of the zone', inside, 'www.shop.example', 'us-east-1', true],
  ['of the zone itself', inside, 'shop.example', 'us-east-1', true],
  ['outside every network', inside, 'www.shop.example', 'eu-west-1', false],
  ['of another zone, outside every network', inside, 'www.shop.example.org', 'eu-west-1', true],
  ['of a public zone', exampleDeployment('two-regions'), 'www.shop.example', 'eu-west-1', true],
])('a name %s', (_, deployment, name, where, isAnswered) => {
  expect(isAnsweredAt(deployment, name, where)).toBe(isAnswered);
});
