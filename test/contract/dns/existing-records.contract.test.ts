import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { ExistingRecords } from '../../../src/adapters/aws/dns/existing-records.ts';
import { readExistingRecords } from '../../../src/cli/deploy/existing-records.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { standIn, xml, xmlError } from '../../support/stand-in.ts';

const home = 'us-east-1';
const east = 'dualstack.web-1.us-east-1.elb.amazonaws.com';

async function makeZone(clients: AwsClients, zone: string, sets: readonly ResourceRecordSet[]): Promise<string> {
  const route53 = clients.of(Route53Client, home);
  const CallerReference = `${zone} ${sets.length}`;
  const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: zone, CallerReference }));
  const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
  const Changes = sets.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet }));
  if (Changes.length === 0) return id;
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));
  return id;
}

/**
 * Faults of moto_server 5.2.1 that matter here. What they hide is tried on a stand-in below.
 *
 * - ListResourceRecordSets gives aliases a TTL of 0: they have none.
 * - ListResourceRecordSets knows no StartRecordIdentifier, and so gives the first page of one type again and again.
 * - ListHostedZonesByName gives all zones of a name at once.
 */
describeOnMoto('records that exist, by moto', [home], (clients) => {
  it('finds the zone of the longest suffix, and the records of the name over several pages', async () => {
    const set = (Name: string, Type: 'A' | 'AAAA', Value: string) => ({
      Name,
      Type,
      TTL: 60,
      ResourceRecords: [{ Value }],
    });
    await makeZone(clients(), 'example', []);
    const id = await makeZone(clients(), 'pages.example', [
      set('www.pages.example', 'A', '203.0.113.1'),
      set('www.pages.example', 'AAAA', '2001:db8::1'),
      set('wwx.pages.example', 'A', '192.0.2.1'),
    ]);
    const records = new ExistingRecords(clients(), 1);

    const zones = await records.zonesOf('www.pages.example');
    const found = await records.recordsOf(id, 'www.pages.example');

    expect(zones).toEqual([{ id, name: 'pages.example', isPrivate: false }]);
    expect(found.map(({ type, policy, values, ttlSeconds }) => [type, policy, ...values, ttlSeconds])).toEqual([
      ['A', 'simple', '203.0.113.1', 60],
      ['AAAA', 'simple', '2001:db8::1', 60],
    ]);
  });

  it('reads an alias with a failover role, and leaves out what leads no clients', async () => {
    const target = { DNSName: east, HostedZoneId: 'Z35SXDOTRQ7X7K', EvaluateTargetHealth: true };
    const id = await makeZone(clients(), 'alias.example', [
      { Name: 'alias.example', Type: 'A', SetIdentifier: 'one', Failover: 'PRIMARY', AliasTarget: target },
      { Name: 'alias.example', Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '"text"' }] },
    ]);

    const found = await new ExistingRecords(clients()).recordsOf(id, 'alias.example');

    expect(found).toEqual([
      {
        type: 'A',
        policy: 'failover',
        setIdentifier: 'one',
        isSecondary: false,
        weight: null,
        region: null,
        alias: east,
        values: [],
        ttlSeconds: null,
      },
    ]);
  });

  it.each([
    ['no zone has the name', 'www.nobody.test', undefined, 'has no hosted zone for www.nobody.test'],
    ['the zone is not the account’s', 'www.owned.example', 'Z0STRANGER', 'zone Z0STRANGER is not a zone of'],
  ])('says why nothing was read when %s', async (_, name, zone, why) => {
    await makeZone(clients(), 'owned.example', []);

    const seen = await readExistingRecords(name, zone, clients().with({}), 600_000);

    expect(seen).toEqual({ kind: 'unseen', why: expect.stringContaining(why) });
  });
});

describe('records of one type over several pages', () => {
  const names = ['a', 'b', 'c'];
  const page = (index: number, next: number) =>
    `<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>www.shop.example.</Name><Type>A</Type><SetIdentifier>${names[index]}</SetIdentifier><Weight>${index}</Weight><TTL>60</TTL></ResourceRecordSet></ResourceRecordSets><IsTruncated>${next < names.length}</IsTruncated>${next < names.length ? `<NextRecordName>www.shop.example.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>${names[next]}</NextRecordIdentifier>` : ''}</ListResourceRecordSetsResponse>`;

  it('are found by the identifier that each page names', async () => {
    const { clients } = await standIn([home], ({ path }, response) => {
      const from = new URL(path, 'http://aws').searchParams.get('identifier');
      const index = from === null ? 0 : names.indexOf(from);
      xml(response, page(index, index + 1));
    });

    const found = await new ExistingRecords(clients, 1).recordsOf('Z1', 'www.shop.example');

    expect(found.map(({ setIdentifier }) => setIdentifier)).toEqual(names);
  });

  it('are given up when the pages never end', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => xml(response, page(0, 1)));

    const reading = new ExistingRecords(clients, 1).recordsOf('Z1', 'www.shop.example');

    await expect(reading).rejects.toThrow('ListResourceRecordSets has more than 20 pages');
    expect(seen).toHaveLength(20);
  });
});

describe('what stops the reading of records, and what is said', () => {
  const listed = (zones: string) =>
    `<ListHostedZonesByNameResponse><HostedZones>${zones}</HostedZones><IsTruncated>false</IsTruncated></ListHostedZonesByNameResponse>`;
  const zone = (id: string, isPrivate: boolean) =>
    `<HostedZone><Id>/hostedzone/${id}</Id><Name>shop.example.</Name><Config><PrivateZone>${isPrivate}</PrivateZone></Config></HostedZone>`;
  const readAgainst = async (answer: Parameters<typeof standIn>[1], waitMs = 600_000) => {
    const { clients, seen } = await standIn([home], answer);
    const read = await readExistingRecords('shop.example', undefined, clients, waitMs);
    return { read, methods: [...new Set(seen.map(({ method }) => method))] };
  };

  it.each([
    ['the call is denied', 403, 'AccessDenied', 'may not route53:ListHostedZonesByName'],
    ['credentials have expired', 403, 'ExpiredToken', 'the AWS credentials have expired'],
    ['credentials are unknown', 403, 'InvalidClientTokenId', 'does not accept the credentials'],
    ['calls are throttled', 400, 'Throttling', 'too many requests'],
    ['Route 53 fails', 500, 'InternalFailure', 'cannot be reached'],
  ])('%s', async (_, status, code, why) => {
    const { read } = await readAgainst((_seen, response) => xmlError(response, code, status));

    expect(read).toEqual({ kind: 'unseen', why: expect.stringContaining(why) });
  });

  it.each([
    ['two public zones have the name', zone('Z1', false) + zone('Z2', false), 'Z1 (shop.example), Z2 (shop.example)'],
    ['the only zone is private', zone('Z1', true), 'only a private zone'],
  ])('%s', async (_, zones, why) => {
    const { read, methods } = await readAgainst((_seen, response) => xml(response, listed(zones)));

    expect(read).toEqual({ kind: 'unseen', why: expect.stringContaining(why) });
    expect(methods).toEqual(['GET']);
  });

  it('an answer that never comes', async () => {
    const { read } = await readAgainst(() => {}, 50);

    expect(read).toEqual({ kind: 'unseen', why: 'Route 53 did not answer within 0.05 s' });
  });
});
