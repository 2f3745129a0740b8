import type { ServerResponse } from 'node:http';
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { Route53Dns } from '../../../src/adapters/aws/dns.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemRng } from '../../../src/adapters/system/rng.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { SimAccount } from '../../support/sim-account.ts';
import { faultOf, standIn, xml } from '../../support/stand-in.ts';
import { controlRegions, record as name, poolWith } from '../../unit/core/pool.fixture.ts';

type Records = Pick<Route53Dns, 'readRecordWeights' | 'writeRecordWeights'>;

/** Route 53 is asked there from everywhere. */
const home = 'us-east-1';
/** What the records are made with: the capacities of the fixture's sites. */
const initial = { virginia: 100, frankfurt: 50, ireland: 50 };

/** Something that has the weighted records of a pool. */
interface Holder {
  readonly dns: Records;
  openPool(): Promise<string>;
}

const { name: service, ...pool } = poolWith({ mode: 'records' });
const deployment: Deployment = {
  name: 'shop',
  controlRegions,
  services: { [service]: pool },
  notify: { emails: [], topics: [], webhooks: [] },
  watcher: { tracing: false },
  doctor: { hourly: true },
  accept: {},
  groups: {},
};

describe('weights in the simulator', () => {
  describeContract(() => {
    const account = new SimAccount(deployment);
    return {
      dns: {
        readRecordWeights: async (zoneId, of) => {
          const answer = { kind: 'weights', weights: {} } as const;
          const seen = await account.call(home, 'read:dns', { zoneId, name: of, ttlSeconds: 0, answer });
          return seen.kind === 'weights' ? seen.weights : expect.fail('it has values');
        },
        writeRecordWeights: async (zoneId, of, weights) => {
          await account.call(home, 'write:dns', {
            zoneId,
            name: of,
            ttlSeconds: 0,
            answer: { kind: 'weights', weights },
          });
        },
      },
      openPool: async () => 'Z0EXAMPLE',
    };
  });
});

/** The faults of moto_server 5.2.1 that `dns.contract.test.ts` lists matter here too. */
describeOnMoto('weights in Route 53, by moto', [home], (clients) => {
  describeContract(() => holdInRoute53(clients()));

  it('changes weights and nothing else of the records', async () => {
    const { dns, openPool } = holdInRoute53(clients());
    const zoneId = await openPool();
    const before = await setsOf(clients(), zoneId);

    await dns.writeRecordWeights(zoneId, name, { ...initial, frankfurt: 0 });

    expect(before).toHaveLength(6);
    expect(await setsOf(clients(), zoneId)).toEqual(
      before.map((set) => (set.SetIdentifier === 'frankfurt' ? { ...set, Weight: 0 } : set)),
    );
  });

  it('tells of a site whose types differ a weight that none has, and makes them alike', async () => {
    const { dns, openPool } = holdInRoute53(clients());
    const zoneId = await openPool();
    const set = weightedSet('frankfurt', 'A', 0);
    await change(clients(), zoneId, [{ Action: 'UPSERT', ResourceRecordSet: set }]);

    const before = await dns.readRecordWeights(zoneId, name);
    await dns.writeRecordWeights(zoneId, name, { ...initial, frankfurt: 0 });

    expect(before).toEqual({ ...initial, frankfurt: -1 });
    expect(await dns.readRecordWeights(zoneId, name)).toEqual({ ...initial, frankfurt: 0 });
  });

  it('is invalid to give a weight to a site that has no record, and changes nothing', async () => {
    const { dns, openPool } = holdInRoute53(clients());
    const zoneId = await openPool();

    const fault = await faultOf(() => dns.writeRecordWeights(zoneId, name, { virginia: 7, tokyo: 1 }));

    expect(fault).toEqual({ kind: 'invalid', detail: expect.stringContaining('no weighted record for tokyo') });
    expect(await dns.readRecordWeights(zoneId, name)).toEqual(initial);
  });
});

