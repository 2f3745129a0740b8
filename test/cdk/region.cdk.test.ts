import { beforeAll, describe, expect, test } from 'vitest';
import { functionPlanOf, watcherMemoryMb } from '../../src/config/plan/functions.ts';
import { functionKinds } from '../../src/config/plan/names.ts';
import { alertNames } from '../../src/core/alerting/alert-name.ts';
import { alertCatalogue } from '../../src/core/alerting/catalogue.ts';
import { everything } from './everything.fixture.ts';
import {
  exampleDeployment,
  plain,
  propertiesOf,
  resourcesOf,
  stubBundles,
  type Template,
  templatesOf,
} from './synthesized.ts';

const fenced = (id: string) => ({ instanceIds: [id], isolationGroupId: 'sg-nobody' });

/** Two instances with a fence each behind one address, and a record that the engine edits. */
const rich = exampleDeployment('elastic-ip', {
  'services.web.sites.left.fence': fenced('i-left'),
  'services.web.sites.right.fence': fenced('i-right'),
  'services.web.traffic.dns.mode': 'records',
  'watcher.tracing': true,
  'watcher.vpc': { 'us-east-1': { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] } },
});
const simple = exampleDeployment('two-regions');

let richRegion: Template | undefined;
let region: Template | undefined;
let regions: Readonly<Record<string, Template>>;
let fullRegion: Template | undefined;

beforeAll(() => {
  const bundles = stubBundles();
  richRegion = templatesOf(rich, bundles)['shop-failover-us-east-1'];
  regions = templatesOf(simple, bundles);
  region = regions['shop-failover-us-east-1'];
  fullRegion = templatesOf(everything, bundles)['shop-failover-us-east-1'];
});

function functionNamed(template: Template | undefined, name: string): Readonly<Record<string, unknown>> {
  return propertiesOf(template, 'AWS::Lambda::Function').find(({ FunctionName }) => FunctionName === name) ?? {};
}

/** What a function's role allows, a line a statement: effect, actions, resources, and condition if any. */
function grantsOf(template: Template | undefined, kind: string): readonly string[] {
  const [, role] = resourcesOf(template, 'AWS::IAM::Role').find(([id]) => id.startsWith(`Failover${kind}Role`)) ?? [];
  const policies = plain(role?.Properties.Policies ?? []) as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.map(({ Effect, Action, Resource, Condition }) =>
      [Effect, [Action].flat().join(' '), [Resource].flat().join(' '), Condition ? JSON.stringify(Condition) : ''].join(
        ' | ',
      ),
    ),
  );
}

