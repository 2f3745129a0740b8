import { describe, expect, test } from 'vitest';
import type { DeploymentInput } from '../../../../src/config/input/deployment.ts';
import { defineDeployment, parseDeploymentValue } from '../../../../src/config/loader.ts';
import { deploymentRules, serviceRules } from '../../../../src/config/rules/rules.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { zonedPool } from '../kinds/zonal.fixture.ts';
import { modeCases, type RuleCase } from '../mode-cases.fixture.ts';
import { complaintsOf, shop, zones } from '../shop.fixture.ts';

const web = 'services.web';
const virginia = `${web}.sites.virginia`;
const oregon = `${web}.sites.oregon`;
const fence = (...instanceIds: readonly string[]) => ({ instanceIds, isolationGroupId: 'sg-nobody' });
const plain = { type: 'https', url: 'https://oregon.shop.example/healthz' };
const oregonDns = `${web}.traffic.dns.addresses.oregon`;
const virginiaDns = `${web}.traffic.dns.addresses.virginia`;
const alias = { dnsName: 'a.elb.amazonaws.com', zoneId: 'Z1BALANCERS' };
const distribution = (name: string) => ({ dnsName: `${name}.cloudfront.net`, zoneId: 'Z2FDTNDATAQYW2' });
const balancer = (region: string, zoneId: string) => ({ dnsName: `web.${region}.elb.amazonaws.com`, zoneId });
const website = { dnsName: 's3-website-us-west-2.amazonaws.com', zoneId: 'Z3BJ6K6RIION7M' };
const directCheck = { type: 'https', port: 443, path: '/healthz' };
const third = { ...shop.services.web?.sites.oregon, probes: [{ type: 'tcp', host: 'ohio.shop.example', port: 443 }] };

/** Networks of the watchers, by region. */
const inside = (...regions: readonly string[]) =>
  Object.fromEntries(
    regions.map((region) => [
      region,
      {
        vpcId: 'vpc-0123456789abcdef0',
        subnetIds: ['subnet-0123456789abcdef0'],
        securityGroupIds: ['sg-0123456789abcdef0'],
      },
    ]),
  );
const database = (region: string) => `arn:aws:rds:${region}:111122223333:cluster:shop`;
const vaulted = { kind: 'aws-backup', vault: 'shop', resourceArn: 'arn:aws:s3:::shop' };
const unfenced = { [`${web}.failover`]: {} };

function complaints(base: DeploymentInput, overrides: Overrides): readonly string[] {
  return complaintsOf(() => parseDeploymentValue(applyOverrides(base, overrides), 'c.yaml'));
}

const works = (site: string, cron: string) => ({ site, cron, forMs: '2h' });
const [saturday, sunday] = ['0 3 * * 6', '0 3 * * 0'];

