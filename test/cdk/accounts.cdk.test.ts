import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { FailoverAccount } from '../../lib/constructs/failover-account.ts';
import { FailoverAccountStack } from '../../lib/stacks/account-stack.ts';
import { parseDeployment } from '../../src/config/loader.ts';
import type { Overrides } from '../../src/scenario/overrides.ts';
import { askPermission, recordChange } from '../e2e/aws/harness/permissions/permission.ts';
import type { PolicyDocument } from '../e2e/aws/harness/template/template.ts';
import {
  exampleDeployment,
  plain,
  propertiesOf,
  resourcesOf,
  stubBundles,
  type Template,
  templatesOf,
} from './synthesized.ts';

const path = 'scenarios/accounts/configs/two-accounts.config.yaml';
const deployment = parseDeployment(readFileSync(path, 'utf8'), path);
const account = '222233334444';
const templates = templatesOf(deployment, stubBundles());
const roles = propertiesOf(templates[`shop-failover-account-${account}`], 'AWS::IAM::Role').map(plain);

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

function statementsOf(template: Template | undefined, roleName: string): readonly Statement[] {
  const role = propertiesOf(template, 'AWS::IAM::Role').find((each) => each.RoleName === roleName);
  const [policy] = (plain(role?.Policies) ?? []) as readonly { readonly PolicyDocument: { Statement: Statement[] } }[];
  return policy?.PolicyDocument.Statement ?? [];
}

test('one more stack is made, of one role a function that touches the site there', () => {
  expect(Object.keys(templates).sort()).toEqual([
    `shop-failover-account-${account}`,
    'shop-failover-records',
    'shop-failover-us-east-1',
    'shop-failover-us-east-2',
    'shop-failover-us-west-2',
  ]);
  expect(roles.map((role) => (role as { RoleName: string }).RoleName).sort()).toEqual([
    'shop-site-fence-us-west-2',
    'shop-site-start-us-west-2',
    'shop-site-survey-us-west-2',
  ]);
});

test("a role trusts the one function's role alone, with the external id", () => {
  const fence = roles.find((role) => (role as { RoleName: string }).RoleName === 'shop-site-fence-us-west-2');

  expect(fence).toMatchObject({
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/shop-failover-fence-us-west-2' },
            StringEquals: { 'sts:ExternalId': 'shop-8f3c1d92' },
          },
        },
      ],
    },
  });
});

test('the role may do what the function does to the site there, and nothing else', () => {
  const granted = statementsOf(templates[`shop-failover-account-${account}`], 'shop-site-start-us-west-2');

  expect(granted.map(({ Action }) => [Action].flat().join(' '))).toEqual([
    'ec2:StartInstances ec2:StopInstances',
    'ec2:DescribeInstanceStatus ec2:DescribeInstances',
  ]);
  // In the stack of the other account, the account that is named is that one.
  expect(JSON.stringify(granted)).toContain(':instance/i-oregon');
  expect(JSON.stringify(granted)).not.toContain('virginia');
});

test('the function has a name that the role knows it by, may take that role, and nothing of its own there', () => {
  const granted = statementsOf(templates['shop-failover-us-west-2'], 'shop-failover-fence-us-west-2');
  const texts = granted.map((statement) => JSON.stringify(statement));

  expect(texts.filter((text) => text.includes('sts:AssumeRole'))).toEqual([
    expect.stringContaining(`arn:aws:iam::${account}:role/shop-site-fence-us-west-2"`),
  ]);
  expect(texts.filter((text) => text.includes('ec2:'))).toEqual([]);
});

test('where all sites are in the own account, a role keeps the name that CloudFormation gives it', () => {
  const names = propertiesOf(templates['shop-failover-us-east-1'], 'AWS::IAM::Role').map(({ RoleName }) => RoleName);

  expect(names.filter((name) => name !== undefined)).toEqual([]);
});