const table = (name: string) => `arn:aws:dynamodb:${name}:111122223333:table/shop-failover-state`;
const keys = (...names: readonly string[]) =>
  JSON.stringify({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': names } });
const logs = (kind: string) =>
  `Allow | logs:CreateLogStream logs:PutLogEvents | arn:aws:logs:REGION:111122223333:log-group:/aws/lambda/shop-failover-${kind}:log-stream:* | `;
const traces = 'Allow | xray:PutTraceSegments xray:PutTelemetryRecords | * | ';
const lambda = (where: string, kind: string) => `arn:aws:lambda:${where}:111122223333:function:shop-failover-${kind}`;

describe('roles allow what is needed and nothing else', () => {
  test('watcher: its own item, the registers of any region, its notifier and the actuators', () => {
    const interfaces = expect.stringContaining('ec2:CreateNetworkInterface');

    expect(grantsOf(richRegion, 'watcher')).toEqual([
      logs('watcher'),
      `Allow | dynamodb:BatchGetItem | ${table('*')} | ${keys('opinions', 'register#web')}`,
      `Allow | dynamodb:DescribeTable | ${table('*')} | `,
      `Allow | dynamodb:UpdateItem dynamodb:GetItem | ${table('*')} | ${keys('register#web')}`,
      `Allow | dynamodb:UpdateItem dynamodb:GetItem | ${table('us-east-1')} | ${keys('opinions')}`,
      `Allow | lambda:InvokeFunction | ${[
        lambda('us-east-1', 'notify'),
        lambda('us-east-1', 'survey'),
        lambda('us-east-1', 'fence'),
        lambda('us-east-1', 'address'),
        lambda('us-east-1', 'dns'),
        lambda('us-west-2', 'dns'),
        lambda('us-east-2', 'dns'),
      ].join(' ')} | `,
      traces,
      interfaces,
      expect.stringMatching(/^Deny \| ec2:CreateNetworkInterface .*SourceFunctionArn.*shop-failover-watcher/),
    ]);
  });

  test('oracle: one read, and which table it is', () => {
    expect(grantsOf(region, 'oracle')).toEqual([
      logs('oracle'),
      `Allow | dynamodb:BatchGetItem | ${table('us-east-1')} | ${keys('register#web')}`,
      `Allow | dynamodb:DescribeTable | ${table('us-east-1')} | `,
    ]);
  });

  test('address: its claim, the one address, and the interfaces, whose ids are of EC2', () => {
    const ec2 = (thing: string) => `arn:aws:ec2:us-east-1:111122223333:${thing}`;

    expect(grantsOf(richRegion, 'address')).toEqual([
      logs('address'),
      `Allow | dynamodb:BatchGetItem | ${table('us-east-1')} | ${keys('opinions', 'register#web')}`,
      `Allow | dynamodb:UpdateItem dynamodb:GetItem | ${table('us-east-1')} | ${keys('claim#web')}`,
      `Allow | ec2:AssociateAddress | ${ec2('elastic-ip/eipalloc-1')} ${ec2('network-interface/*')} | `,
      'Allow | ec2:DescribeAddresses ec2:DescribeNetworkInterfaces | * | ',
      traces,
    ]);
  });

  test('isolation: groups and one tag of the fenced instances', () => {
    const ec2 = (thing: string) => `arn:aws:ec2:us-east-1:111122223333:${thing}`;
    const both = `${ec2('instance/i-left')} ${ec2('instance/i-right')}`;
    const tag = JSON.stringify({
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['cdk-failover:groups'] },
      Null: { 'aws:TagKeys': 'false' },
    });

    const groups = JSON.stringify({ StringEqualsIgnoreCase: { 'ec2:Attribute': ['GroupId', 'GroupSet'] } });

    expect(grantsOf(richRegion, 'fence').slice(3)).toEqual([
      `Allow | ec2:ModifyInstanceAttribute | ${both} | ${groups}`,
      `Allow | ec2:ModifyInstanceAttribute | ${ec2('security-group/*')} | `,
      `Allow | ec2:CreateTags ec2:DeleteTags | ${both} | ${tag}`,
      'Allow | ec2:DescribeInstances | * | ',
      traces,
    ]);
  });

  test('records: one name, the types that a site can answer with, no creation of others', () => {
    const condition = JSON.stringify({
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['www.shop.example'],
        'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME'],
        'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
      },
    });

    expect(grantsOf(richRegion, 'dns').slice(3)).toEqual([
      `Allow | route53:ChangeResourceRecordSets | arn:aws:route53:::hostedzone/Z0EXAMPLE | ${condition}`,
      'Allow | route53:ListResourceRecordSets | arn:aws:route53:::hostedzone/Z0EXAMPLE | ',
      'Allow | route53:GetChange | arn:aws:route53:::change/* | ',
      traces,
    ]);
  });

  test('notify: its topic, and events under its own source', () => {
    const source = JSON.stringify({
      'ForAllValues:StringEquals': { 'events:source': ['cdk-failover'] },
      Null: { 'events:source': 'false' },
    });

    expect(grantsOf(region, 'notify')).toEqual([
      logs('notify'),
      'Allow | sns:Publish | arn:aws:sns:us-east-1:111122223333:shop-failover | ',
      `Allow | events:PutEvents | arn:aws:events:us-east-1:111122223333:event-bus/default | ${source}`,
    ]);
  });

  test('doctor: what an operator needs to look, and no more', () => {
    const grants = grantsOf(region, 'doctor');
    const parameter = (where: string) => `arn:aws:ssm:${where}:111122223333:parameter/shop/failover/oracle-host`;
    const functions = ['watcher', 'oracle', 'notify', 'doctor']
      .map((kind) => `arn:aws:lambda:*:111122223333:function:shop-failover-${kind}`)
      .join(' ');

    expect(grants).toEqual([
      logs('doctor'),
      `Allow | dynamodb:BatchGetItem | ${table('*')} | ${keys('opinions', 'register#web')}`,
      `Allow | dynamodb:DescribeTable | ${table('*')} | `,
      `Allow | ssm:GetParameter | ${simple.controlRegions.map(parameter).join(' ')} | `,
      'Allow | cloudwatch:DescribeAlarms | arn:aws:cloudwatch:*:111122223333:alarm:shop-failover-web-left-637i5i | ',
      `Allow | lambda:GetFunctionConcurrency lambda:GetFunctionConfiguration | ${functions} | `,
      'Allow | iam:SimulatePrincipalPolicy | arn:aws:iam::111122223333:role/* | ',
      'Allow | sns:ListSubscriptionsByTopic | arn:aws:sns:*:111122223333:shop-failover | ',
      'Allow | route53:GetHostedZone route53:ListResourceRecordSets | arn:aws:route53:::hostedzone/Z0EXAMPLE | ',
      'Allow | lambda:GetAccountSettings route53:GetAccountLimit | * | ',
    ]);
  });

  test('no role has a managed policy or gets statements from elsewhere', () => {
    const roles = propertiesOf(richRegion, 'AWS::IAM::Role');

    expect(roles).toHaveLength(8);
    expect(roles.filter(({ ManagedPolicyArns }) => ManagedPolicyArns !== undefined)).toEqual([]);
    expect(resourcesOf(richRegion, 'AWS::IAM::Policy')).toEqual([]);
  });
});

