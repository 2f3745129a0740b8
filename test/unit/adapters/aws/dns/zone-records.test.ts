import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { describe, expect, it, test } from 'vitest';
import {
  asSet,
  batchesOf,
  changesMax,
  type DeclaredRecord,
  declaredChanges,
} from '../../../../../src/adapters/aws/dns/zone-records.ts';

const own: DeclaredRecord = { Name: 'api.shop.example.', Type: 'A', TTL: '30', ResourceRecords: ['203.0.113.10'] };
const tree: DeclaredRecord = {
  Name: 'v0000001.www.shop.example.',
  Type: 'A',
  SetIdentifier: 'primary',
  Failover: 'PRIMARY',
  HealthCheckId: 'check-1',
  TTL: '30',
  ResourceRecords: ['203.0.113.10'],
};
const alias: DeclaredRecord = {
  Name: 'www.shop.example.',
  Type: 'A',
  AliasTarget: { DNSName: 'v0000001.www.shop.example.', HostedZoneId: 'Z1', EvaluateTargetHealth: 'false' },
};
const weighted: DeclaredRecord = { ...own, SetIdentifier: 'virginia', Weight: '100' };

const told = (changes: ReturnType<typeof declaredChanges>) =>
  changes.map(({ Action, ResourceRecordSet: set }) => `${Action} ${set?.Name}`);

describe('what is declared', () => {
  test('has numbers and truth values where CloudFormation hands on texts', () => {
    expect(asSet({ ...weighted, MultiValueAnswer: 'true' })).toEqual({
      Name: 'api.shop.example',
      Type: 'A',
      SetIdentifier: 'virginia',
      TTL: 30,
      Weight: 100,
      MultiValueAnswer: true,
      ResourceRecords: [{ Value: '203.0.113.10' }],
    });
    expect(asSet(alias).AliasTarget).toEqual({ ...alias.AliasTarget, EvaluateTargetHealth: false });
  });

  test('is made in its order, and removed the other way round', () => {
    const both = [tree, alias];

    expect(told(declaredChanges([], { former: [], wanted: both }))).toEqual([
      'CREATE v0000001.www.shop.example',
      'CREATE www.shop.example',
    ]);
    expect(told(declaredChanges(both.map(asSet), { former: both, wanted: [] }))).toEqual([
      'DELETE www.shop.example',
      'DELETE v0000001.www.shop.example',
    ]);
  });

  test('is made again where somebody has removed it, and put right where somebody has changed it', () => {
    const changed = {
      ...asSet(alias),
      AliasTarget: { DNSName: 'x.', HostedZoneId: 'Z1', EvaluateTargetHealth: false },
    };
    const declared = { former: [tree, alias], wanted: [tree, alias] };

    expect(told(declaredChanges([changed], declared))).toEqual([
      'CREATE v0000001.www.shop.example',
      'UPSERT www.shop.example',
    ]);
  });

  it.each<[string, ResourceRecordSet]>([
    ['a name in capitals, without the last dot', { ...asSet(own), Name: 'API.shop.example' }],
    ['another order of values', { ...asSet(own), ResourceRecords: [{ Value: '203.0.113.10' }] }],
    ['an answer of Route 53 with all keys', { ...asSet(own), MultiValueAnswer: undefined, Weight: undefined }],
  ])('is left alone when it is there: %s', (_what, held) => {
    expect(declaredChanges([held], { former: [own], wanted: [own] })).toEqual([]);
  });

  test('keeps the weight that the engine gave a record, until another weight is declared', () => {
    const held = [{ ...asSet(weighted), Weight: 0 }];
    const moved = { ...weighted, ResourceRecords: ['203.0.113.99'] };
    const heavier = { ...weighted, Weight: '50' };
    const weightsOf = (wanted: DeclaredRecord) =>
      declaredChanges(held, { former: [weighted], wanted: [wanted] }).map((each) => each.ResourceRecordSet?.Weight);

    expect(weightsOf(weighted)).toEqual([]);
    expect(weightsOf(moved)).toEqual([0]);
    expect(weightsOf(heavier)).toEqual([50]);
    expect(told(declaredChanges(held, { former: [weighted], wanted: [] }))).toEqual(['DELETE api.shop.example']);
  });
});

