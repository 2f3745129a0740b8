import type { ServerResponse } from 'node:http';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { Route53Dns, writeMsDefault } from '../../src/adapters/aws/dns.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { RecordValues } from '../../src/core/dns/record-values.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, type Seen, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Records = Pick<Route53Dns, 'readRecord' | 'writeRecord'>;

/** Route 53 is asked there from everywhere. */
const home = 'us-east-1';
const name = 'www.shop.example';
const v4 = '203.0.113.10';
const otherV4 = '198.51.100.20';
const v6 = '2001:db8::10';

/** Something that has records; the zone is empty. */
interface Holder {
  readonly dns: Records;
  openZone(): Promise<string>;
}

describe('records in the simulator', () => {
  describeContract(() => {
    const account = new SimAccount(defineDeployment(zones));
    return {
      dns: {
        readRecord: async (zoneId, of) => {
          const answer = { kind: 'values', values: { a: [], aaaa: [], cname: [] } } as const;
          const seen = await account.call(home, 'read:dns', { zoneId, name: of, ttlSeconds: 0, answer });
          return seen.kind === 'values' ? seen.values : expect.fail('it has weights');
        },
        writeRecord: async (zoneId, of, ttlSeconds, values) => {
          await account.call(home, 'write:dns', { zoneId, name: of, ttlSeconds, answer: { kind: 'values', values } });
        },
      },
      openZone: async () => 'Z0EXAMPLE',
    };
  });
});

/**
 * Faults of moto_server 5.2.1 that matter here. What they hide is tried on a stand-in below.
 *
 * - GetChange says INSYNC of every id, of those it never gave out too.
 * - ChangeResourceRecordSets never answers PriorRequestNotComplete, however many come at once.
 * - ChangeResourceRecordSets takes a simple record beside one with a routing policy.
 */
describeOnMoto('records in Route 53, by moto', [home], (clients) => {
  describeContract(() => holdInRoute53(clients()));

  it('sets the time to live, and changes it alone', async () => {
    const { dns, openZone } = holdInRoute53(clients());
    const zoneId = await openZone();

    await dns.writeRecord(zoneId, name, 60, { a: [v4], aaaa: [], cname: [] });
    const before = await addressSets(clients(), zoneId);
    await dns.writeRecord(zoneId, name, 30, { a: [v4], aaaa: [], cname: [] });

    expect(before).toEqual([{ Name: `${name}.`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: v4 }] }]);
    expect(await addressSets(clients(), zoneId)).toEqual([{ ...before[0], TTL: 30 }]);
  });

  it('replaces several values by one', async () => {
    const { dns, openZone } = holdInRoute53(clients());
    const zoneId = await openZone();
    await putSet(clients(), zoneId, {
      Name: name,
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: v4 }, { Value: otherV4 }],
    });

    const before = await dns.readRecord(zoneId, name);
    await dns.writeRecord(zoneId, name, 60, { a: [v4], aaaa: [], cname: [] });

    expect(before.a).toEqual([otherV4, v4].sort());
    expect(await dns.readRecord(zoneId, name)).toEqual({ a: [v4], aaaa: [], cname: [] });
  });

  it('leaves what else has the name', async () => {
    const { dns, openZone } = holdInRoute53(clients());
    const zoneId = await openZone();
    const text: ResourceRecordSet = { Name: `${name}.`, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '"kept"' }] };
    await putSet(clients(), zoneId, text);

    await dns.writeRecord(zoneId, name, 60, { a: [v4], aaaa: [v6], cname: [] });
    await dns.writeRecord(zoneId, name, 60, { a: [], aaaa: [], cname: [] });

    expect(await setsOf(clients(), zoneId, ['TXT'])).toEqual([text]);
  });

  it('is invalid to write to a zone that is not there', async () => {
    const { dns } = holdInRoute53(clients());

    expect((await faultOf(() => dns.writeRecord('Z0NOTHERE', name, 60, { a: [v4], aaaa: [], cname: [] }))).kind).toBe(
      'invalid',
    );
  });
});