function describeContract(open: () => Holder): void {
  let dns: Holder['dns'];
  let zoneId: string;

  beforeEach(async () => {
    const holder = open();
    dns = holder.dns;
    zoneId = await holder.openPool();
  });

  it('holds what the records were made with', async () => {
    expect(await dns.readRecordWeights(zoneId, name)).toEqual(initial);
  });

  it.each([
    { virginia: 0, frankfurt: 50, ireland: 50 },
    { virginia: 10, frankfurt: 5, ireland: 255 },
    { virginia: 0, frankfurt: 0, ireland: 0 },
  ])('holds what was written (virginia=$virginia, frankfurt=$frankfurt, ireland=$ireland)', async (weights) => {
    await dns.writeRecordWeights(zoneId, name, weights);

    expect(await dns.readRecordWeights(zoneId, name)).toEqual(weights);
  });

  it('keeps the weights of sites that are not named', async () => {
    await dns.writeRecordWeights(zoneId, name, { frankfurt: 1 });

    expect(await dns.readRecordWeights(zoneId, name)).toEqual({ ...initial, frankfurt: 1 });
  });

  it('is invalid to read a name without weighted records', async () => {
    const fault = await faultOf(() => dns.readRecordWeights(zoneId, 'other.shop.example'));

    expect(fault).toEqual({ kind: 'invalid', detail: expect.stringContaining('no weighted records') });
  });

  it('holds what was written last', async () => {
    await dns.writeRecordWeights(zoneId, name, { ...initial, virginia: 0 });
    await dns.writeRecordWeights(zoneId, name, { ...initial, virginia: 10 });

    expect(await dns.readRecordWeights(zoneId, name)).toEqual({ ...initial, virginia: 10 });
  });
}

let zonesMade = 0;

function holdInRoute53(clients: AwsClients): Holder {
  return {
    dns: new Route53Dns(clients, systemClock, systemRng),
    openPool: async () => {
      zonesMade += 1;
      const command = new CreateHostedZoneCommand({ Name: 'shop.example', CallerReference: `weights-${zonesMade}` });
      const { HostedZone } = await clients.of(Route53Client, home).send(command);
      const zoneId = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
      const sets = Object.entries(initial).flatMap(([site, weight]) =>
        (['A', 'AAAA'] as const).map((type) => weightedSet(site, type, weight)),
      );
      await change(
        clients,
        zoneId,
        sets.map((set) => ({ Action: 'CREATE', ResourceRecordSet: set })),
      );
      return zoneId;
    },
  };
}

function weightedSet(site: string, type: 'A' | 'AAAA', weight: number): ResourceRecordSet {
  const place = Object.keys(initial).indexOf(site) + 1;
  const value = type === 'A' ? `203.0.113.${place}` : `2001:db8::${place}`;
  return { Name: name, Type: type, SetIdentifier: site, Weight: weight, TTL: 45, ResourceRecords: [{ Value: value }] };
}

async function change(clients: AwsClients, zoneId: string, changes: Change[]): Promise<void> {
  const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } });
  await clients.of(Route53Client, home).send(command);
}

async function setsOf(clients: AwsClients, zoneId: string): Promise<readonly ResourceRecordSet[]> {
  const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId });
  const { ResourceRecordSets } = await clients.of(Route53Client, home).send(command);
  return (ResourceRecordSets ?? [])
    .filter(({ SetIdentifier }) => SetIdentifier !== undefined)
    .sort((a, b) => `${a.Type}${a.SetIdentifier}`.localeCompare(`${b.Type}${b.SetIdentifier}`));
}