const cases: readonly RuleCase[] = [
  ...modeCases,
  {
    rule: 'backups of a database in another region than the site',
    passes: { [`${oregon}.measures.backup`]: { kind: 'rds', resourceArn: database('us-west-2') } },
    refused: { [`${oregon}.measures.backup`]: { kind: 'rds', resourceArn: database('us-east-1') } },
    says: [
      'c.yaml: services.web.sites.oregon.measures.backup.resourceArn: found one in us-east-1, allowed one in us-west-2, where oregon is; copies in another region are in a vault: write kind: aws-backup, with the vault that holds them',
    ],
  },
  {
    rule: 'backups at a site whose region has no function to ask for them',
    passes: {
      [`${web}.sites.ohio`]: { ...third, region: 'eu-west-1', priority: 10 },
      [`${web}.traffic.dns.addresses.ohio`]: { a: '203.0.113.30' },
    },
    refused: {
      [`${web}.sites.ohio`]: { ...third, region: 'eu-west-1', priority: 10, measures: { backup: vaulted } },
      [`${web}.traffic.dns.addresses.ohio`]: { a: '203.0.113.30' },
    },
    says: [
      'c.yaml: services.web.sites.ohio.measures.backup: found a site in eu-west-1, allowed sites in a control region: us-east-1, us-west-2, us-east-2; make eu-west-1 a control region, or leave backup out',
    ],
  },
  {
    rule: 'a window of work at a site that the service does not have',
    passes: { [`${web}.maintenance`]: [works('oregon', saturday)] },
    refused: { [`${web}.maintenance`]: [works('ohio', saturday)] },
    says: ['c.yaml: services.web.maintenance.0.site: found ohio, allowed a site: virginia, oregon'],
  },
  {
    rule: 'a game day at a site that is not there',
    passes: { [`${web}.gameDays`]: [{ cron: '0 10 1 * *', forMs: '1h', to: 'oregon' }] },
    refused: { [`${web}.gameDays`]: [{ cron: '0 10 1 * *', forMs: '1h', to: 'ohio' }] },
    says: ['c.yaml: services.web.gameDays.0.to: found ohio, allowed a site: virginia, oregon'],
  },
  {
    rule: 'work at every site at one time, whatever other windows there are',
    passes: { [`${web}.maintenance`]: [works('oregon', saturday), works('virginia', sunday)] },
    refused: {
      [`${web}.maintenance`]: [works('oregon', saturday), works('virginia', sunday), works('virginia', saturday)],
    },
    says: [
      'c.yaml: services.web.maintenance: found the same time at every site, allowed sites one after another; shift one of them',
    ],
  },
  {
    rule: 'a private zone that a watcher cannot resolve',
    passes: { [`${web}.traffic.dns.zone.private`]: true, 'watcher.vpc': inside(...shop.controlRegions) },
    refused: { [`${web}.traffic.dns.zone.private`]: true, 'watcher.vpc': inside('us-east-1', 'us-west-2') },
    says: [
      'c.yaml: services.web.traffic.dns.zone.private: found true, and no network of us-east-2 in watcher.vpc, allowed a network of each control region, associated with the zone; a watcher elsewhere cannot see what the name answers, so it could not verify a move',
    ],
  },
  {
    rule: 'a check from outside for a private zone',
    passes: { [`${web}.traffic.dns.directCheck`]: directCheck, ...unfenced },
    refused: {
      [`${web}.traffic.dns.directCheck`]: directCheck,
      [`${web}.traffic.dns.zone.private`]: true,
      'watcher.vpc': inside(...shop.controlRegions),
      ...unfenced,
    },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck: found a check from outside, allowed none with zone.private; leave it out: oracles follow the watchers, which probe from inside',
    ],
  },
  {
    rule: 'CloudFront in a private zone',
    passes: { [virginiaDns]: { alias: distribution('d1') }, [oregonDns]: { a: '198.51.100.20' } },
    refused: {
      [virginiaDns]: { alias: distribution('d1') },
      [`${web}.traffic.dns.zone.private`]: true,
      'watcher.vpc': inside(...shop.controlRegions),
    },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.virginia.alias: found d1.cloudfront.net, allowed an internal load balancer, an address or a cname',
    ],
  },
  {
    rule: 'fewer than three control regions',
    passes: { controlRegions: ['us-east-1', 'us-west-2', 'eu-west-1'] },
    refused: { controlRegions: ['us-east-1', 'us-west-2'] },
    says: ['c.yaml: controlRegions: found 2, allowed 3 or more; add a witness: a region without a site'],
  },
  {
    rule: 'an even number of control regions',
    passes: { controlRegions: ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1', 'eu-west-2'] },
    refused: { controlRegions: ['us-east-1', 'us-west-2', 'us-east-2', 'eu-west-1'] },
    says: [
      'c.yaml: controlRegions: found 4, allowed an odd number of regions; add a witness or leave one out; an even number survives no more losses',
    ],
  },
  {
    rule: 'a control region named twice',
    passes: {},
    refused: { controlRegions: ['us-east-1', 'us-west-2', 'us-east-1'] },
    says: [
      'c.yaml: controlRegions: found us-east-1 twice, allowed each region once; a majority counts distinct regions',
    ],
  },
  {
    rule: 'no service',
    passes: {},
    refused: { services: {} },
    says: ['c.yaml: services: found 0, allowed 1 to 50 services'],
  },
  {
    rule: 'two services that steer one record',
    passes: { 'services.api': { ...shop.services.web, traffic: zonesTraffic() }, 'services.api.sites': zonesSites() },
    refused: { 'services.api': shop.services.web },
    says: [
      'c.yaml: services.api.traffic.dns.record: found www.shop.example, allowed one that no other service steers; web does; give api its own, or make the two one service',
    ],
  },
  {
    rule: 'two services that steer one Elastic IP',
    base: zones,
    passes: {
      'services.api': zones.services.web,
      'services.api.traffic.address': apiAddress('eipalloc-2', 'i-api'),
    },
    refused: { 'services.api': zones.services.web, 'services.api.traffic.address': apiAddress('eipalloc-1', 'i-api') },
    says: [
      'c.yaml: services.api.traffic.address.allocationId: found eipalloc-1, allowed one that no other service steers; web does; give api its own, or make the two one service',
    ],
  },
  {
    rule: 'two services that have an Elastic IP at one private address',
    base: zones,
    passes: {
      'services.api': zones.services.web,
      'services.api.traffic.address': apiAddress('eipalloc-2', {
        instanceId: 'i-left',
        privateIpAddress: '10.0.0.6',
      }),
    },
    refused: {
      'services.api': zones.services.web,
      'services.api.traffic.address': apiAddress('eipalloc-2', 'i-left'),
    },
    says: [
      'c.yaml: services.api.traffic.address.instances.left: found i-left, allowed a private address that no other service has; web does; write left: { instanceId: i-left, privateIpAddress: ... }, with a second private address of it; a private address holds one Elastic IP',
    ],
  },
  {
    rule: 'an Elastic IP more than there are places for',
    base: zones,
    passes: {
      [`${web}.traffic.address.allocationId`]: ['eipalloc-1', 'eipalloc-2'],
      [`${web}.traffic.address.instances`]: {
        left: ['i-left', { instanceId: 'i-left', privateIpAddress: '10.0.0.6' }],
        right: ['eni-1', { networkInterfaceId: 'eni-2', privateIpAddress: '10.0.1.6' }],
      },
    },
    refused: {
      [`${web}.traffic.address.allocationId`]: ['eipalloc-1', 'eipalloc-2'],
      [`${web}.traffic.address.instances`]: {
        left: ['i-left', 'i-left'],
        right: { networkInterfaceId: 'eni-2', privateIpAddress: '10.0.1.6' },
      },
    },
    says: [
      'c.yaml: services.web.traffic.address.instances.left: found i-left, i-left, allowed 2 different places for 2 Elastic IPs; write left: [i-left, { instanceId: i-left, privateIpAddress: ... }], each with a private address that it has; a private address holds one Elastic IP',
      'c.yaml: services.web.traffic.address.instances.right: found eni-2/10.0.1.6, allowed 2 different places for 2 Elastic IPs; write right: [{ networkInterfaceId: eni-2, privateIpAddress: 10.0.1.6 }, { networkInterfaceId: eni-2, privateIpAddress: ... }], each with a private address that it has; a private address holds one Elastic IP',
    ],
  },
  {
    rule: 'a place more than there are Elastic IPs',
    base: zones,
    passes: {},
    refused: { [`${web}.traffic.address.instances.left`]: ['i-left', 'eni-1'] },
    says: [
      'c.yaml: services.web.traffic.address.instances.left: found i-left, eni-1, allowed one place for one Elastic IP; write one for left',
    ],
  },
  {
    rule: 'two sites of an Elastic IP at one interface',
    base: zones,
    passes: { [`${web}.traffic.address.instances`]: { left: 'eni-1', right: 'eni-2' } },
    refused: {
      [`${web}.traffic.address.instances`]: {
        left: { networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.5' },
        right: { networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.6' },
      },
    },
    says: [
      'c.yaml: services.web.traffic.address.instances.right: found eni-1, allowed another instance than that of left',
    ],
  },
  {
    rule: 'a fence that takes the Elastic IPs from nothing',
    base: zones,
    passes: { [`${web}.sites.left.fence`]: { kind: 'address', allocationId: 'eipalloc-1', instanceId: 'i-left' } },
    refused: { [`${web}.sites.left.fence`]: { kind: 'address', allocationId: 'eipalloc-1' } },
    says: [
      'c.yaml: services.web.sites.left.fence: found nothing, allowed instanceId, networkInterfaceId or both; name what holds the address at left',
    ],
  },
  {
    rule: 'a fence that leaves an Elastic IP or an interface open',
    base: zones,
    passes: {
      [`${web}.traffic.address.allocationId`]: ['eipalloc-1', 'eipalloc-2'],
      [`${web}.traffic.address.instances`]: { left: ['i-left', 'eni-1'], right: ['eni-2', 'eni-3'] },
      [`${web}.sites.left.fence`]: {
        kind: 'address',
        allocationId: ['eipalloc-1', 'eipalloc-2'],
        instanceId: 'i-left',
        networkInterfaceId: 'eni-1',
      },
    },
    refused: {
      [`${web}.traffic.address.allocationId`]: ['eipalloc-1', 'eipalloc-2'],
      [`${web}.traffic.address.instances`]: { left: ['i-left', 'eni-1'], right: ['eni-2', 'eni-3'] },
      [`${web}.sites.left.fence`]: { kind: 'address', allocationId: 'eipalloc-1', instanceId: 'i-left' },
    },
    says: [
      'c.yaml: services.web.sites.left.fence.allocationId: found a fence without eipalloc-2, allowed all Elastic IPs of traffic.address: eipalloc-1, eipalloc-2; clients would still come to left by eipalloc-2',
      'c.yaml: services.web.sites.left.fence.networkInterfaceId: found a fence without eni-1, allowed all that holds the Elastic IPs at left: i-left, eni-1; clients would still come to left by eni-1',
    ],
  },
  {
    rule: 'a service whose Elastic IP is at an instance that another one fences',
    base: zones,
    passes: {
      'services.api': zones.services.web,
      'services.api.traffic.address': apiAddress('eipalloc-2', 'i-api'),
      [`${web}.sites.left.fence`]: fence('i-left'),
    },
    refused: {
      'services.api': zones.services.web,
      'services.api.traffic.address': apiAddress('eipalloc-2', {
        instanceId: 'i-left',
        privateIpAddress: '10.0.0.6',
      }),
      [`${web}.sites.left.fence`]: fence('i-left'),
    },
    says: [
      'c.yaml: services.api.traffic.address.instances.left: found i-left, allowed instances that no other service has; web does; take it out of one, or make the two one service',
    ],
  },
  {
    rule: 'a service that fences an instance of another',
    base: zones,
    passes: { 'services.api': apiService('api.shop.example'), 'services.api.sites.virginia.fence': fence('i-api') },
    refused: { 'services.api': apiService('api.shop.example'), 'services.api.sites.virginia.fence': fence('i-left') },
    says: [
      'c.yaml: services.api.sites.virginia.fence.instanceIds: found i-left, allowed instances that no other service has; web does; take it out of one, or make the two one service',
    ],
  },
  {
    rule: 'one hosted zone under two names',
    passes: { 'services.api': apiService('api.shop.example') },
    refused: { 'services.api': apiService('api.shop.test'), 'services.api.traffic.dns.zone.name': 'shop.test' },
    says: [
      'c.yaml: services.api.traffic.dns.zone.name: found shop.test, allowed shop.example, as web calls Z0EXAMPLE; one of the two names, or one of the two ids, is wrong',
    ],
  },
  {
    rule: 'a record that leaves no room for the names of its chain',
    passes: {
      [`${web}.sites.ohio`]: { ...third, priority: 10 },
      ...ohioAddress(),
      [`${web}.traffic.dns.record`]: longRecord(233),
    },
    refused: {
      [`${web}.sites.ohio`]: { ...third, priority: 10 },
      ...ohioAddress(),
      [`${web}.traffic.dns.record`]: longRecord(234),
    },
    says: [
      'c.yaml: services.web.traffic.dns.record: found 254 characters with failover-1.v0rutekg before it, allowed at most 253 characters; choose a shorter record; its sites have names of their own below it',
    ],
  },
  {
    rule: 'an alias beside an address',
    passes: { [`${oregonDns}`]: { alias } },
    refused: { [`${oregonDns}`]: { alias, a: '198.51.100.20' } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon: found addresses and alias, allowed a, aaaa, or both; or alias alone; or cname alone',
    ],
  },
  {
    rule: 'a cname beside an address of another site',
    passes: {
      [`${virginiaDns}`]: { cname: 'east.partner.example' },
      [`${oregonDns}`]: { cname: 'west.partner.example' },
    },
    refused: { [`${virginiaDns}`]: { a: '203.0.113.10' }, [`${oregonDns}`]: { cname: 'west.partner.example' } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses: found virginia with a, oregon with cname, allowed the same kinds for every site; a name with a CNAME record has no other record',
    ],
  },
  {
    rule: 'one name twice',
    passes: { [`${web}.traffic.dns.record`]: ['www', '@'] },
    refused: { [`${web}.traffic.dns.record`]: ['www', 'WWW.shop.example.'] },
    says: ['c.yaml: services.web.traffic.dns.record: found www.shop.example twice, allowed each name once'],
  },
  {
    rule: 'several names of an edited record',
    passes: { [`${web}.traffic.dns.mode`]: 'records' },
    refused: { [`${web}.traffic.dns.mode`]: 'records', [`${web}.traffic.dns.record`]: ['www', '@'] },
    says: [
      'c.yaml: services.web.traffic.dns.record: found 2 names with mode records, allowed one name; set mode to oracle, or let the others be CNAME records of your own that lead to the first',
    ],
  },
  {
    rule: 'a cname at the apex',
    passes: {
      [`${virginiaDns}`]: { cname: 'east.partner.example' },
      [`${oregonDns}`]: { cname: 'west.partner.example' },
    },
    refused: {
      [`${virginiaDns}`]: { cname: 'east.partner.example' },
      [`${oregonDns}`]: { cname: 'west.partner.example' },
      [`${web}.traffic.dns.record`]: 'shop.example',
    },
    says: ['virginia', 'oregon'].map(
      (site) =>
        `c.yaml: services.web.traffic.dns.addresses.${site}.cname: found a cname at shop.example, the apex of its zone, allowed a, aaaa or alias there; a name with a CNAME record has no other record, and a zone has NS and SOA at its apex; take a name below it, such as www.shop.example`,
    ),
  },
  {
    rule: 'a cname that leads back to the record',
    passes: {
      [`${virginiaDns}`]: { cname: 'east.partner.example' },
      [`${oregonDns}`]: { cname: 'west.partner.example' },
    },
    refused: {
      [`${virginiaDns}`]: { cname: 'east.partner.example' },
      [`${oregonDns}`]: { cname: 'www.shop.example' },
    },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.cname: found www.shop.example, allowed a name that is not www.shop.example, nor below it; name the endpoint of the site itself',
    ],
  },
  {
    rule: 'an alias without IPv6 beside a site with it',
    passes: { [oregonDns]: { alias: { ...alias, ipv6: true } }, ...bothKinds('virginia', '::1') },
    refused: { [oregonDns]: { alias }, ...bothKinds('virginia', '::1') },
    says: [
      'c.yaml: services.web.traffic.dns.addresses: found virginia with a and aaaa, oregon with a, allowed the same kinds for every site; clients of one kind would be lost by a move; an alias has aaaa with ipv6: true',
    ],
  },
  {
    rule: 'two sites behind one alias',
    passes: { [oregonDns]: { alias }, [virginiaDns]: { alias: { ...alias, dnsName: 'b.elb.amazonaws.com' } } },
    refused: { [oregonDns]: { alias }, [virginiaDns]: { alias } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon: found a.elb.amazonaws.com, allowed another address than that of virginia; a move between the two would change nothing for clients',
    ],
  },
  {
    rule: 'an alias where records are edited',
    passes: { [oregonDns]: { alias }, [`${web}.traffic.dns.mode`]: 'oracle' },
    refused: { [oregonDns]: { alias }, [`${web}.traffic.dns.mode`]: 'records' },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias: found an alias for oregon, allowed a or aaaa while mode is records; set mode to oracle, which never edits',
    ],
  },
  {
    rule: 'an alias into the own zone',
    passes: { [oregonDns]: { alias } },
    refused: { [oregonDns]: { alias: { ...alias, zoneId: 'Z0EXAMPLE' } } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias.zoneId: found Z0EXAMPLE, allowed the zone of a.elb.amazonaws.com, which belongs to AWS; look it up with the load balancer, API or distribution; this is your own zone',
    ],
  },
  {
    rule: 'a distribution in another zone than that of CloudFront',
    passes: { [oregonDns]: { alias: distribution('d1') } },
    refused: { [oregonDns]: { alias: { ...distribution('d1'), zoneId: 'Z1OTHER' } } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias.zoneId: found Z1OTHER, allowed Z2FDTNDATAQYW2; d1.cloudfront.net is a CloudFront distribution',
    ],
  },
  {
    rule: 'two distributions',
    passes: { [oregonDns]: { alias: distribution('d1') }, [virginiaDns]: { alias } },
    refused: { [oregonDns]: { alias: distribution('d1') }, [virginiaDns]: { alias: distribution('d2') } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias: found a second CloudFront distribution, allowed one; virginia is the first; no two distributions may have one alternate domain name; give the other a load balancer, or let one distribution have two origins',
    ],
  },
  {
    rule: 'a balancer in the zone of another region',
    passes: { [oregonDns]: { alias: balancer('us-west-2', 'Z1H1FL5HABSF5') }, [virginiaDns]: { alias } },
    refused: { [oregonDns]: { alias: balancer('us-west-2', 'Z35SXDOTRQ7X7K') }, [virginiaDns]: { alias } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias.zoneId: found Z35SXDOTRQ7X7K, that of application and classic load balancers in us-east-1, allowed Z1H1FL5HABSF5; web.us-west-2.elb.amazonaws.com is an application or classic load balancer in us-west-2',
    ],
  },
  {
    rule: 'a balancer of a region without a row in the zone of another region',
    passes: { [oregonDns]: { alias: balancer('xx-west-9', 'Z0UNKNOWN') }, [virginiaDns]: { alias } },
    refused: { [oregonDns]: { alias: balancer('xx-west-9', 'Z35SXDOTRQ7X7K') }, [virginiaDns]: { alias } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias.zoneId: found Z35SXDOTRQ7X7K, that of application and classic load balancers in us-east-1, allowed another zone; web.xx-west-9.elb.amazonaws.com is an application or classic load balancer in xx-west-9',
    ],
  },
  {
    rule: 'the default endpoint of an API',
    passes: {
      [oregonDns]: { alias: { dnsName: 'd-a1.execute-api.us-west-2.amazonaws.com', zoneId: 'Z2OJLYMUO9EFXC' } },
      [virginiaDns]: { alias },
    },
    refused: {
      [oregonDns]: { alias: { dnsName: 'a1.execute-api.us-west-2.amazonaws.com', zoneId: 'Z2OJLYMUO9EFXC' } },
      [virginiaDns]: { alias },
    },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias.dnsName: found a1.execute-api.us-west-2.amazonaws.com, allowed a name that Route 53 takes as an alias target; this is the default endpoint of an API, which is no alias target; make a regional custom domain name for the record and write its target, d-....execute-api.REGION.amazonaws.com',
    ],
  },
  {
    rule: 'two websites of S3',
    passes: { [oregonDns]: { alias: website }, [virginiaDns]: { alias } },
    refused: {
      [oregonDns]: { alias: website },
      [virginiaDns]: { alias: { dnsName: 's3-website-us-east-1.amazonaws.com', zoneId: 'Z3AQBSTGFYJSTF' } },
    },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon.alias: found a second S3 website, allowed one; virginia is the first; a bucket must be named as the record, and no two buckets have one name; put CloudFront before the other',
    ],
  },
  {
    rule: 'a direct check of a service with a fence',
    passes: { [`${web}.traffic.dns.directCheck`]: directCheck },
    refused: { [`${web}.traffic.dns.directCheck`]: directCheck, [`${virginia}.fence`]: fence('i-1') },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck: found a service whose site virginia has a fence, allowed a service without fences; leave directCheck out: it would send clients to a standby past the fence',
    ],
  },
  {
    rule: 'a direct check of a service with data',
    passes: { [`${web}.traffic.dns.directCheck`]: directCheck },
    refused: { [`${web}.traffic.dns.directCheck`]: directCheck, [`${web}.failover.maxReplicationLagMs`]: 1_000 },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck: found a service with failover.maxReplicationLagMs, allowed a service without data that lags; leave directCheck out: it would send clients to a standby past the limit',
    ],
  },
  {
    rule: 'a direct check where records are edited',
    passes: { [`${web}.traffic.dns.mode`]: 'records' },
    refused: { [`${web}.traffic.dns.mode`]: 'records', [`${web}.traffic.dns.directCheck`]: directCheck },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck: found mode: records, allowed mode: oracle; leave directCheck out; a record that is edited has no checks',
    ],
  },
  {
    rule: 'a direct check of a connection with a path',
    passes: { [`${web}.traffic.dns.directCheck`]: { type: 'tcp', port: 443 } },
    refused: { [`${web}.traffic.dns.directCheck`]: { type: 'tcp', port: 443, path: '/healthz' } },
    says: [
      'c.yaml: services.web.traffic.dns.directCheck.path: found /healthz, allowed none with type: tcp; a tcp check has no path',
    ],
  },
  {
    rule: 'a direct check of a private address',
    passes: { [`${web}.traffic.dns.directCheck`]: directCheck, [oregonDns]: { a: '172.32.0.1' } },
    refused: { [`${web}.traffic.dns.directCheck`]: directCheck, [oregonDns]: { a: '172.31.0.1' } },
    says: [
      "c.yaml: services.web.traffic.dns.directCheck: found 172.31.0.1 of oregon, allowed public addresses; Route 53's checkers cannot reach it",
    ],
  },
  {
    rule: 'a quorum above the number of watchers',
    passes: { [`${web}.detection.quorum`]: 3 },
    refused: { [`${web}.detection.quorum`]: 4 },
    says: [
      'c.yaml: services.web.detection.quorum: found 4, allowed 1 to 3 (the number of control regions); lower it or add control regions',
    ],
  },
  {
    rule: 'a suspected site that is probed more seldom than by the ticks',
    passes: { [`${web}.detection.suspectIntervalMs`]: 2_000 },
    refused: { [`${web}.detection.suspectIntervalMs`]: 2_001 },
    says: [
      'c.yaml: services.web.detection.suspectIntervalMs: found 2001 ms, allowed at most 2000 ms, the tick; shorten it, or make it equal to detection.intervalMs for no probes between ticks',
    ],
  },
  {
    rule: 'a probe deadline beyond the tick',
    passes: { [`${virginia}.probes.0.timeoutMs`]: 1_900 },
    refused: { [`${virginia}.probes.0.timeoutMs`]: 1_901 },
    says: [
      'c.yaml: services.web.sites.virginia.probes.0.timeoutMs: found 1901 ms, allowed at most 1900 ms, so that the probe ends inside its tick of 2000 ms; shorten it or lengthen detection.intervalMs',
    ],
  },
  {
    rule: 'opinions that do not outlast two ticks',
    passes: { [`${web}.detection.opinionTtlMs`]: 4_000 },
    refused: { [`${web}.detection.opinionTtlMs`]: 3_999 },
    says: [
      'c.yaml: services.web.detection.opinionTtlMs: found 3999 ms, allowed at least 4000 ms, 2 ticks of 2000 ms; lengthen it or shorten detection.intervalMs',
    ],
  },
  {
    rule: 'a lease that a slow tick outlasts',
    passes: { [`${web}.failover.leaseMs`]: 9_500 },
    refused: { [`${web}.failover.leaseMs`]: 3_000 },
    says: [
      'c.yaml: services.web.failover.leaseMs: found 3000 ms, allowed at least 9500 ms: opinion time 6000 + longest probe 1500 + 2 table calls 2000; lengthen the lease or shorten the tick',
    ],
  },
  {
    rule: 'one site',
    passes: {},
    refused: {
      [`${web}.sites`]: { virginia: shop.services.web?.sites.virginia },
      [`${web}.traffic.dns.addresses`]: { virginia: { a: '203.0.113.10' } },
    },
    says: [
      'c.yaml: services.web.sites: found 1, allowed 2 to 10 sites; add a site; with one there is nowhere to fail over to, unless a static page stands in for it: failover: { allDown: last-resort } with traffic.dns.lastResort, in active-passive',
    ],
  },
  {
    rule: 'one site whose priority is 0',
    passes: {},
    refused: {
      [`${web}.sites`]: { virginia: { ...shop.services.web?.sites.virginia, priority: 0 } },
      [`${web}.traffic.dns.addresses`]: { virginia: { a: '203.0.113.10' } },
      [`${web}.traffic.dns.lastResort`]: { a: '192.0.2.99' },
      [`${web}.failover.allDown`]: 'last-resort',
    },
    says: [
      'c.yaml: services.web.sites: found 0 with a priority above 0, allowed 1 or more; give another site a priority; one of priority 0 is never chosen',
    ],
  },
  {
    rule: 'fewer than two sites that may be chosen',
    passes: { [`${oregon}.priority`]: 1 },
    refused: { [`${oregon}.priority`]: 0 },
    says: [
      'c.yaml: services.web.sites: found 1 with a priority above 0, allowed 2 or more; give another site a priority; one of priority 0 is never chosen',
    ],
  },
  {
    rule: 'two sites of one region and priority',
    base: zones,
    passes: { [`${web}.sites.right.priority`]: 99 },
    refused: { [`${web}.sites.right.priority`]: 100 },
    says: [
      'c.yaml: services.web.sites.right.priority: found 100, allowed another priority than that of left, which is at the same place; say which of the two is preferred',
    ],
  },
  {
    rule: 'a zone of another region',
    passes: { [`${virginia}.zone`]: 'us-east-1b' },
    refused: { [`${virginia}.zone`]: 'us-west-2b' },
    says: [
      'c.yaml: services.web.sites.virginia.zone: found us-west-2b, allowed a zone of us-east-1, such as us-east-1a',
    ],
  },
  {
    rule: 'more plain probes asked for than there are',
    passes: { [`${virginia}.require`]: { atLeast: 1 } },
    refused: { [`${virginia}.require`]: { atLeast: 2 } },
    says: [
      'c.yaml: services.web.sites.virginia.require.atLeast: found 2, allowed 1 to 1 (the number of plain probes); lower it or add probes',
    ],
  },
  {
    rule: 'only corroborating probes',
    passes: {
      [`${virginia}.probes`]: [
        { type: 'tcp', host: 'v', port: 5432, corroborating: true },
        { ...plain, url: 'https://v/' },
      ],
    },
    refused: { [`${virginia}.probes.0.corroborating`]: true },
    says: [
      'c.yaml: services.web.sites.virginia.probes: found only corroborating probes, allowed at least one plain probe; make one plain; a corroborating probe never finds a site down',
    ],
  },
  {
    rule: 'two sites behind one probe target',
    passes: { [`${virginia}.probes.0.url`]: 'https://oregon.shop.example/healthz?site=virginia' },
    refused: { [`${virginia}.probes.0.url`]: 'https://OREGON.shop.example:443/healthz' },
    says: [
      'c.yaml: services.web.sites.oregon.probes.0: found https://oregon.shop.example/healthz, allowed another target than that of virginia; two sites behind one endpoint fail together; probe each at an address of its own',
    ],
  },
  {
    rule: 'a fence that no actuator reaches',
    passes: { [`${oregon}.fence`]: fence('i-1') },
    refused: { [`${oregon}.fence`]: fence('i-1'), [`${oregon}.region`]: 'eu-west-1' },
    says: [
      'c.yaml: services.web.sites.oregon.fence: found eu-west-1, allowed a site in a control region: us-east-1, us-west-2, us-east-2; make eu-west-1 a control region; only an actuator there can fence',
    ],
  },
  {
    rule: 'one instance in two fences',
    passes: { [`${virginia}.fence`]: fence('i-1', 'i-2'), [`${oregon}.fence`]: fence('i-3') },
    refused: { [`${virginia}.fence`]: fence('i-1', 'i-2'), [`${oregon}.fence`]: fence('i-2') },
    says: [
      'c.yaml: services.web.sites.oregon.fence.instanceIds: found i-2, allowed what no other site fences; virginia does; list only what serves oregon',
    ],
  },
  {
    rule: 'failback to a site that is none',
    passes: { [`${web}.failback.to`]: 'oregon' },
    refused: { [`${web}.failback.to`]: 'ohio' },
    says: ['c.yaml: services.web.failback.to: found ohio, allowed a site of the service: virginia, oregon'],
  },
  {
    rule: 'failback to a site that is never eligible',
    passes: { [`${web}.sites.ohio`]: { ...third, priority: 1 }, [`${web}.failback.to`]: 'ohio', ...ohioAddress() },
    refused: { [`${web}.sites.ohio`]: { ...third, priority: 0 }, [`${web}.failback.to`]: 'ohio', ...ohioAddress() },
    says: [
      'c.yaml: services.web.failback.to: found ohio, allowed a site of priority above 0; ohio has priority 0: never eligible, and yet preferred',
    ],
  },
  {
    rule: 'failback to a region that is left out',
    passes: { [`${web}.failover.allowedRegions`]: ['us-west-2', 'us-east-1'], [`${web}.failback.to`]: 'virginia' },
    refused: { [`${web}.failover.allowedRegions`]: ['us-west-2'], [`${web}.failback.to`]: 'virginia' },
    says: [
      'c.yaml: services.web.failback.to: found virginia, allowed a site in us-west-2; failover.allowedRegions leaves us-east-1 out: never eligible, and yet preferred',
    ],
  },
  {
    rule: 'automatic failback of a service that never moves by itself',
    passes: { [`${web}.failback.mode`]: 'manual', [`${web}.failover.automatic`]: false },
    refused: { [`${web}.failback.mode`]: 'automatic', [`${web}.failover.automatic`]: false },
    says: [
      'c.yaml: services.web.failback.mode: found automatic, allowed manual while failover.automatic is false; no automatic move is made then; set one of the two',
    ],
  },
  {
    rule: 'an approval of failovers that are never made',
    passes: { [`${web}.failover.approval`]: { waitMs: '5m' } },
    refused: { [`${web}.failover.approval`]: {}, [`${web}.failover.automatic`]: false },
    says: [
      'c.yaml: services.web.failover.approval: found approval, allowed none while failover.automatic is false; no failover is made by itself then, so none waits to be approved; set one of the two',
    ],
  },
  {
    rule: 'an approval whose end is never',
    passes: { [`${web}.failover.approval`]: { waitMs: '5m', atEnd: 'drop' } },
    refused: { [`${web}.failover.approval`]: { atEnd: 'drop' } },
    says: [
      'c.yaml: services.web.failover.approval.atEnd: found drop, allowed none without waitMs; say by waitMs when that is; without it a failover waits for as long as it takes',
    ],
  },
  {
    rule: 'an allowed region without a site',
    passes: { [`${web}.failover.allowedRegions`]: ['us-west-2'] },
    refused: { [`${web}.failover.allowedRegions`]: ['us-west-2', 'eu-west-1'] },
    says: [
      'c.yaml: services.web.failover.allowedRegions.1: found eu-west-1, allowed a region or location with a site of the service: us-east-1, us-west-2',
    ],
  },
  {
    rule: 'allowed regions that leave nowhere to move',
    passes: { [`${web}.failover.allowedRegions`]: ['us-east-1', 'us-west-2'] },
    refused: { [`${web}.failover.allowedRegions`]: ['us-east-1'] },
    says: [
      'c.yaml: services.web.failover.allowedRegions: found us-east-1, allowed limits that leave a move from virginia (us-east-1) a site of priority above 0; add a region or leave allowedRegions out',
    ],
  },
  {
    rule: 'nothing that steers',
    passes: {},
    refused: { [`${web}.traffic`]: {} },
    says: [
      'c.yaml: services.web.traffic: found nothing, allowed dns, address, route, targets, accelerator, controls, edge, zonal, or several of them; without any of them a move would not reach clients; only a service with data may go without',
    ],
  },
  {
    rule: 'zonal shifts of a reserve',
    base: zonedPool,
    passes: {},
    refused: { [`${web}.sites.c.priority`]: 0 },
    says: [
      'c.yaml: services.web.traffic.zonal.zoneIds.c: found a site of priority 0, allowed sites of priority 1 and more; a shift away from it would never end, and ARC has one at a time',
    ],
  },
  {
    rule: 'zonal shifts without the zone of a site',
    base: zonedPool,
    passes: {},
    refused: { [`${web}.traffic.zonal.zoneIds`]: { a: 'use1-az1', b: 'use1-az2' } },
    says: [
      'c.yaml: services.web.traffic: found nothing that reaches c, allowed an instance, a target group or a DNS address for every site; add traffic.dns',
      'c.yaml: services.web.traffic.zonal.zoneIds: found none of c, allowed a zone for every site; write c: its zone, such as use1-az1',
    ],
  },
  {
    rule: 'a site that nothing reaches',
    base: zones,
    passes: {},
    refused: { [`${web}.sites.far`]: { ...third, region: 'us-east-1' } },
    says: [
      'c.yaml: services.web.traffic: found nothing that reaches far, allowed an instance, a target group or a DNS address for every site; add traffic.dns',
    ],
  },
  {
    rule: 'DNS addresses of a stranger',
    passes: {},
    refused: { [`${web}.traffic.dns.addresses.ohio`]: { a: '192.0.2.3' } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.ohio: found ohio, allowed a site of the service: virginia, oregon',
    ],
  },
  {
    rule: 'no DNS addresses for a site',
    passes: {},
    refused: { [`${web}.traffic.dns.addresses`]: { virginia: { a: '203.0.113.10' } } },
    says: [
      'c.yaml: services.web.traffic.dns.addresses: found nothing for oregon, allowed addresses of every site; add oregon',
    ],
  },
  {
    rule: 'a site with neither a nor aaaa',
    passes: {},
    refused: { [`${web}.traffic.dns.addresses.oregon`]: {} },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon: found none of them, allowed a, aaaa, or both; or alias alone; or cname alone',
    ],
  },
  {
    rule: 'sites with different kinds of address',
    passes: { ...bothKinds('virginia', '::10'), ...bothKinds('oregon', '::20') },
    refused: bothKinds('virginia', '::10'),
    says: [
      'c.yaml: services.web.traffic.dns.addresses: found virginia with a and aaaa, oregon with a, allowed the same kinds for every site; clients of one kind would be lost by a move',
    ],
  },
  {
    rule: 'two sites with one DNS address',
    passes: {
      [`${web}.traffic.dns.addresses`]: { virginia: { a: '127.0.0.1' }, oregon: { a: '127.0.0.1' } },
    },
    refused: { [`${web}.traffic.dns.addresses.oregon.a`]: '203.0.113.10' },
    says: [
      'c.yaml: services.web.traffic.dns.addresses.oregon: found 203.0.113.10, allowed another address than that of virginia; a move between the two would change nothing for clients',
    ],
  },
  {
    rule: 'a record outside its zone',
    passes: { [`${web}.traffic.dns.record`]: 'shop.example' },
    refused: { [`${web}.traffic.dns.record`]: 'www.bookshop.example' },
    says: [
      'c.yaml: services.web.traffic.dns.record: found www.bookshop.example, allowed shop.example or a name that ends in .shop.example',
    ],
  },
  {
    rule: 'an instance of a stranger',
    base: zones,
    passes: {},
    refused: { [`${web}.traffic.address.instances.middle`]: 'i-middle' },
    says: [
      'c.yaml: services.web.traffic.address.instances.middle: found middle, allowed a site of the service: left, right',
    ],
  },
  {
    rule: 'an Elastic IP with one home',
    base: zones,
    passes: {},
    refused: { [`${web}.traffic.address.instances`]: { left: 'i-left' }, [`${web}.traffic.dns`]: zonesDns() },
    says: [
      'c.yaml: services.web.traffic.address.instances: found 1, allowed instances of two sites or more; an address with one instance cannot move',
    ],
  },
  {
    rule: 'one instance for two sites',
    base: zones,
    passes: {},
    refused: { [`${web}.traffic.address.instances.right`]: 'i-left' },
    says: [
      'c.yaml: services.web.traffic.address.instances.right: found i-left, allowed another instance than that of left',
    ],
  },
  {
    rule: 'an Elastic IP across regions',
    base: zones,
    passes: {},
    refused: { [`${web}.sites.right.region`]: 'us-west-2' },
    says: [
      'c.yaml: services.web.traffic.address.instances.right: found a site in us-west-2, allowed sites in us-east-1: an Elastic IP cannot leave its region; give each region an address of its own and let traffic.dns choose between them',
    ],
  },
  {
    rule: 'an Elastic IP outside the control regions',
    base: zones,
    passes: {},
    refused: { controlRegions: ['us-west-2', 'us-east-2', 'eu-west-1'] },
    says: [
      'c.yaml: services.web.traffic.address.region: found us-east-1, allowed a control region: us-west-2, us-east-2, eu-west-1; make us-east-1 a control region; only an actuator there can move the address',
    ],
  },
  {
    rule: 'a fallback to DNS without DNS',
    base: zones,
    passes: { [`${web}.traffic.address.fallback`]: 'dns', [`${web}.traffic.dns`]: zonesDns() },
    refused: { [`${web}.traffic.address.fallback`]: 'dns' },
    says: [
      'c.yaml: services.web.traffic.address.fallback: found dns, allowed none while the service has no DNS; add traffic.dns',
    ],
  },
  {
    rule: 'a fallback to DNS that says the same for all',
    base: zones,
    passes: {},
    refused: {
      [`${web}.traffic.address.fallback`]: 'dns',
      [`${web}.traffic.dns`]: { ...zonesDns(), addresses: { left: { a: '192.0.2.1' }, right: { a: '192.0.2.1' } } },
    },
    says: [
      'c.yaml: services.web.traffic.address.fallback: found dns, allowed none while sites share a DNS address; give each of its sites an address of its own in traffic.dns.addresses',
    ],
  },
];

