import { expect, test } from 'vitest';
import { notAsked } from '../../../../src/core/checkup/reading.ts';
import {
  type RecordPlace,
  recordsCheck,
  type SeenRecord,
  type ZoneReading,
  zoneCheck,
} from '../../../../src/core/checkup/zone-checks.ts';

const read = <T>(value: T) => ({ kind: 'read' as const, value });
const late = { kind: 'unread' as const, why: 'no answer within 3 s' };
const servers = ['ns-1.awsdns.com', 'ns-2.awsdns.net'];
const facts = { name: 'shop.example', isPrivate: false, servers, vpcIds: [] };
const well: ZoneReading = {
  id: 'Z1',
  name: 'shop.example',
  isPrivate: false,
  networks: [
    { region: 'us-east-1', vpcId: 'vpc-1' },
    { region: 'us-west-2', vpcId: 'vpc-2' },
  ],
  zone: read(facts),
  delegated: read(servers),
};

test.each<[string, Partial<ZoneReading>, string, RegExp]>([
  ['is there and delegated', {}, 'ok', /resolvers ask its name servers$/],
  ['is not there', { zone: read(null) }, 'bad', /^the account has no hosted zone Z1$/],
  [
    'is of another name',
    { zone: read({ ...facts, name: 'other.example' }) },
    'bad',
    /^Z1 is the zone of other.example$/,
  ],
  ['is private', { zone: read({ ...facts, isPrivate: true }), delegated: null }, 'bad', /^Z1 is private$/],
  [
    'is private and meant so',
    { isPrivate: true, zone: read({ ...facts, isPrivate: true, vpcIds: ['vpc-1', 'vpc-2'] }), delegated: null },
    'ok',
    /for its networks$/,
  ],
  [
    "is private and lacks a watcher's network",
    { isPrivate: true, zone: read({ ...facts, isPrivate: true, vpcIds: ['vpc-1'] }), delegated: null },
    'doubtful',
    /^it is not associated with vpc-2 of us-west-2, where watchers run$/,
  ],
  ['is not delegated', { delegated: read(null) }, 'bad', /^it is not delegated/],
  ['is delegated to others', { delegated: read(['ns.old.example']) }, 'bad', /ask ns.old.example, which are not of/],
  ['is delegated to others too', { delegated: read([...servers, 'ns.old.example']) }, 'doubtful', /ns.old.example too/],
  ['is delegated to some of its servers', { delegated: read(servers.slice(1)) }, 'ok', /resolvers ask/],
  [
    'is in another account',
    { zone: notAsked('222233334444'), delegated: read(servers) },
    'unknown',
    /^account 222233334444 is not asked: its roles trust the functions of the deployment alone$/,
  ],
  [
    'is in another account and not delegated',
    { zone: notAsked('222233334444'), delegated: read(null) },
    'bad',
    /^it is not delegated: resolvers know no name servers of it$/,
  ],
  [
    'is in another account and not known to resolvers',
    { zone: notAsked('2'), delegated: late },
    'unknown',
    /^account 2/,
  ],
  ['is not read', { zone: late, delegated: null }, 'unknown', /^no answer within 3 s$/],
  ['is not known to resolvers', { delegated: late }, 'unknown', /of its name servers: no answer within 3 s$/],
])('a zone that %s', (_, changed, state, found) => {
  const check = zoneCheck({ ...well, ...changed });

  expect(check).toMatchObject({ name: 'zone', subject: 'shop.example', state, found: expect.stringMatching(found) });
  expect(check.state !== 'bad' || check.todo !== null).toBe(true);
});

const name = 'www.shop.example';
const aliased: RecordPlace = { name, type: 'A', setIdentifier: null, aliasOf: ['v???????.www.shop.example'] };
const weighted: RecordPlace = { name, type: 'A', setIdentifier: 'virginia', aliasOf: [] };
const record: SeenRecord = { name, type: 'A', setIdentifier: null, alias: 'vabc1234.www.shop.example', values: [] };
const stranger: SeenRecord = { ...record, alias: null, values: ['203.0.113.9'] };

test.each<[string, RecordPlace, readonly SeenRecord[], boolean, string, RegExp]>([
  ['of this or a former tree', aliased, [record], true, 'ok', /of this deployment$/],
  ['of somebody else', aliased, [stranger], false, 'bad', /^in the way: A of www.shop.example, 203.0.113.9$/],
  ['an alias elsewhere', aliased, [{ ...record, alias: 'lb.example' }], true, 'bad', /alias of lb.example$/],
  ['of another type', aliased, [{ ...stranger, type: 'CNAME' }], true, 'bad', /^in the way: CNAME of/],
  ['another one of the pool', weighted, [{ ...stranger, setIdentifier: 'old' }], true, 'bad', /A "old" of/],
  ['of the pool', weighted, [{ ...stranger, setIdentifier: 'virginia' }], true, 'ok', /of this deployment$/],
  ['not there, deployed', aliased, [], true, 'bad', /^there is none of www.shop.example$/],
  ['not there, before the first deployment', aliased, [], false, 'ok', /^nothing is in the way of/],
])('a record that is %s', (_, place, seen, isDeployed, state, found) => {
  const reading = { service: 'web', names: [name], planned: [place], reading: read(seen) };

  expect(recordsCheck(reading, isDeployed)).toMatchObject({ state, found: expect.stringMatching(found) });
});

test('records that nobody has read are unknown', () => {
  expect(recordsCheck({ service: 'web', names: [name], planned: [], reading: late }, true).state).toBe('unknown');
});