describe('functions', () => {
  test('are those that the region needs', () => {
    const namesIn = (template: Template | undefined) =>
      propertiesOf(template, 'AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);

    expect(namesIn(region)).toEqual(['watcher', 'oracle', 'notify', 'doctor'].map((kind) => `shop-failover-${kind}`));
    expect(namesIn(richRegion)).toEqual(
      ['watcher', 'oracle', 'notify', 'doctor', 'fence', 'address', 'dns', 'survey'].map(
        (kind) => `shop-failover-${kind}`,
      ),
    );
  });

  test('run on arm64 and Node 24, with a log group of their own', () => {
    const functions = propertiesOf(richRegion, 'AWS::Lambda::Function');
    const groups = propertiesOf(richRegion, 'AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);

    expect(functions.map(({ Runtime, Architectures, Handler }) => [Runtime, Architectures, Handler])).toEqual(
      functions.map(() => ['nodejs24.x', ['arm64'], 'index.handler']),
    );
    expect(groups).toEqual(functions.map(({ FunctionName }) => `/aws/lambda/${String(FunctionName)}`));
    expect(propertiesOf(richRegion, 'AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual(
      functions.map(() => 30),
    );
  });

  test('drop events that are late or failed, except messages to people', () => {
    const configured = resourcesOf(richRegion, 'AWS::Lambda::EventInvokeConfig').map(([id, { Properties }]) => [
      /^Failover([a-z]+)Function/.exec(id)?.[1],
      Properties.MaximumRetryAttempts,
      Properties.MaximumEventAgeInSeconds,
    ]);

    expect(configured).toEqual([
      ['watcher', 0, 60],
      ['oracle', 0, 60],
      ['notify', 2, 600],
      ['doctor', 0, 60],
      ['fence', 0, 60],
      ['address', 0, 60],
      ['dns', 0, 60],
      ['survey', 0, 60],
    ]);
  });

  test('are bounded in number and in time', () => {
    const limits = propertiesOf(richRegion, 'AWS::Lambda::Function').map(
      ({ FunctionName, ReservedConcurrentExecutions, Timeout }) => [
        FunctionName,
        ReservedConcurrentExecutions,
        Timeout,
      ],
    );

    expect(limits).toEqual([
      ['shop-failover-watcher', 10, 180],
      ['shop-failover-oracle', 10, 3],
      ['shop-failover-notify', 2, 30],
      // Three ticks of two seconds, two answers of three, and ten more.
      ['shop-failover-doctor', undefined, 22],
      ['shop-failover-fence', 3, 10],
      ['shop-failover-address', 3, 10],
      ['shop-failover-dns', 3, 10],
      ['shop-failover-survey', 4, 30],
    ]);
  });

  test('are all there where all of them have something to do, each with a role of its own', () => {
    const kinds = functionKinds.filter(
      (kind) => !['address', 'route', 'accelerator', 'controls', 'edge', 'zonal', 'rebuild', 'deploy'].includes(kind),
    );
    const limits = propertiesOf(fullRegion, 'AWS::Lambda::Function').map(
      ({ FunctionName, ReservedConcurrentExecutions, Timeout }) => [
        String(FunctionName).replace('shop-failover-', ''),
        ReservedConcurrentExecutions,
        Timeout,
      ],
    );

    expect(limits.map(([kind]) => kind).sort()).toEqual([...kinds].sort());
    expect(limits).toEqual(
      expect.arrayContaining([
        // Three watchers for each service: web and api; jobs; cache; web.
        ['targets', 6, 10],
        ['start', 3, 10],
        ['promote', 3, 10],
        ['publish', 3, 10],
        // Two generations ask about web's and api's two sites, and about one of jobs and one of cache.
        ['survey', 12, 30],
      ]),
    );
    expect(propertiesOf(fullRegion, 'AWS::IAM::Role')).toHaveLength(kinds.length);
  });

  test('trace when asked to, and the watcher alone runs in the VPC', () => {
    expect(functionNamed(richRegion, 'shop-failover-watcher')).toMatchObject({
      TracingConfig: { Mode: 'Active' },
      VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
    });
    expect(functionNamed(richRegion, 'shop-failover-oracle').VpcConfig).toBeUndefined();
    expect(functionNamed(region, 'shop-failover-watcher').TracingConfig).toBeUndefined();
  });

  test('have the environment that their handlers read', () => {
    const environmentOf = (kind: string) => functionNamed(region, `shop-failover-${kind}`).Environment;
    const common = {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      POWERTOOLS_SERVICE_NAME: 'shop',
      POWERTOOLS_METRICS_NAMESPACE: 'CdkFailover',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    };

    expect(environmentOf('watcher')).toEqual({ Variables: common });
    expect(plain(environmentOf('notify'))).toEqual({
      Variables: { ...common, TOPIC_ARN: expect.stringContaining('NotificationsTopic') },
    });
  });

  test.each([
    [2, 2_000, 160],
    [18, 2_000, 192],
    [20, 1_000, 288],
    [100, 1_000, 1_120],
  ])('give the watcher memory by its work (probes=%i, tick=%i ms: %i MiB)', (probeCount, intervalMs, memoryMb) => {
    const { virginia, oregon } = simple.services.web?.sites ?? {};
    const web = simple.services.web;
    if (!virginia || !oregon || !web) throw new TypeError('the example has two sites');
    const probes = Array.from({ length: probeCount / 2 }, () => virginia.probes).flat();
    const services = {
      web: {
        ...web,
        detection: { ...web.detection, intervalMs },
        sites: { virginia: { ...virginia, probes }, oregon: { ...oregon, probes } },
      },
    };

    expect(watcherMemoryMb({ ...simple, services })).toBe(memoryMb);
  });

  test('take the memory that the user says', () => {
    const told = { ...simple, watcher: { ...simple.watcher, memoryMb: 777 } };

    expect(functionPlanOf(told, 'watcher').memoryMb).toBe(777);
  });
});

test('the table outlives its stack, is protected and backed up', () => {
  const [[, table] = []] = resourcesOf(region, 'AWS::DynamoDB::Table');

  expect(table).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'shop-failover-state',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
  });
  expect(table?.Properties).not.toHaveProperty('TimeToLiveSpecification');
});

test('S14: the oracle is updated before the watcher, which gives a renamed site its new name', () => {
  const functions = resourcesOf(region, 'AWS::Lambda::Function');
  const idOf = (kind: string) => functions.find(([id]) => id.startsWith(`Failover${kind}Function`))?.[0];
  const [, watcher] = functions.find(([id]) => id === idOf('watcher')) ?? [];

  expect(watcher?.DependsOn).toContain(idOf('oracle'));
});

test('the watcher is started each minute, once', () => {
  const [rule] = propertiesOf(region, 'AWS::Events::Rule');

  expect(plain(rule)).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }],
  });
  expect(propertiesOf(region, 'AWS::Lambda::Permission').map(({ Principal }) => Principal)).toContain(
    'events.amazonaws.com',
  );
});