function zonesTraffic() {
  return zones.services.web?.traffic;
}

function zonesSites() {
  return zones.services.web?.sites;
}

function apiAddress(allocationId: string, left: unknown) {
  return { allocationId, region: 'us-east-1', instances: { left, right: 'i-api-right' } };
}

function apiService(record: string) {
  return applyOverrides(shop.services.web, { 'traffic.dns.record': record });
}

/** A record of the zone with so many characters. */
function longRecord(length: number) {
  const labels = `${'a'.repeat(60)}.`.repeat(4);
  return `${labels}shop.example`.slice(-length).padStart(length, 'b');
}

function zonesDns() {
  return { ...shop.services.web?.traffic?.dns, addresses: { left: { a: '192.0.2.1' }, right: { a: '192.0.2.2' } } };
}

function ohioAddress() {
  return { [`${web}.traffic.dns.addresses.ohio`]: { a: '192.0.2.3' } };
}

function bothKinds(site: string, aaaa: string) {
  return { [`${web}.traffic.dns.addresses.${site}.aaaa`]: `2001:db8${aaaa}` };
}

describe.each(cases)('$rule', ({ base = shop, passes, refused, says }) => {
  test('is refused, with the way out', () => {
    expect(complaints(base, refused)).toEqual(says);
  });

  test('its allowed neighbour passes', () => {
    expect(complaints(base, passes)).toEqual([]);
  });
});