test('a stack of an account without sites is refused, with the accounts that have some', () => {
  const stack = new Stack(new App(), 'Roles', { env: { account: '999999999999', region: 'us-east-1' } });

  expect(() => new FailoverAccount(stack, 'Account', { deployment })).toThrow(
    `an account in which functions act: ${account}`,
  );
});

test.each([
  [undefined, 'us-east-1'],
  ['eu-west-1', 'eu-west-1'],
])('the roles are in the region that accounts names, else in the first control region (region=%s)', (region, at) => {
  const named = { [account]: { externalId: 'shop-8f3c1d92', region } };

  const stack = new FailoverAccountStack(new App(), 'Roles', {
    deployment: { ...deployment, accounts: named },
    account,
  });

  expect(stack.region).toBe(at);
});

describe('a hosted zone in another account', () => {
  const zonePath = 'scenarios/accounts/configs/zone-in-another-account.config.yaml';
  const zoned = templatesOf(parseDeployment(readFileSync(zonePath, 'utf8'), zonePath), stubBundles());
  const granted = (role: string) => statementsOf(zoned[`shop-failover-account-${account}`], role);

  test('has one role for the function of each region that edits the record, on that one record', () => {
    const names = propertiesOf(zoned[`shop-failover-account-${account}`], 'AWS::IAM::Role').map(
      (role) => role.RoleName,
    );

    expect(names).toEqual(['shop-zone-dns-us-east-1', 'shop-zone-dns-us-west-2', 'shop-zone-dns-us-east-2']);
    expect(granted('shop-zone-dns-us-west-2')).toEqual([
      {
        Action: 'route53:ChangeResourceRecordSets',
        Effect: 'Allow',
        Resource: 'arn:aws:route53:::hostedzone/Z0EXAMPLE',
        Condition: {
          'ForAllValues:StringEquals': {
            'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['www.shop.example'],
            'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME'],
            'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'DELETE'],
          },
        },
      },
      expect.objectContaining({
        Action: 'route53:ListResourceRecordSets',
        Resource: 'arn:aws:route53:::hostedzone/Z0EXAMPLE',
      }),
      expect.objectContaining({ Action: 'route53:GetChange', Resource: 'arn:aws:route53:::change/*' }),
    ]);
  });

  test('leaves the function nothing of Route 53 in the own account but the way to its role', () => {
    const own = statementsOf(zoned['shop-failover-us-west-2'], 'shop-failover-dns-us-west-2').map((each) =>
      JSON.stringify(each),
    );

    expect(own.filter((text) => text.includes('route53'))).toEqual([]);
    expect(own.filter((text) => text.includes('sts:AssumeRole'))).toEqual([
      expect.stringContaining(`arn:aws:iam::${account}:role/shop-zone-dns-us-west-2"`),
    ]);
  });
});

