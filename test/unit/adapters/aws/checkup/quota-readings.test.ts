import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { examineAccount } from '../../../../../src/adapters/aws/checkup/account-inquiry.ts';
import type { AwsReadings } from '../../../../../src/core/checkup/aws-checks.ts';
import { notAsked } from '../../../../../src/core/checkup/reading.ts';
import { exampleDeployment } from '../../../../cdk/synthesized.ts';
import { type Answering, jsonError, standIn, xml, xmlError } from '../../../../support/stand-in.ts';
import { deployedFunction, examined } from './account.fixture.ts';

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const stopped = instance('i-0aaaaaaaaaaaaaaa2', 'm7g.large', 'stopped');

/** What EC2 and Auto Scaling say, by the action that is asked. */
const forms: Readonly<Record<string, string>> = {
  DescribeAddresses: `<DescribeAddressesResponse><addressesSet>
    <item><allocationId>eipalloc-1</allocationId></item><item><allocationId>eipalloc-9</allocationId></item>
    </addressesSet></DescribeAddressesResponse>`,
  DescribeAutoScalingGroups: `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>
    <member><AutoScalingGroupName>shop-web</AutoScalingGroupName><DesiredCapacity>1</DesiredCapacity>
    <LaunchTemplate><LaunchTemplateId>lt-1</LaunchTemplateId><Version>1</Version></LaunchTemplate></member>
    </AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`,
  DescribeLaunchTemplateVersions: `<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item>
    <launchTemplateData><instanceType>m7g.large</instanceType></launchTemplateData>
    </item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>`,
  DescribeInstanceTypes: `<DescribeInstanceTypesResponse><instanceTypeSet>
    <item><instanceType>m7g.large</instanceType><vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo></item>
    </instanceTypeSet></DescribeInstanceTypesResponse>`,
  DescribeInstances: `<DescribeInstancesResponse><reservationSet><item><instancesSet>
    ${instance('i-0aaaaaaaaaaaaaaa1', 'm7g.large', 'running')}
    ${stopped}
    ${instance('i-spot', 'm7g.large', 'running', '<instanceLifecycle>spot</instanceLifecycle>')}
    ${instance('i-gpu', 'p5.48xlarge', 'running')}
    </instancesSet></item></reservationSet></DescribeInstancesResponse>`,
};

function instance(id: string, type: string, state: string, more = ''): string {
  return `<item><instanceId>${id}</instanceId><instanceType>${type}</instanceType>${more}
    <instanceState><name>${state}</name></instanceState>
    <cpuOptions><coreCount>2</coreCount><threadsPerCore>1</threadsPerCore></cpuOptions></item>`;
}

const limit = `<GetAccountLimitResponse><Limit><Type>MAX_HEALTH_CHECKS_BY_OWNER</Type><Value>200</Value></Limit>
  <Count>12</Count></GetAccountLimitResponse>`;

/** An account that answers everything but IAM. */
const account: Answering = (seen, response) => {
  const { path, headers, body } = seen;
  const named = deployedFunction(path, headers);
  if (named !== null) return json(response, { ...named.answer, ReservedConcurrentExecutions: 3 });
  if (path.includes('account-settings')) {
    return json(response, { AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 940 } });
  }
  if (path.includes('/accountlimit/')) return xml(response, limit);
  if (String(headers['x-amz-target']).endsWith('.GetServiceQuota')) {
    return json(response, { Quota: { Value: JSON.parse(body).QuotaCode === 'L-0263D0A3' ? 5 : 64 } });
  }
  const { Action = '', 'Filter.1.Name': filter } = seen.form;
  const answer = filter === 'instance-state-name' ? forms[Action]?.replace(stopped, '') : forms[Action];
  return answer === undefined ? xmlError(response, 'AccessDenied', 403) : xml(response, answer);
};

async function read(example: string, answer: Answering): Promise<AwsReadings> {
  const deployment = exampleDeployment(example);
  const { clients } = await standIn(deployment.controlRegions, answer);
  return await examineAccount({ deployment, clients, ...examined });
}