test('the first two control regions check once an hour, in turn; the third does not', () => {
  const rules = simple.controlRegions.map((name) =>
    propertiesOf(regions[`shop-failover-${name}`], 'AWS::Events::Rule').flatMap(({ Name, ScheduleExpression }) =>
      Name === 'shop-failover-doctor' ? [ScheduleExpression] : [],
    ),
  );

  expect(rules).toEqual([['cron(22 * * * ? *)'], ['cron(52 * * * ? *)'], []]);
});

test('nothing of the hourly check is there once it is switched off', () => {
  const off = templatesOf(exampleDeployment('two-regions', { 'doctor.hourly': false }), stubBundles());

  for (const template of Object.values(off)) expect(JSON.stringify(template)).not.toContain('doctor');
});

test('anybody may ask the oracle by its URL, and in no other way', () => {
  const [url] = propertiesOf(region, 'AWS::Lambda::Url');
  const open = propertiesOf(region, 'AWS::Lambda::Permission').filter(({ Principal }) => Principal === '*');
  const [parameter] = propertiesOf(region, 'AWS::SSM::Parameter');

  expect(url?.AuthType).toBe('NONE');
  // Both are needed since October 2025. Source: Lambda Developer Guide, "Control access to function URLs".
  expect(
    open.map(({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }) => [
      Action,
      FunctionUrlAuthType,
      InvokedViaFunctionUrl,
    ]),
  ).toEqual([
    ['lambda:InvokeFunctionUrl', 'NONE', undefined],
    ['lambda:InvokeFunction', undefined, true],
  ]);
  expect(parameter).toMatchObject({
    Name: '/shop/failover/oracle-host',
    Value: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [expect.any(String), 'FunctionUrl'] }] }] },
  });
});