test('every rule has a case: more refusals than rules', () => {
  expect(cases.length).toBeGreaterThanOrEqual(deploymentRules.length + serviceRules.length);
});

test('ticks of one second with probes of 600 ms pass', () => {
  const overrides = {
    [`${web}.detection.intervalMs`]: '1s',
    [`${virginia}.probes.0.timeoutMs`]: 600,
    [`${oregon}.probes.0.timeoutMs`]: 600,
  };

  expect(complaints(shop, overrides)).toEqual([]);
});

test('too many sites and too many services are refused', () => {
  const sites = Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [
      `s${index}`,
      { ...third, priority: index + 1, probes: [{ type: 'tcp', host: `s${index}`, port: 1 }] },
    ]),
  );
  const addresses = Object.fromEntries(Object.keys(sites).map((name, index) => [name, { a: `192.0.2.${index}` }]));
  const services = Object.fromEntries(
    Array.from({ length: 51 }, (_, index) => {
      const record = `w${index}.shop.example`;
      return [`w${index}`, applyOverrides(shop.services.web, { 'traffic.dns.record': record })];
    }),
  );

  expect(complaints(shop, { [`${web}.sites`]: sites, [`${web}.traffic.dns.addresses`]: addresses })).toEqual([
    'c.yaml: services.web.sites: found 11, allowed 2 to 10 sites; make them two services',
  ]);
  expect(complaints(shop, { services })).toEqual(['c.yaml: services: found 51, allowed 1 to 50 services']);
});

test('a stranger called like what every object inherits is a stranger', () => {
  const overrides = {
    [`${web}.traffic.address`]: { ...zonesTraffic()?.address, instances: { valueof: 'i-1', x: 'i-2' } },
  };

  expect(complaints(shop, overrides).join('\n')).toMatch(/instances\.valueof: found valueof, allowed a site/);
});

test('a deployment in TypeScript is held to the same rules', () => {
  expect(complaintsOf(() => defineDeployment({ ...shop, controlRegions: ['us-east-1', 'us-west-2'] }))).toEqual([
    'deployment shop: controlRegions: found 2, allowed 3 or more; add a witness: a region without a site',
  ]);
});

test.each([[[]], ['us-east-1'], [undefined]])(
  'how many control regions are allowed stands in the refusal of %j',
  (given) => {
    expect(complaints(shop, { controlRegions: given }).join('\n')).toMatch(
      /controlRegions: found .*, allowed a list of 3 to 25 regions, an odd number$/,
    );
  },
);
