import { CreateHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { expect, it, test } from 'vitest';
import { deployRecords } from '../../../lambda/deploy/zone-records.ts';
import { accountRoles } from '../../../src/adapters/aws/accounts/account-role.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import type { DeclaredRecord } from '../../../src/adapters/aws/dns/zone-records.ts';
import { dnsHandlers, Route53Dns } from '../../../src/adapters/aws/dns.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { DnsThing } from '../../../src/core/kinds/dns.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { faultOf, type Seen, standIn, xml, xmlError } from '../../support/stand-in.ts';

/** Route 53 and, here, STS. */
const home = 'us-east-1';
const account = '222233334444';
const deployment = { name: 'shop', accounts: { [account]: { externalId: 'shop-8f3c1d92' } } };
const name = 'www.shop.example';

function handlersOf(own: AwsClients) {
  const clients = own.with({ credentialsIn: accountRoles(own, systemClock, deployment, 'dns', home) });
  return dnsHandlers(clients, systemClock, { next: () => 0 }, 5_000);
}

function recordIn(zoneId: string, its: string | undefined): DnsThing {
  const values = { a: ['203.0.113.10'], aaaa: [], cname: [] };
  return { account: its, zoneId, name, ttlSeconds: 30, answer: { kind: 'values', values } };
}

const isSts = ({ form }: Seen) => form.Action === 'AssumeRole';

test.each([
  ['AccessDenied', 403, 'denied', `role shop-zone-dns-us-east-1 of account ${account} cannot be taken`],
  ['Throttling', 400, 'throttled', 'sts:AssumeRole'],
  ['InternalFailure', 500, 'unavailable', 'sts:AssumeRole'],
])('touches no record while STS says %s (status %i): the fault is %s', async (code, status, kind, detail) => {
  const { clients, seen } = await standIn([home], (_seen, response) => xmlError(response, code, status));
  const handlers = handlersOf(clients);

  const faults = [
    await faultOf(() => handlers['read:dns'](recordIn('Z1', account))),
    await faultOf(() => handlers['write:dns'](recordIn('Z1', account))),
  ];

  expect(faults).toEqual([
    { kind, detail: expect.stringContaining(detail) },
    { kind, detail: expect.stringContaining(detail) },
  ]);
  expect(seen.filter((each) => !isSts(each))).toEqual([]);
  clients.close();
});

test('goes to the zone of the own account without any role, whatever other zones need', async () => {
  const empty = '<ResourceRecordSets></ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>10</MaxItems>';
  const { clients, seen } = await standIn([home], (one, response) =>
    isSts(one)
      ? xmlError(response, 'AccessDenied', 403)
      : xml(response, `<ListResourceRecordSetsResponse>${empty}</ListResourceRecordSetsResponse>`),
  );

  const state = await handlersOf(clients)['read:dns'](recordIn('Z1', undefined));

  expect(state).toEqual({ kind: 'values', values: { a: [], aaaa: [], cname: [] } });
  expect(seen.filter(isSts)).toEqual([]);
  clients.close();
});

test('reads a zone of several pages to its end before anything is changed', async () => {
  const page = (name: string, next: string) =>
    [
      `<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>${name}.</Name><Type>A</Type>`,
      '<TTL>30</TTL><ResourceRecords><ResourceRecord><Value>203.0.113.10</Value></ResourceRecord></ResourceRecords>',
      `</ResourceRecordSet></ResourceRecordSets>${next}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`,
    ].join('');
  const more = '<IsTruncated>true</IsTruncated><NextRecordName>b.</NextRecordName><NextRecordType>A</NextRecordType>';
  const { clients, seen } = await standIn([home], (_seen, response, index) =>
    xml(response, index === 0 ? page('a', more) : page('b', '<IsTruncated>false</IsTruncated>')),
  );
  const held: string[] = [];

  await new Route53Dns(clients, systemClock, { next: () => 0 }).changeZone(
    'Z1',
    (sets) => {
      held.push(...sets.map(({ Name = '' }) => Name));
      return [];
    },
    () => expect.fail('there is nothing to send'),
  );

  expect(held).toEqual(['a.', 'b.']);
  expect(seen.map(({ path }) => new URL(path, 'http://x').searchParams.get('name'))).toEqual([null, 'b.']);
  clients.close();
});

describeOnMoto('a zone of another account in Route 53, by moto', [home], (clients) => {
  it('is edited there, and in the own account is no such zone', async () => {
    const own = clients();
    const there = own.with({ credentialsIn: accountRoles(own, systemClock, deployment, 'dns', home) }).in(account);
    const made = await there.call((options) =>
      there
        .of(Route53Client, home)
        .send(new CreateHostedZoneCommand({ Name: 'shop.example', CallerReference: '1' }), options),
    );
    const zoneId = made.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';

    await handlersOf(own)['write:dns'](recordIn(zoneId, account));

    const look = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId });
    const { ResourceRecordSets } = await there.call((options) => there.of(Route53Client, home).send(look, options));
    expect(ResourceRecordSets?.filter(({ Type }) => Type === 'A')).toEqual([
      { Name: `${name}.`, Type: 'A', TTL: 30, ResourceRecords: [{ Value: '203.0.113.10' }] },
    ]);
    expect((await faultOf(() => handlersOf(own)['write:dns'](recordIn(zoneId, undefined)))).kind).toBe('invalid');
    there.close();
  });

  it('is led from what a stack declared to what it declares, and to nothing at last', async () => {
    const own = clients();
    const there = own.with({ credentialsIn: accountRoles(own, systemClock, deployment, 'deploy', home) }).in(account);
    const made = await there.call((options) =>
      there
        .of(Route53Client, home)
        .send(new CreateHostedZoneCommand({ Name: 'shop.example', CallerReference: '2' }), options),
    );
    const zoneId = made.HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    const zone = new Route53Dns(there, systemClock, { next: () => 0 }, 60_000);
    // No set identifiers: moto_server 5.2.1 removes every set of a zone that has the one of the set to be removed.
    const treeOf = (mark: string, value: string): readonly DeclaredRecord[] => [
      { Name: `${mark}.www.shop.example.`, Type: 'A', TTL: '30', ResourceRecords: [value] },
      {
        Name: 'www.shop.example.',
        Type: 'A',
        AliasTarget: { DNSName: `${mark}.www.shop.example.`, HostedZoneId: zoneId, EvaluateTargetHealth: 'false' },
      },
    ];
    const namesHeld = async () => {
      const look = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId });
      const { ResourceRecordSets = [] } = await there.call((options) =>
        there.of(Route53Client, home).send(look, options),
      );
      const own = ResourceRecordSets.filter(({ Type }) => Type === 'A');
      return own.map(({ Name, AliasTarget }) => [Name, AliasTarget?.DNSName ?? 'values'].join(' '));
    };
    const [first, second] = [treeOf('v0000001', '203.0.113.10'), treeOf('v0000002', '203.0.113.20')];
    const seen: (readonly string[])[] = [];

    for (const declared of [
      { former: [], wanted: first, isNew: true },
      { former: first, wanted: second, isNew: false },
      { former: second, wanted: [], isNew: false },
    ]) {
      await deployRecords(zone, zoneId, declared, systemClock);
      seen.push(await namesHeld());
    }

    const heldBy = (mark: string) => [
      `${mark}.www.shop.example. values`,
      `www.shop.example. ${mark}.www.shop.example.`,
    ];
    expect(seen.map((names) => names.toSorted())).toEqual([
      heldBy('v0000001').toSorted(),
      heldBy('v0000002').toSorted(),
      [],
    ]);
    there.close();
  });
});
