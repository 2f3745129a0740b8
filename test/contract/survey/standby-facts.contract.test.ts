import { describe, expect, it } from 'vitest';
import { readFacts } from '../../../src/adapters/aws/survey/standby-facts.ts';
import type { Scalable } from '../../../src/core/model/site.ts';
import { type Answering, jsonError, standIn, xml, xmlError } from '../../support/stand-in.ts';

const home = 'us-east-1';
const sizes = { size: 3, asActive: false, standbySize: 1 };
const compute = { readScale: async () => ({ wanted: 2, ready: 1 }) };
const group: Scalable = { kind: 'auto-scaling-group', name: 'web', ...sizes };

/** Reads what a server that answers like this knows of a thing. */
async function factsOf(scalable: Scalable, answer: Answering) {
  const { clients, seen } = await standIn([home], answer);
  return { facts: await readFacts(clients, compute, { region: home, service: 'web', site: 'right' }, scalable), seen };
}

const template = '<LaunchTemplateId>lt-1</LaunchTemplateId><Version>3</Version>';
const plain = `<LaunchTemplate>${template}</LaunchTemplate>`;
const mixedOf = (...overrides: readonly string[]) => {
  const members = overrides.map((one) => `<member>${one}</member>`).join('');
  const inner = `<LaunchTemplateSpecification>${template}</LaunchTemplateSpecification><Overrides>${members}</Overrides>`;
  return `<MixedInstancesPolicy><LaunchTemplate>${inner}</LaunchTemplate></MixedInstancesPolicy>`;
};
const suspended = '<SuspendedProcesses><member><ProcessName>Launch</ProcessName></member></SuspendedProcesses>';

/** EC2, Auto Scaling and Service Quotas of one region, with one group and what it launches. */
function groupServer(of: string, quotaAnswer?: Answering): Answering {
  const bodies: Readonly<Record<string, string>> = {
    DescribeAutoScalingGroups: `<DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName>${of}</member></AutoScalingGroups></DescribeAutoScalingGroupsResult>`,
    DescribeLaunchTemplateVersions:
      '<launchTemplateVersionSet><item><launchTemplateData><imageId>ami-1</imageId><instanceType>m5.large</instanceType><securityGroupIdSet><item>sg-1</item></securityGroupIdSet></launchTemplateData></item></launchTemplateVersionSet>',
    DescribeImages: '<imagesSet><item><imageId>ami-1</imageId><name>shop-7</name></item></imagesSet>',
    DescribeSecurityGroups:
      '<securityGroupInfo><item><groupId>sg-1</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort></item><item><ipProtocol>udp</ipProtocol><fromPort>1</fromPort><toPort>9</toPort></item></ipPermissions></item></securityGroupInfo>',
  };
  return (one, response, index) => {
    const { Action: action = '' } = one.form;
    const body = action === 'DescribeInstanceTypes' ? typesXml(one.form) : bodies[action];
    if (body !== undefined) xml(response, `<Answer>${body}</Answer>`);
    else if (quotaAnswer) quotaAnswer(one, response, index);
    else quotaOf(64)(one, response, index);
  };
}

/** The instance types that were asked for, of which it knows two. */
function typesXml(form: Readonly<Record<string, string>>): string {
  const asked = Object.keys(form).flatMap((key) => (key.startsWith('InstanceType.') ? (form[key] ?? '') : []));
  const items = asked.map((type) => {
    const cpus = type === 'm5.large' ? 2 : 4;
    return `<item><instanceType>${type}</instanceType><vCpuInfo><defaultVCpus>${cpus}</defaultVCpus></vCpuInfo></item>`;
  });
  return `<instanceTypeSet>${items.join('')}</instanceTypeSet>`;
}

/** The account's own value of any quota. */
function quotaOf(value: number): Answering {
  return (_one, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ Quota: { Value: value } }));
  };
}

const launched = {
  wanted: 2,
  ready: 1,
  isLaunchSuspended: false,
  image: 'shop-7',
  openPorts: ['tcp 443', 'udp 1-9'],
};
const quota = { what: 'vCPUs of standard on-demand instances', limit: 64, needEach: 4 };

