import { describe, expect, it, test } from 'vitest';
import { changesBetween } from '../../../../src/config/changes/changes.ts';
import { parseDeployment, parseDeploymentValue } from '../../../../src/config/loader.ts';
import { accountRolesOf } from '../../../../src/config/plan/accounts.ts';
import { digestsOf } from '../../../../src/core/model/digest.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const site = 'services.web.sites.oregon';
const account = '222233334444';
const own = '111122223333';
const fence = { kind: 'groups', instanceIds: ['i-oregon'], isolationGroupId: 'sg-nobody' };
const externalId = 'shop-8f3c1d92';
const accounts = { [account]: { externalId } };

/** The fixture with its second site, and its fence, in another account. */
const fenced = { account: own, accounts, [`${site}.account`]: account, [`${site}.fence`]: fence };

const zone = 'services.web.traffic.dns.zone';
const dnsMode = 'services.web.traffic.dns.mode';

/** The fixture with its record in a zone of another account, where the engine edits it. */
const zoned = { account: own, accounts, [`${zone}.account`]: account, [dnsMode]: 'records' };

function complaints(overrides: Overrides): readonly string[] {
  return complaintsOf(() => parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml'));
}

describe('a site in another account', () => {
  it('needs no role while only probes and DNS are about it', () => {
    expect(complaints({ [`${site}.account`]: account })).toEqual([]);
  });

  it('is written back as it was read', () => {
    const read = parseDeploymentValue(applyOverrides(shop, fenced), 'c.yaml');

    expect(parseDeploymentValue(JSON.parse(JSON.stringify(read)), 'c.yaml')).toEqual(read);
  });

  it('has a role for each function that touches it, in the region of the site', () => {
    const roles = accountRolesOf(parseDeploymentValue(applyOverrides(shop, fenced), 'c.yaml'));

    expect(roles).toEqual([
      { account, kind: 'fence', region: 'us-west-2' },
      { account, kind: 'survey', region: 'us-west-2' },
    ]);
  });

  it('is another site to whoever has it in the own account', () => {
    const [here, there] = [{}, { [`${site}.account`]: account }].map((overrides) => {
      const { web } = parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml').services;
      return web === undefined ? {} : digestsOf({ name: 'web', ...web });
    });

    expect(there?.['web/oregon']).not.toBe(here?.['web/oregon']);
    expect(there?.['web/virginia']).toBe(here?.['web/virginia']);
  });
});

describe('a hosted zone in another account', () => {
  it('has a role for the function of each control region that edits the record', () => {
    const deployment = parseDeploymentValue(applyOverrides(shop, zoned), 'c.yaml');

    expect(accountRolesOf(deployment)).toEqual(
      deployment.controlRegions.map((region) => ({ account, kind: 'dns', region })),
    );
  });

  it('has one role more for the function that deploys records, where no record is edited', () => {
    const deployed = parseDeploymentValue(applyOverrides(shop, { ...zoned, [dnsMode]: 'oracle' }), 'c.yaml');

    expect(accountRolesOf(deployed)).toEqual([{ account, kind: 'deploy', region: null }]);
  });

  it('is another place to whoever has the zone in the own account', () => {
    const [here, there] = [{ [dnsMode]: 'records' }, zoned].map((overrides) => {
      const { web } = parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml').services;
      return web === undefined ? {} : digestsOf({ name: 'web', ...web });
    });

    expect(there?.web).not.toBe(here?.web);
    expect(there?.['web/oregon']).toBe(here?.['web/oregon']);
  });
});

const alarm = { type: 'cloudwatch-alarm', name: 'oregon' };
const probe = { type: 'https', url: 'https://oregon.shop.example/healthz' };
const address = { allocationId: 'eipalloc-1', region: 'us-west-2', instances: { oregon: 'i-1', boise: 'i-2' } };
const boise = {
  region: 'us-west-2',
  priority: 40,
  probes: [{ type: 'https', url: 'https://boise.shop.example/healthz' }],
};

test.each<[string, Overrides, string]>([
  [
    'an account of eleven digits',
    { [`${site}.account`]: '22223333444' },
    'an AWS account id of twelve digits in quotes',
  ],
  ["the deployment's own account", { account: own, [`${site}.account`]: own }, 'leave account out'],
  [
    'a fence without a role to close it',
    { account: own, [`${site}.account`]: account, [`${site}.fence`]: fence },
    `write accounts: { '${account}': { externalId: shop-CHOSEN-BY-YOU } } at the top`,
  ],
  [
    'a role, and no account that it can trust',
    { accounts, [`${site}.account`]: account, [`${site}.fence`]: fence },
    "write account: '111122223333' with its id",
  ],
  ['a role for probes alone', { account: own, accounts, [`${site}.account`]: account }, 'no role is needed there'],
  ['a role for no site', { account: own, accounts }, 'which is the account of no site'],
  ['a short external id', { ...fenced, accounts: { [account]: { externalId: 'shop' } } }, 'an external id: 8 to 128'],
  ['an alarm there', { ...fenced, [`${site}.probes`]: [alarm, probe] }, 'write type: https with a URL'],
  [
    'an address of two accounts',
    { ...fenced, 'services.web.sites.boise': boise, 'services.web.traffic.address': address },
    "oregon in 222233334444 and boise in the deployment's own account",
  ],
  [
    'data of two accounts',
    {
      ...fenced,
      'services.web.data': {
        kind: 'rds-replica',
        instances: { virginia: 'shop-virginia', oregon: 'shop-oregon' },
      },
    },
    'kind: custom instead of rds-replica',
  ],
  [
    'a location with an account',
    { [`${site}.region`]: undefined, [`${site}.location`]: 'frankfurt-dc', [`${site}.account`]: account },
    'oregon is at frankfurt-dc',
  ],
  ['a role by ARN', { [`${site}.roleArn`]: 'arn:aws:iam::222233334444:role/x' }, 'at the top accounts: {'],
  [
    'a zone of an account that is not listed',
    { account: own, [`${zone}.account`]: account, [dnsMode]: 'records' },
    `write accounts: { '${account}': { externalId: shop-CHOSEN-BY-YOU } } at the top`,
  ],
  [
    'a zone of another account, and no account that its roles can trust',
    { accounts, [`${zone}.account`]: account, [dnsMode]: 'records' },
    "write account: '111122223333' with its id",
  ],
  [
    "a zone that is said to be in the deployment's own account",
    { account: own, [`${zone}.account`]: own },
    'leave account out',
  ],
  ['a role for the zone by ARN', { [`${zone}.roleArn`]: 'arn:aws:iam::222233334444:role/x' }, 'at the top accounts: {'],
  [
    'a zone that is in two accounts',
    {
      ...zoned,
      'services.api': { ...shop.services.web, traffic: { dns: { ...shop.services.web?.traffic?.dns, record: 'api' } } },
    },
    `the deployment's own account, and web has Z0EXAMPLE in ${account}`,
  ],
])('%s is refused', (_what, overrides, says) => {
  expect(complaints(overrides).join('\n')).toContain(says);
});

test('a number that has lost the zeros in front is refused', () => {
  const text = JSON.stringify(shop).replace('"us-west-2","priority"', '"us-west-2","account":012345678901,"priority"');

  expect(complaintsOf(() => parseDeployment(text, 'c.yaml')).join('\n')).toContain('twelve digits in quotes');
});

test('a site that is said to be in another account is another place under an old name: validate --against refuses it', () => {
  const [before, after] = [{}, { [`${site}.account`]: account }].map((overrides) =>
    parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml'),
  );
  if (before === undefined || after === undefined) return expect.fail('both are valid');

  expect(changesBetween(before, after).map(({ kind, effect, where }) => ({ kind, effect, where }))).toEqual([
    { kind: 'site-name-reused', effect: 'refused', where: 'web/oregon' },
  ]);
});