function describeContract(open: () => Holder): void {
  let dns: Holder['dns'];
  let zoneId: string;

  beforeEach(async () => {
    const holder = open();
    dns = holder.dns;
    zoneId = await holder.openZone();
  });

  it('holds nothing at first', async () => {
    expect(await dns.readRecord(zoneId, name)).toEqual({ a: [], aaaa: [], cname: [] });
  });

  it.each([
    { a: [v4], aaaa: [], cname: [] },
    { a: [], aaaa: [v6], cname: [] },
    { a: [v4], aaaa: [v6], cname: [] },
    { a: [v4, otherV4].sort(), aaaa: [], cname: [] },
    { a: [], aaaa: [], cname: ['db.partner.example'] },
    { a: [], aaaa: [], cname: [] },
  ])('holds what was written (a=$a, aaaa=$aaaa, cname=$cname)', async (values) => {
    await dns.writeRecord(zoneId, name, 60, values);

    expect(await dns.readRecord(zoneId, name)).toEqual(values);
  });

  it.each([
    { a: [otherV4], aaaa: [v6], cname: [] },
    { a: [otherV4], aaaa: [], cname: [] },
    { a: [], aaaa: [v6], cname: [] },
    { a: [], aaaa: [], cname: [] },
    { a: [v4], aaaa: [v6], cname: [] },
    { a: [v4, otherV4].sort(), aaaa: [v6], cname: [] },
    { a: [], aaaa: [], cname: ['db.partner.example'] },
  ])('holds what was written last (a=$a, aaaa=$aaaa, cname=$cname)', async (values) => {
    await dns.writeRecord(zoneId, name, 60, { a: [v4], aaaa: [v6], cname: [] });

    await dns.writeRecord(zoneId, name, 60, values);

    expect(await dns.readRecord(zoneId, name)).toEqual(values);
  });

  it.each(['a.www.shop.example', 'www2.shop.example', 'zzz.shop.example', '*.shop.example'])(
    'keeps %s apart from its neighbours',
    async (neighbour) => {
      await dns.writeRecord(zoneId, name, 60, { a: [v4], aaaa: [], cname: [] });
      await dns.writeRecord(zoneId, neighbour, 60, { a: [otherV4], aaaa: [], cname: [] });

      await dns.writeRecord(zoneId, name, 60, { a: [], aaaa: [v6], cname: [] });

      expect(await dns.readRecord(zoneId, name)).toEqual({ a: [], aaaa: [v6], cname: [] });
      expect(await dns.readRecord(zoneId, neighbour)).toEqual({ a: [otherV4], aaaa: [], cname: [] });
    },
  );
}

let zonesMade = 0;

function holdInRoute53(clients: AwsClients): Holder {
  return {
    dns: new Route53Dns(clients, systemClock, systemRng),
    openZone: async () => {
      zonesMade += 1;
      const command = new CreateHostedZoneCommand({ Name: 'shop.example', CallerReference: `contract-${zonesMade}` });
      const { HostedZone } = await clients.of(Route53Client, home).send(command);
      return HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    },
  };
}

const addressSets = (clients: AwsClients, zoneId: string) => setsOf(clients, zoneId, ['A', 'AAAA']);

async function setsOf(clients: AwsClients, zoneId: string, types: readonly string[]) {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId });
  const { ResourceRecordSets } = await clients.of(Route53Client, home).send(command);
  return (ResourceRecordSets ?? []).filter(({ Type = '' }) => types.includes(Type));
}

async function putSet(clients: AwsClients, zoneId: string, set: ResourceRecordSet): Promise<void> {
  const command = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: set }] },
  });
  await clients.of(Route53Client, home).send(command);
}