test('people hear of alarms: mail, only over TLS, and CloudWatch of this account may publish', () => {
  const [subscription] = propertiesOf(region, 'AWS::SNS::Subscription');
  const [policy] = propertiesOf(region, 'AWS::SNS::TopicPolicy');

  expect(subscription).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@shop.example' });
  expect(plain(policy)).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        },
      ],
    },
  });
});

describe('alarms', () => {
  test('are those of the catalog that can be raised, and one for a region without a watcher', () => {
    const names = propertiesOf(region, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));
    // Two sites by oracle, with nothing but probes and a name.
    const impossible: readonly string[] = [
      'endpoints-errors',
      'replication-lag',
      'writer-elsewhere',
      'actuator-errors',
      'drift-repaired',
      'drift-stuck',
      'self-fenced',
      'fence-owed',
      'fence-unproven',
      'awaiting-approval',
      'approval-lapsed',
      'pool-fail-open',
      'over-capacity',
      'spare-capacity',
      'recovery-time-missed',
      'last-resort',
      'shared-dependency',
      'backup-old',
      'probe-failing',
    ];
    const expected = alertNames
      .filter((alarm) => !impossible.includes(alarm))
      .map((alarm) =>
        alertCatalogue[alarm].scope === 'service' ? `shop-failover-web-${alarm}` : `shop-failover-${alarm}`,
      );

    const raised = names.filter((name) => !name.includes('-left-'));
    expect(raised.sort()).toEqual([...expected, 'shop-failover-watcher-silent'].sort());
  });

  test('are there for fences and actuators where a service has them', () => {
    const names = propertiesOf(richRegion, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));

    for (const alarm of ['self-fenced', 'fence-owed', 'fence-unproven', 'drift-stuck', 'actuator-errors'])
      expect(names).toContain(`shop-failover-web-${alarm}`);
  });

  test('follow the metric that the watchers log', () => {
    const [down] = propertiesOf(region, 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'shop-failover-web-site-down',
    );

    expect(down).toMatchObject({
      Namespace: 'CdkFailover',
      MetricName: 'site-down',
      Dimensions: [
        { Name: 'deployment', Value: 'shop' },
        { Name: 'service', Value: 'web' },
      ],
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('a region whose watcher is not started is missed', () => {
    const [silent] = propertiesOf(region, 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'shop-failover-watcher-silent',
    );

    expect(silent).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: 'shop-failover-watcher' }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  test('the hourly check counts what is bad; two bad hours of three raise it, and silence is neither', () => {
    const [red] = propertiesOf(region, 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'shop-failover-doctor-red',
    );

    expect(red).toMatchObject({
      Namespace: 'CdkFailover',
      MetricName: 'doctor-red',
      Dimensions: [
        { Name: 'deployment', Value: 'shop' },
        { Name: 'service', Value: '-' },
      ],
      Statistic: 'Sum',
      Period: 3_600,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'missing',
    });
  });

  test('tell people once a service, of everything but what repaired itself', () => {
    const [composite, ...others] = propertiesOf(region, 'AWS::CloudWatch::CompositeAlarm');
    const told = propertiesOf(region, 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmActions }) => AlarmActions !== undefined,
    );
    const rule = String((plain(composite) as Readonly<Record<string, unknown>>).AlarmRule);

    expect(others).toEqual([]);
    expect(composite).toMatchObject({ AlarmName: 'shop-failover-web-service', AlarmActions: [expect.anything()] });
    expect(rule).toContain('websitedown');
    expect(rule).not.toContain('driftrepaired');
    expect(told.map(({ AlarmName }) => AlarmName)).toEqual([
      'shop-failover-oracle-errors',
      'shop-failover-notify-errors',
      'shop-failover-doctor-red',
      'shop-failover-clock-gap',
      'shop-failover-memory-short',
      'shop-failover-self-check-failed',
      'shop-failover-invariant-broken',
      'shop-failover-watcher-silent',
    ]);
  });
});

describe('the birth of an alarm', () => {
  test('tells nobody: none has an action for OK or for INSUFFICIENT_DATA', () => {
    const types = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'];
    const alarms = [region, richRegion, fullRegion].flatMap((template) =>
      types.flatMap((type) => propertiesOf(template, type)),
    );

    expect(alarms.length).toBeGreaterThan(50);
    for (const alarm of alarms) {
      expect(alarm).not.toHaveProperty('OKActions');
      expect(alarm).not.toHaveProperty('InsufficientDataActions');
    }
  });

  test('what becomes of one of which no watcher tells is handed on, and not its birth', () => {
    const [rule, ...others] = propertiesOf(region, 'AWS::Events::Rule').filter(({ EventPattern }) => EventPattern);

    expect(others).toEqual([]);
    expect(rule).toMatchObject({
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: {
          alarmName: [
            'shop-failover-oracle-errors',
            'shop-failover-notify-errors',
            'shop-failover-doctor-red',
            'shop-failover-watcher-silent',
          ],
          previousState: { value: ['OK', 'ALARM'] },
          state: { value: ['OK', 'INSUFFICIENT_DATA'] },
        },
      },
      Targets: [{ Id: 'notify', Arn: { 'Fn::GetAtt': [expect.stringContaining('notify'), 'Arn'] } }],
    });
    const [ruleId] = resourcesOf(region, 'AWS::Events::Rule').find(([, { Properties }]) => Properties === rule) ?? [];
    expect(propertiesOf(region, 'AWS::Lambda::Permission')).toContainEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: expect.stringContaining('notify') },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
    });
  });

  test('whoever hears of one that lasts hears of its end: of a watcher, or by the rule', () => {
    const named = new Set(
      propertiesOf(fullRegion, 'AWS::Events::Rule').flatMap(({ EventPattern }) => {
        const { detail } = (EventPattern ?? {}) as { readonly detail?: { readonly alarmName: readonly string[] } };
        return detail?.alarmName ?? [];
      }),
    );
    const told = propertiesOf(fullRegion, 'AWS::CloudWatch::Alarm').flatMap(({ AlarmName, AlarmActions }) =>
      AlarmActions === undefined ? [] : String(AlarmName),
    );
    const byWatchers = alertNames.filter(
      (alarm) => alertCatalogue[alarm].notifiedBy !== 'nobody' || !alertCatalogue[alarm].isLasting,
    );

    for (const name of told.filter((each) => !named.has(each))) {
      expect(byWatchers.map((alarm) => `${everything.name}-failover-${alarm}`)).toContain(name);
    }
    expect(named).toContain(`${everything.name}-failover-watcher-silent`);
  });
});

test('one dashboard asks every region for what its watcher sees', () => {
  const [dashboard] = propertiesOf(region, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(plain(dashboard));

  expect(dashboard?.DashboardName).toBe('shop-failover-us-east-1');
  for (const from of simple.controlRegions) {
    expect(body).toContain(`Healthy, seen from ${from}`);
    expect(body).toContain(`:cloudwatch:${from}:`);
    expect(body).toContain(`Serves (1), seen from ${from}`);
  }
  expect(body).not.toContain('Active, seen from');
  expect(body).toContain("failover.kind = 'pulse'");
  expect([...body.matchAll(/Found by the hourly check of ([\w-]+)/g)].map(([, from]) => from)).toEqual(
    simple.controlRegions.slice(0, 2),
  );
});
