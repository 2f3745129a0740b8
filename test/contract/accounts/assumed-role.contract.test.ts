import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect, it, test } from 'vitest';
import { accountRoles } from '../../../src/adapters/aws/accounts/account-role.ts';
import { AwsClients } from '../../../src/adapters/aws/clients.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { type Seen, type StandIn, standIn, xml, xmlError } from '../../support/stand-in.ts';

const region = 'us-west-2';
const account = '222233334444';
const externalId = 'shop-8f3c1d92';
const deployment = { name: 'shop', accounts: { [account]: { externalId } } };
const minuteMs = 60_000;

/** A clock that is set by hand, from the machine's time on: the SDK looks at that by itself. */
class HandClock implements Clock {
  #passedMs = 0;
  readonly #startMs = Date.now();

  wallMs(): number {
    return this.#startMs + this.#passedMs;
  }

  monotonicMs(): number {
    return this.#passedMs;
  }

  async sleep(): Promise<void> {}

  pass(ms: number): void {
    this.#passedMs += ms;
  }
}

/** STS in whose place a server stands; `refusal` is what it answers instead of credentials. */
interface Sts extends StandIn {
  refusal: string | null;
}

async function stsOf(clock: Clock): Promise<Sts> {
  const sts: Sts = Object.assign(
    await standIn([region], (_seen, response, index) => {
      if (sts.refusal !== null) xmlError(response, sts.refusal, sts.refusal === 'AccessDenied' ? 403 : 500);
      else xml(response, assumed(index, clock.wallMs() + 60 * minuteMs));
    }),
    { refusal: null as string | null },
  );
  return sts;
}

function assumed(index: number, endMs: number): string {
  const credentials = [
    `<AccessKeyId>ASIA${index}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>`,
    `<Expiration>${new Date(endMs).toISOString()}</Expiration>`,
  ].join('');
  return `<AssumeRoleResponse><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

function sourceOf(sts: Sts, clock: Clock) {
  const source = accountRoles(sts.clients, clock, deployment, 'fence', region)(account);
  return source ?? expect.fail('there is a way to the account');
}

const form = ({ form: sent }: Seen) => sent;

test.each([
  ['us-gov-west-1', 'arn:aws-us-gov:iam::'],
  ['cn-north-1', 'arn:aws-cn:iam::'],
])('a function in %s takes a role of its own partition', async (place, start) => {
  const sts = await standIn([place], (_seen, response, index) => xml(response, assumed(index, Date.now() + 1)));
  const take = accountRoles(sts.clients, new HandClock(), deployment, 'fence', place)(account);

  await take?.();

  expect(form(sts.seen[0] ?? expect.fail('STS is asked')).RoleArn).toMatch(new RegExp(`^${start}`));
});

test('a function takes its own role, with the external id and its own name, for an hour', async () => {
  const clock = new HandClock();
  const sts = await stsOf(clock);

  const credentials = await sourceOf(sts, clock)();

  expect(credentials).toMatchObject({ accessKeyId: 'ASIA0', secretAccessKey: 'secret', sessionToken: 'token' });
  expect(sts.seen.map(form)).toEqual([
    expect.objectContaining({
      Action: 'AssumeRole',
      RoleArn: `arn:aws:iam::${account}:role/shop-site-fence-us-west-2`,
      RoleSessionName: 'shop-failover-fence',
      ExternalId: externalId,
      DurationSeconds: '3600',
    }),
  ]);
});

test('there is no way to an account that the deployment does not name', async () => {
  const clock = new HandClock();
  const sts = await stsOf(clock);

  expect(accountRoles(sts.clients, clock, deployment, 'fence', region)('999999999999')).toBeNull();
  expect(() => sts.clients.in(account)).toThrow(`no role is known in account ${account}`);
});

test('credentials are taken once for several who ask at once, and kept for half their life', async () => {
  const clock = new HandClock();
  const sts = await stsOf(clock);
  const source = sourceOf(sts, clock);

  await Promise.all([source(), source(), source()]);
  clock.pass(29 * minuteMs);
  const kept = await source();
  clock.pass(2 * minuteMs);
  const renewed = await source();

  expect([kept.accessKeyId, renewed.accessKeyId, sts.seen.length]).toEqual(['ASIA0', 'ASIA1', 2]);
});

test.each(['AccessDenied', 'InternalFailure'])(
  'credentials that are still good are kept when they cannot be renewed (%s), and asked for again a minute later',
  async (refusal) => {
    const clock = new HandClock();
    const sts = await stsOf(clock);
    const source = sourceOf(sts, clock);
    await source();
    sts.refusal = refusal;
    clock.pass(40 * minuteMs);

    const [first, second] = [await source(), await source()];
    clock.pass(1.5 * minuteMs);
    const third = await source();

    expect([first, second, third].map(({ accessKeyId }) => accessKeyId)).toEqual(['ASIA0', 'ASIA0', 'ASIA0']);
    expect(sts.seen.length).toBe(3);
  },
);

test('five minutes before their end credentials count as over', async () => {
  const clock = new HandClock();
  const sts = await stsOf(clock);
  const source = sourceOf(sts, clock);
  await source();
  sts.refusal = 'InternalFailure';
  clock.pass(56 * minuteMs);

  await expect(source()).rejects.toMatchObject({ fault: { kind: 'unavailable' } });
});

test('a role that is not there, or trusts somebody else, is denied, with what to do', async () => {
  const clock = new HandClock();
  const sts = await stsOf(clock);
  sts.refusal = 'AccessDenied';
  const clients = new AwsClients({
    endpoints: { [region]: sts.url },
    credentialsIn: accountRoles(sts.clients, clock, deployment, 'fence', region),
  });

  const answer = clients
    .in(account)
    .call((options) => clients.in(account).of(EC2Client, region).send(new DescribeSecurityGroupsCommand({}), options));

  await expect(answer).rejects.toMatchObject({
    fault: {
      kind: 'denied',
      detail: `role shop-site-fence-us-west-2 of account ${account} cannot be taken: deploy the stack of roles there, with the same externalId (docs/sites/accounts.md)`,
    },
  });
  clients.close();
});

describeOnMoto('another account in AWS, by moto', [region], (clients) => {
  it('holds what was made there, and the own account does not', async () => {
    const own = clients();
    const both = own.with({ credentialsIn: accountRoles(own, new HandClock(), deployment, 'fence', region) });
    const there = both.in(account);
    const make = new CreateSecurityGroupCommand({ GroupName: 'nobody', Description: 'lets nobody in' });
    await there.call((options) => there.of(EC2Client, region).send(make, options));

    const owners = await Promise.all(
      [there, both].map(async (each) => {
        const look = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['nobody'] }] });
        const { SecurityGroups } = await each.call((options) => each.of(EC2Client, region).send(look, options));
        return SecurityGroups?.map(({ OwnerId }) => OwnerId);
      }),
    );

    expect(owners).toEqual([[account], []]);
    both.close();
  });
});