describe('weights on the wire', () => {
  const setXml = (site: string, type: string, weight: number, more = '') =>
    `<ResourceRecordSet><Name>${name}.</Name><Type>${type}</Type><SetIdentifier>${site}</SetIdentifier>` +
    `<Weight>${weight}</Weight><TTL>45</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord>` +
    `</ResourceRecords>${more}</ResourceRecordSet>`;

  const listed = (response: ServerResponse, sets: string) => {
    const rest = '<IsTruncated>false</IsTruncated><MaxItems>300</MaxItems>';
    const body = `<ResourceRecordSets>${sets}</ResourceRecordSets>${rest}`;
    xml(response, `<ListResourceRecordSetsResponse>${body}</ListResourceRecordSetsResponse>`);
  };

  const info = (status: string) =>
    `<ChangeInfo><Id>/change/C1</Id><Status>${status}</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo>`;

  async function open(sets: string, pendingCount = 0) {
    let asked = 0;
    const { clients, seen } = await standIn([home], ({ method, path }, response) => {
      if (method === 'POST') {
        xml(response, `<ChangeResourceRecordSetsResponse>${info('PENDING')}</ChangeResourceRecordSetsResponse>`);
      } else if (path.includes('/change/')) {
        asked += 1;
        xml(response, `<GetChangeResponse>${info(asked > pendingCount ? 'INSYNC' : 'PENDING')}</GetChangeResponse>`);
      } else listed(response, sets);
    });
    const clock = { wallMs: () => 0, monotonicMs: () => 0, sleep: async () => undefined };
    return { dns: new Route53Dns(clients, clock, { next: () => 0.5 }), seen };
  }

  const both = (site: string, weight: number, more = '') =>
    setXml(site, 'A', weight, more) + setXml(site, 'AAAA', weight, more);

  it('changes all that differs in one batch, and nothing else, and waits until it is everywhere', async () => {
    const { dns, seen } = await open(both('virginia', 100) + both('frankfurt', 50) + both('ireland', 50), 2);

    await dns.writeRecordWeights('Z1', name, { virginia: 100, frankfurt: 0, ireland: 25 });

    expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET', 'GET']);
    const body = seen[1]?.body ?? '';
    expect(body.match(/<SetIdentifier>[a-z]+<\/SetIdentifier><Weight>[0-9]+<\/Weight>/g)).toEqual([
      '<SetIdentifier>frankfurt</SetIdentifier><Weight>0</Weight>',
      '<SetIdentifier>frankfurt</SetIdentifier><Weight>0</Weight>',
      '<SetIdentifier>ireland</SetIdentifier><Weight>25</Weight>',
      '<SetIdentifier>ireland</SetIdentifier><Weight>25</Weight>',
    ]);
    expect(body.match(/<Action>[A-Z]+<\/Action>/g)).toEqual(Array(4).fill('<Action>UPSERT</Action>'));
    expect(body).toContain('<TTL>45</TTL>');
  });

  it('writes nothing when nothing differs', async () => {
    const { dns, seen } = await open(both('virginia', 100) + both('frankfurt', 50));

    await dns.writeRecordWeights('Z1', name, { virginia: 100, frankfurt: 50 });

    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('asks for as many records as a pool can have, from the name on', async () => {
    const { dns, seen } = await open(both('virginia', 100));

    expect(await dns.readRecordWeights('Z1', name)).toEqual({ virginia: 100 });
    expect(seen[0]?.path).toContain('maxitems=300');
    expect(seen[0]?.path).toContain(`name=${name}`);
  });

  it('keeps a health check that somebody gave a record', async () => {
    const { dns, seen } = await open(both('virginia', 100, '<HealthCheckId>hc-1</HealthCheckId>'));

    await dns.writeRecordWeights('Z1', name, { virginia: 1 });

    expect(seen[1]?.body.match(/<HealthCheckId>hc-1<\/HealthCheckId>/g)).toHaveLength(2);
  });

  it('takes no part of a record of another name, or of one without a weight', async () => {
    const other = setXml('virginia', 'A', 7).replace(`${name}.`, `a.${name}.`);
    const failover = setXml('virginia', 'A', 7).replace('<Weight>7</Weight>', '<Failover>PRIMARY</Failover>');
    const { dns } = await open(other + failover);

    expect((await faultOf(() => dns.readRecordWeights('Z1', name))).kind).toBe('invalid');
  });
});