describe('what is known of an Auto Scaling group', () => {
  it('is what its launch template says, in words that mean the same in every region', async () => {
    const { facts, seen } = await factsOf(group, groupServer(plain));

    expect(facts).toEqual({ ...launched, instanceType: 'm5.large', quota: { ...quota, needEach: 2 } });
    const asked = seen.find(({ form }) => form.Action === 'DescribeLaunchTemplateVersions');
    expect(asked?.form).toMatchObject({
      LaunchTemplateId: 'lt-1',
      'LaunchTemplateVersion.1': '3',
      ResolveAlias: 'true',
    });
  });

  it('has the types of its mixed instances policy, not that of the template', async () => {
    const types = ['m5.xlarge', 'm5.large'].map((type) => `<InstanceType>${type}</InstanceType>`);

    const { facts } = await factsOf(group, groupServer(mixedOf(...types)));

    expect(facts).toEqual({ ...launched, instanceType: 'm5.large, m5.xlarge', quota });
  });

  it('has no quota where its size is in weights', async () => {
    const weighted = '<InstanceType>m5.xlarge</InstanceType><WeightedCapacity>4</WeightedCapacity>';

    const { facts } = await factsOf(group, groupServer(mixedOf(weighted)));

    expect(facts).toEqual({ ...launched, instanceType: 'm5.xlarge' });
  });

  it('is all but the image where a parameter names that, which the role may not read', async () => {
    const whole = groupServer(plain);
    const { facts, seen } = await factsOf(group, (one, response, index) => {
      const { Action, ResolveAlias } = one.form;
      if (Action !== 'DescribeLaunchTemplateVersions') return whole(one, response, index);
      if (ResolveAlias === 'true') return xmlError(response, 'UnauthorizedOperation', 403);
      const data = '<imageId>resolve:ssm:/shop/image</imageId><instanceType>m5.large</instanceType>';
      const item = `<item><launchTemplateData>${data}</launchTemplateData></item>`;
      return xml(response, `<Answer><launchTemplateVersionSet>${item}</launchTemplateVersionSet></Answer>`);
    });

    expect(facts).toMatchObject({ instanceType: 'm5.large', quota: { needEach: 2 } });
    expect(facts).not.toHaveProperty('image');
    expect(seen.map(({ form }) => form.Action)).not.toContain('DescribeImages');
  });

  it('is little without a template, and that launching is suspended still shows', async () => {
    const { facts } = await factsOf(group, groupServer(suspended));

    expect(facts).toEqual({ wanted: 2, ready: 1, isLaunchSuspended: true });
  });

  it("goes by AWS's default where the account never asked for more", async () => {
    const server = groupServer(plain, (one, response, index) => {
      const isOwn = String(one.headers['x-amz-target']).endsWith('.GetServiceQuota');
      if (isOwn) jsonError(response, 'NoSuchResourceException');
      else quotaOf(5)(one, response, index);
    });

    expect((await factsOf(group, server)).facts.quota).toEqual({ ...quota, limit: 5, needEach: 2 });
  });

  it.each<[string, (...answer: Parameters<Answering>) => void]>([
    ['throttled', (_one, response) => jsonError(response, 'TooManyRequestsException')],
    ['denied', (_one, response) => jsonError(response, 'AccessDeniedException')],
    [
      'answered without a value',
      (_one, response) => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify({ Quota: { ErrorReason: { ErrorCode: 'DEPENDENCY_THROTTLING_ERROR' } } }));
      },
    ],
  ])("knows no quota where that of the account is %s, whatever AWS's default", async (_, ofOwn) => {
    const server = groupServer(plain, (one, response, index) => {
      const isOwn = String(one.headers['x-amz-target']).endsWith('.GetServiceQuota');
      (isOwn ? ofOwn : quotaOf(5))(one, response, index);
    });

    expect((await factsOf(group, server)).facts).not.toHaveProperty('quota');
  });

  it('is its size alone when EC2 and Auto Scaling refuse', async () => {
    const { facts } = await factsOf(group, (_one, response) => xmlError(response, 'UnauthorizedOperation', 403));

    expect(facts).toEqual({ wanted: 2, ready: 1 });
  });
});

describe('what is known of a service and of a function', () => {
  it('is the images of the task without the registry, its size, and the quota of Fargate', async () => {
    const registry = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
    const answers: Readonly<Record<string, unknown>> = {
      DescribeServices: { services: [{ status: 'ACTIVE', launchType: 'FARGATE', taskDefinition: 'web:7' }] },
      DescribeTaskDefinition: {
        taskDefinition: { cpu: '512', memory: '1024', containerDefinitions: [{ image: `${registry}/shop:7` }] },
      },
      GetServiceQuota: { Quota: { Value: 6 } },
    };
    const service: Scalable = { kind: 'ecs-service', cluster: 'shop', name: 'web', ...sizes };

    const { facts } = await factsOf(service, ({ headers }, response) => {
      const action = String(headers['x-amz-target']).split('.').at(-1) ?? '';
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answers[action]));
    });

    expect(facts).toEqual({
      wanted: 2,
      ready: 1,
      image: 'shop:7',
      resources: 'cpu 512 and memory 1024',
      quota: { what: 'vCPUs of Fargate on demand', limit: 6, needEach: 0.5 },
    });
  });

  it('is the digest of the code behind the alias, and the concurrency of the account', async () => {
    const concurrency: Scalable = { kind: 'provisioned-concurrency', functionName: 'web', alias: 'live', ...sizes };

    const { facts, seen } = await factsOf(concurrency, ({ path }, response) => {
      const body = path.includes('/functions/')
        ? { CodeSha256: 'abcdefghijklmnop', Runtime: 'nodejs20.x', MemorySize: 256 }
        : { Quota: { Value: 1_000 } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });

    expect(facts).toEqual({
      wanted: 2,
      ready: 1,
      code: 'abcdefghijkl',
      resources: 'nodejs20.x with 256 MiB',
      quota: { what: 'concurrent executions', limit: 1_000, needEach: 1 },
    });
    expect(seen.map(({ path }) => path)).toContain('/2015-03-31/functions/web/configuration?Qualifier=live');
  });
});