describe('what a new record cannot stand beside', () => {
  const name: DeclaredRecord = { ...own, Type: 'CNAME', ResourceRecords: ['virginia.partner.example'] };
  const ipv6: DeclaredRecord = { ...own, Type: 'AAAA', ResourceRecords: ['2001:db8::10'] };
  const simple: DeclaredRecord = { ...alias, Name: own.Name };

  it.each<[string, DeclaredRecord[], DeclaredRecord[], string[]]>([
    ['a CNAME record, by addresses', [name], [own, ipv6], ['DELETE CNAME', 'CREATE A', 'CREATE AAAA']],
    ['addresses, by a CNAME record', [own, ipv6], [name], ['DELETE AAAA', 'DELETE A', 'CREATE CNAME']],
    ['weighted records, by an alias', [weighted], [simple], ['DELETE A', 'CREATE A']],
    ['an alias, by weighted records', [simple], [weighted], ['DELETE A', 'CREATE A']],
    ['nothing: another type of address', [own], [ipv6], ['CREATE AAAA', 'DELETE A']],
  ])('is removed right before it: %s', (_what, former, wanted, order) => {
    const target = { ...tree, Name: 'v2.www.shop.example.' };

    const changes = declaredChanges([tree, ...former].map(asSet), {
      former: [tree, ...former],
      wanted: [target, ...wanted],
    });

    expect(changes.map(({ Action, ResourceRecordSet: set }) => `${Action} ${set?.Type}`)).toEqual([
      'CREATE A',
      ...order,
      'DELETE A',
    ]);
  });

  test('is left where a person has changed it since, so that Route 53 refuses the batch', () => {
    const byHand = { ...asSet(name), TTL: 5 };

    expect(told(declaredChanges([byHand], { former: [name], wanted: [own] }))).toEqual(['CREATE api.shop.example']);
  });
});

describe("what is a stranger's", () => {
  it.each([
    ['another answer', { ...asSet(own), ResourceRecords: [{ Value: '192.0.2.1' }] }],
    ['the very same answer, which another stack may have made and remove', asSet(own)],
  ])('is refused, and nothing is changed: %s', (_what, held) => {
    const change = () => declaredChanges([held], { former: [], wanted: [tree, own] });

    expect(change).toThrow('api.shop.example A simple: the zone has this record already');
  });

  test('is taken for the own where this deployment has made it a moment ago', () => {
    const made = new Set(['api.shop.example A simple']);

    expect(declaredChanges([asSet(own)], { former: [], wanted: [own] }, made)).toEqual([]);
    const other = { ...asSet(own), ResourceRecords: [{ Value: '192.0.2.1' }] };
    expect(() => declaredChanges([other], { former: [], wanted: [own] }, made)).toThrow('has this record already');
  });

  test('stays where it is declared no more, when a person has changed it since', () => {
    const byHand = { ...asSet(own), ResourceRecords: [{ Value: '192.0.2.1' }] };

    expect(declaredChanges([byHand], { former: [own], wanted: [] })).toEqual([]);
  });

  test('stays where this stack has never declared anything', () => {
    const mail: ResourceRecordSet = {
      Name: 'shop.example.',
      Type: 'MX',
      TTL: 60,
      ResourceRecords: [{ Value: '1 m.' }],
    };

    expect(told(declaredChanges([mail, asSet(own)], { former: [own], wanted: [] }))).toEqual([
      'DELETE api.shop.example',
    ]);
  });
});

test('changes go in batches that Route 53 takes, in their order', () => {
  const many = Array.from({ length: 2 * changesMax + 1 }, (_, index) => ({ ...own, Name: `a${index}.shop.example.` }));
  const changes = declaredChanges([], { former: [], wanted: many });

  expect(batchesOf(changes).map((batch) => batch.length)).toEqual([changesMax, changesMax, 1]);
  expect(batchesOf(changes).flat()).toEqual(changes);
  expect(batchesOf([])).toEqual([]);
});

test('the changes of one name that follow one another are in one batch', () => {
  const others = Array.from({ length: changesMax - 1 }, (_, index) => ({ ...own, Name: `a${index}.shop.example.` }));
  const pool = (type: string) =>
    Array.from({ length: 10 }, (_, index) => ({ ...weighted, Type: type, SetIdentifier: `site-${index}` }));
  const [former, wanted] = [pool('CNAME'), [...others, ...pool('A'), ...pool('AAAA')]];
  const batches = batchesOf(declaredChanges(former.map(asSet), { former, wanted }));

  expect(batches.map((batch) => batch.length)).toEqual([changesMax - 1, 30]);
  expect(batches[1]?.map(({ Action }) => Action).join()).toMatch(/^(DELETE,){10}(CREATE,?){20}$/);
});