describe('Route53Dns on the wire', () => {
  /** A clock on which sleeping takes no time; `slept` holds how long each sleep was meant to be. */
  function virtualClock(): Clock & { readonly slept: number[] } {
    const slept: number[] = [];
    let nowMs = 1_000;
    return {
      slept,
      wallMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: async (ms) => {
        slept.push(ms);
        nowMs += ms;
      },
    };
  }

  /** Answers each kind of request in its own way; each is told how many of its kind came before. */
  interface Script {
    readonly list?: (response: ServerResponse) => void;
    readonly change?: (response: ServerResponse, index: number) => void;
    readonly sync?: (response: ServerResponse, index: number) => void;
  }

  const kindOf = ({ method, path }: Seen) =>
    method === 'POST' ? 'change' : path.includes('/change/') ? 'sync' : 'list';

  /** A Route 53 that holds nothing and takes everything, but for the script; with a clock on which no time is lost. */
  async function open(script: Script = {}, writeMs?: number) {
    const counts = { list: 0, change: 0, sync: 0 };
    const answers = {
      list: script.list ?? ((response: ServerResponse) => listed(response, '')),
      change: script.change ?? ((response: ServerResponse) => changed(response, 'PENDING')),
      sync: script.sync ?? ((response: ServerResponse) => synced(response, 'INSYNC')),
    };
    const { clients, seen } = await standIn([home], (request, response) => {
      const kind = kindOf(request);
      answers[kind](response, counts[kind]);
      counts[kind] += 1;
    });
    const clock = virtualClock();
    const dns = new Route53Dns(clients, clock, { next: () => 0.5 }, writeMs);
    return { dns, clock, seen, counts, kinds: () => seen.map(kindOf) };
  }

  const write = (dns: Records, values: RecordValues = { a: [v4], aaaa: [v6], cname: [] }) =>
    dns.writeRecord('Z1', name, 60, values);

  it('changes all that differs in one batch, and nothing else', async () => {
    const { dns, seen, kinds } = await open({
      list: (response) => listed(response, setXml('A', v4, 60) + setXml('AAAA', v6, 60)),
    });

    await write(dns, { a: [otherV4], aaaa: [], cname: [] });

    expect(kinds()).toEqual(['list', 'change', 'sync']);
    const body = seen[1]?.body ?? '';
    expect(body.match(/<Action>[A-Z]+<\/Action>/g)).toEqual(['<Action>DELETE</Action>', '<Action>UPSERT</Action>']);
    expect(body).toContain(`<Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>${otherV4}</Value>`);
    expect(body).toContain(`<Type>AAAA</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>${v6}</Value>`);
  });

  it.each([
    { held: 'CNAME', values: { a: [v4], aaaa: [v6], cname: [] }, types: ['CNAME', 'A', 'AAAA'] },
    { held: 'A', values: { a: [], aaaa: [], cname: ['db.partner.example'] }, types: ['A', 'CNAME'] },
  ])('takes a record of type $held away before those that it cannot stand beside', async ({ held, values, types }) => {
    const old = held === 'A' ? v4 : 'old.partner.example';
    const { dns, seen } = await open({ list: (response) => listed(response, setXml(held, old, 60)) });

    await write(dns, values);

    const body = seen[1]?.body ?? '';
    expect([...body.matchAll(/<Type>([A-Z]+)<\/Type>/g)].map(([, type]) => type)).toEqual(types);
    expect(body.match(/<Action>[A-Z]+<\/Action>/g)?.[0]).toBe('<Action>DELETE</Action>');
  });

  it('deletes a record as it is, whatever its time to live', async () => {
    const { dns, seen } = await open({ list: (response) => listed(response, setXml('A', v4, 4_711)) });

    await write(dns, { a: [], aaaa: [], cname: [] });

    expect(seen[1]?.body).toContain('<Action>DELETE</Action>');
    expect(seen[1]?.body).toContain('<TTL>4711</TTL>');
  });

  it('writes nothing when nothing differs', async () => {
    const { dns, kinds } = await open({ list: (response) => listed(response, setXml('A', v4, 60)) });

    await write(dns, { a: [v4], aaaa: [], cname: [] });

    expect(kinds()).toEqual(['list']);
  });

  it.each([
    { held: [v4, otherV4], wanted: [otherV4, v4], calls: ['list'] },
    { held: [v4, otherV4], wanted: [v4], calls: ['list', 'change', 'sync'] },
    { held: [v4], wanted: [v4, otherV4], calls: ['list', 'change', 'sync'] },
  ])('compares several values without their order (held=$held, wanted=$wanted)', async ({ held, wanted, calls }) => {
    const values = held.join('</Value></ResourceRecord><ResourceRecord><Value>');
    const { dns, kinds } = await open({ list: (response) => listed(response, setXml('A', values, 60)) });

    await write(dns, { a: wanted, aaaa: [], cname: [] });

    expect(kinds()).toEqual(calls);
  });

  it.each(['PriorRequestNotComplete', 'Throttling', 'ThrottlingException'])(
    'pauses longer each time while Route 53 says %s',
    async (code) => {
      const { dns, clock, counts } = await open({
        change: (response, index) => (index < 5 ? xmlError(response, code) : changed(response, 'PENDING')),
      });

      await write(dns);

      expect(counts.change).toBe(6);
      expect(clock.slept).toEqual([100, 200, 400, 800, 1_000]);
    },
  );

  it('gives up within its time when another batch is never done', async () => {
    const { dns, clock } = await open({ change: (response) => xmlError(response, 'PriorRequestNotComplete') });

    const fault = await faultOf(() => write(dns));

    expect(fault).toMatchObject({ kind: 'throttled', detail: expect.stringContaining('PriorRequestNotComplete') });
    const sleptMs = clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(sleptMs).toBeLessThan(writeMsDefault);
    expect(sleptMs).toBeGreaterThan(writeMsDefault / 2);
  });

  it.each([
    ['AccessDenied', 403, 'denied'],
    ['InvalidChangeBatch', 400, 'invalid'],
    ['NoSuchHostedZone', 404, 'invalid'],
    ['InternalFailure', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s, after one batch', async (code, status, kind) => {
    const { dns, clock, counts } = await open({ change: (response) => xmlError(response, code, status) });

    expect((await faultOf(() => write(dns))).kind).toBe(kind);
    expect(counts.change).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  it('waits until the change is everywhere', async () => {
    const { dns, seen, clock } = await open({
      sync: (response, index) => synced(response, index < 3 ? 'PENDING' : 'INSYNC'),
    });

    await write(dns);

    expect(clock.slept).toEqual([1_000, 1_000, 1_000]);
    expect(seen.at(-1)?.path).toBe('/2013-04-01/change/C1');
  });

  it('waits no longer than it may, and says that the change was taken', async () => {
    const { dns, clock } = await open({ sync: (response) => synced(response, 'PENDING') }, 3_500);

    const fault = await faultOf(() => write(dns));

    expect(fault).toMatchObject({ kind: 'timeout', detail: expect.stringContaining('was taken') });
    expect(clock.slept).toEqual([1_000, 1_000, 1_000]);
  });

  it('goes on waiting when it is throttled meanwhile', async () => {
    const { dns, counts } = await open({
      sync: (response, index) => (index < 2 ? xmlError(response, 'Throttling') : synced(response, 'INSYNC')),
    });

    await write(dns);

    expect(counts).toMatchObject({ change: 1, sync: 3 });
  });

  it('stops waiting when it may not ask', async () => {
    const { dns, counts } = await open({ sync: (response) => xmlError(response, 'AccessDenied', 403) });

    expect((await faultOf(() => write(dns))).kind).toBe('denied');
    expect(counts.sync).toBe(1);
  });

  it('sends one batch at a time', async () => {
    let underWay = 0;
    let underWayMax = 0;
    const { dns, counts } = await open({
      change: (response) => {
        underWay += 1;
        underWayMax = Math.max(underWayMax, underWay);
        changed(response, 'PENDING');
      },
      sync: (response) => {
        underWay -= 1;
        synced(response, 'INSYNC');
      },
    });

    await Promise.all([write(dns), write(dns), write(dns)]);

    expect(counts).toEqual({ list: 3, change: 3, sync: 3 });
    expect(underWayMax).toBe(1);
  });

  it('takes the next batch after one that failed', async () => {
    const { dns, counts } = await open({
      change: (response, index) =>
        index === 0 ? xmlError(response, 'AccessDenied', 403) : changed(response, 'PENDING'),
    });

    const [first, second] = await Promise.allSettled([write(dns), write(dns)]);

    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
    expect(counts.change).toBe(2);
  });

  it('replaces an alias, which equals no address', async () => {
    const target = '<HostedZoneId>Z2</HostedZoneId><DNSName>lb.example.</DNSName>';
    const alias = `<AliasTarget>${target}<EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>`;
    const set = `<ResourceRecordSet><Name>${name}.</Name><Type>A</Type>${alias}</ResourceRecordSet>`;
    const { dns, seen } = await open({ list: (response) => listed(response, set) });

    const before = await dns.readRecord('Z1', name);
    await write(dns, { a: [v4], aaaa: [], cname: [] });

    expect(before).toEqual({ a: ['alias lb.example.'], aaaa: [], cname: [] });
    expect(seen[2]?.body).toContain('<Action>UPSERT</Action>');
  });

  it('is invalid to read or write a record with a routing policy', async () => {
    const weighted = setXml('A', v4, 60, '<SetIdentifier>blue</SetIdentifier><Weight>1</Weight>');
    const { dns, kinds } = await open({ list: (response) => listed(response, weighted) });

    const faults = [await faultOf(() => dns.readRecord('Z1', name)), await faultOf(() => write(dns))];

    expect(faults).toEqual([
      { kind: 'invalid', detail: expect.stringContaining('routing policy (blue)') },
      { kind: 'invalid', detail: expect.stringContaining('routing policy (blue)') },
    ]);
    expect(kinds()).toEqual(['list', 'list']);
  });

  it('knows its name in the form in which Route 53 gives it back', async () => {
    const { dns } = await open({
      list: (response) => listed(response, setXml('A', v4, 60).replace(`${name}.`, '\\052.shop.example.')),
    });

    expect(await dns.readRecord('Z1', '*.Shop.example')).toEqual({ a: [v4], aaaa: [], cname: [] });
  });

  it('finds after a lost answer that the change was made', async () => {
    let held = '';
    const { dns } = await open({
      list: (response) => listed(response, held),
      change: (response) => {
        held = setXml('A', v4, 60);
        response.destroy();
      },
    });

    await faultOf(() => write(dns, { a: [v4], aaaa: [], cname: [] }));

    expect(await dns.readRecord('Z1', name)).toEqual({ a: [v4], aaaa: [], cname: [] });
  });
});

function setXml(type: string, value: string, ttlSeconds: number, more = ''): string {
  const values = `<ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords>`;
  return (
    `<ResourceRecordSet><Name>${name}.</Name><Type>${type}</Type>${more}` +
    `<TTL>${ttlSeconds}</TTL>${values}</ResourceRecordSet>`
  );
}

function listed(response: ServerResponse, sets: string): void {
  const body = `<ResourceRecordSets>${sets}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>10</MaxItems>`;
  xml(response, `<ListResourceRecordSetsResponse>${body}</ListResourceRecordSetsResponse>`);
}

function changed(response: ServerResponse, status: string): void {
  const info = `<Id>/change/C1</Id><Status>${status}</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>`;
  xml(
    response,
    `<ChangeResourceRecordSetsResponse><ChangeInfo>${info}</ChangeInfo></ChangeResourceRecordSetsResponse>`,
  );
}

function synced(response: ServerResponse, status: string): void {
  const info = `<Id>/change/C1</Id><Status>${status}</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>`;
  xml(response, `<GetChangeResponse><ChangeInfo>${info}</ChangeInfo></GetChangeResponse>`);
}