test('limits stand beside what the configuration needs', async () => {
  const { concurrency, healthChecks, addresses } = await read('elastic-ip', account);

  expect(concurrency.map(({ region }) => region)).toEqual(exampleDeployment('elastic-ip').controlRegions);
  expect(concurrency[0]?.reading).toMatchObject({ kind: 'read', value: { limit: 1_000, unreserved: 940 } });
  expect(concurrency[0]?.reading.kind === 'read' && concurrency[0].reading.value.functions).toContainEqual({
    kind: 'watcher',
    planned: expect.any(Number),
    reserved: 3,
    isThere: true,
  });
  expect(healthChecks).toMatchObject({ reading: { kind: 'read', value: { limit: 200, count: 12 } } });
  expect(healthChecks?.needed).toBeGreaterThan(0);
  expect(addresses).toEqual([
    {
      service: 'web',
      region: 'us-east-1',
      needed: ['eipalloc-1'],
      reading: { kind: 'read', value: { there: ['eipalloc-1', 'eipalloc-9'], limit: 5 } },
    },
  ]);
});

test('addresses that are no Elastic IPs are not counted, and alone they are not asked for', async () => {
  const deployment = exampleDeployment('elastic-ip');
  const { web } = deployment.services;
  if (web?.traffic.address === undefined) throw new Error('the example moves an address');
  const { clients } = await standIn(deployment.controlRegions, account);
  const addressesOf = async (...allocationId: string[]) => {
    const traffic = { ...web.traffic, address: { ...web.traffic.address, allocationId } } as typeof web.traffic;
    const of = { ...deployment, services: { web: { ...web, traffic } } };
    return (await examineAccount({ deployment: of, clients, ...examined })).addresses;
  };

  expect((await addressesOf('10.0.0.5', 'eipalloc-1')).map(({ needed }) => needed)).toEqual([['eipalloc-1']]);
  expect(await addressesOf('10.0.0.5')).toEqual([]);
});

describe('what is in another account', () => {
  const other = '222233334444';

  test('is looked for in no account, and is not left out: addresses, zone, records, roles', async () => {
    const { addresses, zones, records, accountRoles } = await read('accounts', account);
    const held = [...addresses, ...records].map(({ reading }) => reading);

    expect(held).toEqual(held.map(() => notAsked(other)));
    expect(held.length).toBeGreaterThan(1);
    expect(zones.map(({ zone }) => zone)).toEqual([notAsked(other)]);
    expect(accountRoles).toMatchObject([
      { account: other, functions: expect.arrayContaining(['address us-east-1', 'deploy']) },
    ]);
  });

  test('has quotas of its own: what a site starts there is apart from what one starts here', async () => {
    const deployment = exampleDeployment('warm-standby');
    const { web } = deployment.services;
    if (web === undefined) throw new TypeError('the example has a service web');
    const { oregon, virginia } = web.sites;
    const there = { ...oregon, region: virginia?.region, account: other } as (typeof web.sites)[string];
    const services = { web: { ...web, sites: { ...web.sites, oregon: there } } };
    const { clients } = await standIn(deployment.controlRegions, account);

    const { processors } = await examineAccount({ deployment: { ...deployment, services }, clients, ...examined });

    expect(processors).toMatchObject([
      { region: 'us-east-1', sites: ['web/virginia'], reading: { kind: 'read' } },
      { region: 'us-east-1', sites: ['web/oregon'], reading: notAsked(other) },
    ]);
  });
});

test('a group starts what it lacks of its full size (size=4, there=1, each=2 vCPUs)', async () => {
  const { processors } = await read('warm-standby', account);

  expect(processors).toEqual(
    ['virginia', 'oregon'].map((site, index) => ({
      region: ['us-east-1', 'us-west-2'][index],
      sites: [`web/${site}`],
      reading: { kind: 'read', value: { limit: 64, running: 2, missing: 6 } },
    })),
  );
});

test('instances that are stopped would be started; spot and other families have other quotas', async () => {
  const { processors } = await read('cold-standby', account);

  expect(processors).toMatchObject([
    { sites: ['web/oregon'], reading: { kind: 'read', value: { running: 2, missing: 2 } } },
  ]);
});

test('a limit that nobody says is not known, and hides no other', async () => {
  const silent: Answering = (seen, response, index) => {
    if (String(seen.headers['x-amz-target']).includes('ServiceQuotas')) {
      return jsonError(response, 'AccessDeniedException', 403);
    }
    if (seen.path.includes('account-settings')) return jsonError(response, 'AccessDeniedException', 403);
    account(seen, response, index);
  };

  const { concurrency, healthChecks, processors } = await read('warm-standby', silent);

  expect(concurrency.map(({ reading }) => reading.kind)).toEqual(['unread', 'unread', 'unread']);
  expect(processors[0]?.reading).toEqual({
    kind: 'unread',
    why: 'the quota of m7g.large, or what they take of it, is not known',
  });
  expect(healthChecks?.reading.kind).toBe('read');
});