describe('records in a hosted zone of another account', () => {
  const dns = 'services.web.traffic.dns';
  const zoned: Overrides = {
    account: '111122223333',
    accounts: { [account]: { externalId: 'shop-8f3c1d92' } },
    [`${dns}.zone.account`]: account,
  };
  const deployed = templatesOf(exampleDeployment('two-regions', zoned), stubBundles());
  const records = deployed['shop-failover-records'];

  test('are made by a custom resource, in the order in which they need each other, and by nothing else', () => {
    const [made] = propertiesOf(records, 'Custom::ZoneRecords');
    const sets = setsIn(records);

    expect(propertiesOf(records, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(made).toMatchObject({ Kind: 'ZoneRecords', Account: account, ZoneId: 'Z0EXAMPLE', Service: 'web' });
    expect(sets.length).toBeGreaterThan(2);
    for (const [index, { AliasTarget }] of sets.entries()) {
      if (AliasTarget === undefined || AliasTarget.DNSName.endsWith('amazonaws.com')) continue;
      expect(sets.slice(0, index).map(({ Name }) => Name)).toContain(AliasTarget.DNSName);
    }
  });

  test('are, apart from the zone, what the own account would have', () => {
    const own = propertiesOf(
      templatesOf(exampleDeployment('two-regions'), stubBundles())['shop-failover-records'],
      'AWS::Route53::RecordSet',
    ).map(({ HostedZoneId: _zone, ...set }) => set);

    expect(new Set(setsIn(records).map((set) => JSON.stringify(sorted(set))))).toEqual(
      new Set(own.map((set) => JSON.stringify(sorted(set)))),
    );
  });

  test('follow health checks of the own account, whose checkers are waited for first', () => {
    const [[, { DependsOn = [], Properties } = {}] = []] = resourcesOf(records, 'Custom::ZoneRecords');
    const [[ready] = []] = resourcesOf(records, 'Custom::ChecksReady');
    const checks = resourcesOf(records, 'AWS::Route53::HealthCheck').map(([id]) => id);
    const named = [...JSON.stringify(Properties).matchAll(/"Fn::GetAtt":\["(\w+)","HealthCheckId"\]/g)].map(
      ([, id]) => id,
    );

    expect(DependsOn).toContain(ready);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((id) => !checks.includes(id ?? ''))).toEqual([]);
  });

  test('need a role there, on the names that clients ask for and those of their trees', () => {
    const granted = statementsOf(deployed[`shop-failover-account-${account}`], 'shop-zone-deploy');
    const [function_] = propertiesOf(records, 'AWS::IAM::Role').filter(({ RoleName }) => RoleName !== undefined);

    expect(function_?.RoleName).toBe('shop-failover-deploy');
    expect(granted[0]).toEqual({
      Action: 'route53:ChangeResourceRecordSets',
      Effect: 'Allow',
      Resource: 'arn:aws:route53:::hostedzone/Z0EXAMPLE',
      Condition: {
        'ForAllValues:StringLike': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
            'www.shop.example',
            'v???????.www.shop.example',
            '*.v???????.www.shop.example',
          ],
        },
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME'],
          'route53:ChangeResourceRecordSetsActions': ['CREATE', 'UPSERT', 'DELETE'],
        },
      },
    });
  });

  test.each<[string, string, Overrides]>([
    ['one name', 'two-regions', {}],
    ['memory', 'three-regions', { [`${dns}.memory`]: true }],
    ['several names and a wildcard', 'two-regions', { [`${dns}.record`]: ['www', '*'] }],
    ['locations and a last resort', 'active-active-geo', {}],
  ])('have names that the role allows, and the role allows no name of a neighbour: %s', async (_what, name, more) => {
    const templates = templatesOf(exampleDeployment(name, { ...zoned, ...more }), stubBundles());
    const [policy] = (plain(
      propertiesOf(templates[`shop-failover-account-${account}`], 'AWS::IAM::Role')[0]?.Policies,
    ) ?? []) as readonly { readonly PolicyDocument: PolicyDocument }[];
    const names = setsIn(templates['shop-failover-records']).map(({ Name }) => Name.replace(/\.$/, ''));
    const isAllowed = (asked: string) =>
      askPermission(policy === undefined ? [] : [policy.PolicyDocument], {
        action: 'route53:ChangeResourceRecordSets',
        resource: 'arn:aws:route53:::hostedzone/Z0EXAMPLE',
        // As IAM is told a name with an asterisk.
        context: recordChange([asked.replace('*', '\\052')], ['A'], ['UPSERT']),
      });

    const own = await Promise.all([...new Set(names)].map(isAllowed));
    const others = ['shop.example', 'api.shop.example', 'mail.www.shop.example', 'v1.www.shop.example', 'www.shop.net'];

    expect(names.length).toBeGreaterThan(2);
    expect(new Set(own)).toEqual(new Set(['Allowed']));
    expect(new Set(await Promise.all(others.map(isAllowed)))).toEqual(new Set(['ImplicitlyDenied']));
  });
});

interface DeclaredSet {
  readonly Name: string;
  readonly AliasTarget?: { readonly DNSName: string };
}

function setsIn(template: Template | undefined): readonly DeclaredSet[] {
  const [made] = propertiesOf(template, 'Custom::ZoneRecords');
  return (made?.Records ?? []) as readonly DeclaredSet[];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
