import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { expect, test } from 'vitest';
import { aliasTargetOf } from '../../../../../src/config/kinds/dns/alias-target.ts';
import { zonesByRegion } from '../../../../../src/config/kinds/dns/aws-zones.ts';

const websites = Object.entries(zonesByRegion).flatMap(([region, { website }]) =>
  website === undefined ? [] : [[region, website] as const],
);

test.each(websites)('the websites of %s are in %s, as the region facts of the CDK say', (region, zoneId) => {
  expect(Fact.find(region, FactName.S3_STATIC_WEBSITE_ZONE_53_HOSTED_ZONE_ID)).toBe(zoneId);
});

test.each(websites)('the name of the websites of %s is known for what it is', (region, zoneId) => {
  const name = Fact.find(region, FactName.S3_STATIC_WEBSITE_ENDPOINT) ?? '';

  expect(aliasTargetOf(name)).toMatchObject({ kind: 'target', zoneId });
});

test('no zone stands in the table twice', () => {
  const all = Object.values(zonesByRegion).flatMap((zones) => Object.values(zones));

  expect(all.filter((zone, place) => all.indexOf(zone) !== place)).toEqual([]);
});

test.each([
  ['dualstack.web-1.us-east-1.elb.amazonaws.com', 'an application or classic load balancer in us-east-1'],
  ['internal-web-1.eu-west-1.elb.amazonaws.com', 'an application or classic load balancer in eu-west-1'],
  ['web-1.elb.us-gov-west-1.amazonaws.com', 'a network load balancer in us-gov-west-1'],
  ['dualstack.web-1.elb.eu-west-1.amazonaws.com', 'a network load balancer in eu-west-1'],
  ['web-1.cn-north-1.elb.amazonaws.com.cn', 'an application or classic load balancer in cn-north-1'],
  ['d-abc123.execute-api.eu-west-1.amazonaws.com', 'a custom domain name of API Gateway in eu-west-1'],
  ['d1.cloudfront.net', 'a CloudFront distribution'],
  ['a1.dualstack.awsglobalaccelerator.com', 'a Global Accelerator'],
])('%s is %s', (name, what) => {
  expect(aliasTargetOf(name)).toMatchObject({ kind: 'target', what });
});

test.each([
  ['abc.execute-api.us-east-1.amazonaws.com', 'make a regional custom domain name'],
  ['www.shop.example.s3-website.eu-west-2.amazonaws.com', 'write s3-website.eu-west-2.amazonaws.com'],
  ['shop.s3.amazonaws.com', 'make the bucket a website'],
  ['shop.s3.us-east-1.amazonaws.com', 'make the bucket a website'],
  ['abc.lambda-url.us-east-1.on.aws', 'put a CloudFront distribution'],
  ['shop.cluster-abc.us-east-1.rds.amazonaws.com', 'write cname: '],
  ['shop.abc.ng.0001.use1.cache.amazonaws.com', 'write cname: '],
  ['shop.cluster-abc.us-east-1.docdb.amazonaws.com', 'write cname: '],
  ['search-shop-abc.us-east-1.es.amazonaws.com', 'write cname: '],
  ['ec2-203-0-113-10.compute-1.amazonaws.com', 'write its Elastic IP as a'],
  ['ec2-203-0-113-10.us-west-2.compute.amazonaws.com', 'write its Elastic IP as a'],
  ['shop.other.example', 'write cname: '],
])('%s is no target: %s', (name, instead) => {
  const target = aliasTargetOf(name);

  expect(target).toMatchObject({ kind: 'none', instead: expect.stringContaining(instead) });
});

test.each(['vpce-1.us-east-1.vpce.amazonaws.com', 'shop.us-east-1.elasticbeanstalk.com', 'a.elb.amazonaws.com'])(
  'of %s nothing is known',
  (name) => {
    expect(aliasTargetOf(name)).toEqual({ kind: 'unknown' });
  },
);
