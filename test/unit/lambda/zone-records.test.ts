import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { describe, expect, it, test } from 'vitest';
import type { ProviderEvent, ZoneRecords } from '../../../lambda/deploy/deploy-event.ts';
import { declaredIn, deployRecords, type Zone, zoneRecordsId } from '../../../lambda/deploy/zone-records.ts';
import { asSet, type DeclaredRecord, placeOf } from '../../../src/adapters/aws/dns/zone-records.ts';
import type { Fault } from '../../../src/core/fault.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortError } from '../../../src/ports/port-error.ts';

const recordAt = (name: string, value: string): DeclaredRecord => ({
  Name: `${name}.shop.example.`,
  Type: 'A',
  TTL: '30',
  ResourceRecords: [value],
});
const old = [recordAt('tree-1', '203.0.113.1'), recordAt('www', '203.0.113.1')];
const wanted = [recordAt('tree-2', '203.0.113.2'), recordAt('www', '203.0.113.2')];

/** What happens to the next calls: it is refused before it takes effect, or its answer is lost afterwards. */
interface Trouble {
  readonly fault: Fault['kind'];
  readonly isTaken?: boolean;
}

/** A zone with its account's troubles, one a batch or look, in turn. */
class TroubledZone implements Zone {
  readonly held = new Map<string, ResourceRecordSet>();
  readonly batches: string[][] = [];
  /** What the zone answered `www` with after each batch; null for nothing. */
  readonly answers: (string | null)[] = [];
  readonly #looks: (Trouble | null)[];
  readonly #batches: (Trouble | null)[];

  constructor(records: readonly DeclaredRecord[], looks: (Trouble | null)[], batches: (Trouble | null)[] = []) {
    for (const record of records) this.held.set(placeOf(record), asSet(record));
    this.#looks = looks;
    this.#batches = batches;
  }

  changeZone: Zone['changeZone'] = async (_zoneId, findBatches, onSend) => {
    const look = this.#looks.shift();
    if (look) throw faultOf(look);
    for (const batch of findBatches([...this.held.values()])) {
      onSend(batch);
      const trouble = this.#batches.shift() ?? null;
      if (trouble === null || trouble.isTaken === true) this.#take(batch);
      if (trouble !== null) throw faultOf(trouble);
    }
  };

  get names(): readonly string[] {
    return [...this.held.values()].map(({ Name = '' }) => Name.split('.')[0] ?? '').sort();
  }

  #take(batch: readonly Change[]): void {
    this.batches.push(batch.map(({ Action, ResourceRecordSet: set }) => `${Action} ${set?.Name?.split('.')[0]}`));
    for (const { Action, ResourceRecordSet: set } of batch) {
      if (set === undefined) throw new Error('a change without a set');
      if (Action === 'DELETE') this.held.delete(placeOf(set));
      else this.held.set(placeOf(set), set);
    }
    this.answers.push(this.held.get('www.shop.example A simple')?.ResourceRecords?.[0]?.Value ?? null);
  }
}

const faultOf = ({ fault }: Trouble) => new PortError({ kind: fault, detail: 'AssumeRole, or Route 53' });

function clockOf(): Clock & { passedMs: number } {
  const clock = {
    passedMs: 0,
    wallMs: () => clock.passedMs,
    monotonicMs: () => clock.passedMs,
    sleep: async (ms: number) => {
      clock.passedMs += ms;
    },
  };
  return clock;
}

const times = (count: number, trouble: Trouble) => Array.from({ length: count }, () => trouble);
const update = { former: old, wanted, isNew: false };

describe('an update of records in another account', () => {
  test('is one batch: the new tree, the name, then the old tree is removed', async () => {
    const zone = new TroubledZone(old, []);

    await deployRecords(zone, 'Z1', update, clockOf());

    expect(zone.batches).toEqual([['CREATE tree-2', 'UPSERT www', 'DELETE tree-1']]);
    expect(zone.answers).toEqual(['203.0.113.2']);
  });

  it.each<[string, Trouble]>([
    ['a role that is not known yet', { fault: 'denied' }],
    ['STS or Route 53 that are throttled', { fault: 'throttled' }],
    ['a region that does not answer', { fault: 'timeout' }],
  ])('waits for %s, and is made once it answers', async (_what, trouble) => {
    const zone = new TroubledZone(old, times(3, trouble));

    await deployRecords(zone, 'Z1', update, clockOf());

    expect(zone.answers).toEqual(['203.0.113.2']);
    expect(zone.names).toEqual(['tree-2', 'www']);
  });

  it.each<[string, Trouble, number]>([
    ['a wrong external id, or a role that is not there', { fault: 'denied' }, 60_000],
    ['an STS that is throttled for long', { fault: 'throttled' }, 300_000],
    ['a zone that is not there', { fault: 'invalid' }, 0],
  ])('fails for %s, and every record stays as it was', async (_what, trouble, limitMs) => {
    const zone = new TroubledZone(old, times(1_000, trouble));
    const clock = clockOf();

    await expect(deployRecords(zone, 'Z1', update, clock)).rejects.toMatchObject({ fault: { kind: trouble.fault } });

    expect(zone.batches).toEqual([]);
    expect(zone.names).toEqual(['tree-1', 'www']);
    expect(clock.passedMs).toBe(limitMs);
  });

  test('whose answer was lost is not made twice, and waits until it must be in sync', async () => {
    const zone = new TroubledZone(old, [], [{ fault: 'timeout', isTaken: true }]);
    const clock = clockOf();

    await deployRecords(zone, 'Z1', update, clock);

    expect(zone.batches).toHaveLength(1);
    expect(zone.names).toEqual(['tree-2', 'www']);
    expect(clock.passedMs).toBeGreaterThanOrEqual(60_000);
  });

  test('that failed after it was taken is led back by the rollback', async () => {
    const zone = new TroubledZone(
      old,
      [null, ...times(1_000, { fault: 'denied' })],
      [{ fault: 'timeout', isTaken: true }],
    );
    await expect(deployRecords(zone, 'Z1', update, clockOf())).rejects.toThrow('denied');
    const well = new TroubledZone([], []);
    for (const [place, set] of zone.held) well.held.set(place, set);

    await deployRecords(well, 'Z1', { former: wanted, wanted: old, isNew: false }, clockOf());

    expect(well.names).toEqual(['tree-1', 'www']);
    expect(well.answers).toEqual(['203.0.113.1']);
  });
});

describe('new records in another account', () => {
  const made = { former: [], wanted, isNew: true };

  test('are taken for the own when the answer was lost', async () => {
    const zone = new TroubledZone([], [], [{ fault: 'timeout', isTaken: true }]);

    await deployRecords(zone, 'Z1', made, clockOf());

    expect(zone.batches).toEqual([['CREATE tree-2', 'CREATE www']]);
  });

  test('are taken for the own when they were sent twice, and refused the second time because they are there', async () => {
    const zone = new TroubledZone([], [], [{ fault: 'invalid', isTaken: true }]);

    await deployRecords(zone, 'Z1', made, clockOf());

    expect(zone.batches).toEqual([['CREATE tree-2', 'CREATE www']]);
    expect(zone.names).toEqual(['tree-2', 'www']);
  });

  test('leave what a stranger puts there between the look and the batch', async () => {
    const zone = new TroubledZone([], [], [{ fault: 'invalid' }]);
    const { changeZone } = zone;
    zone.changeZone = (zoneId, findBatches, onSend) =>
      changeZone(zoneId, findBatches, (batch) => {
        onSend(batch);
        const strange = recordAt('www', '192.0.2.1');
        zone.held.set(placeOf(strange), asSet(strange));
      });

    await expect(deployRecords(zone, 'Z1', made, clockOf())).rejects.toThrow('the zone has this record already');

    expect(zone.held.get('www.shop.example A simple')?.ResourceRecords).toEqual([{ Value: '192.0.2.1' }]);
  });

  test('are removed again when they cannot be finished: nobody else would', async () => {
    const many = Array.from({ length: 60 }, (_, index) => recordAt(`a${index}`, '203.0.113.9'));
    const zone = new TroubledZone([], [], [null, { fault: 'invalid' }, { fault: 'invalid' }]);

    await expect(deployRecords(zone, 'Z1', { ...made, wanted: many }, clockOf())).rejects.toThrow('invalid');

    expect(zone.names).toEqual([]);
  });

  test('leave what a stranger has, whether or not it answers the same', async () => {
    const zone = new TroubledZone([recordAt('www', '203.0.113.2')], []);

    await expect(deployRecords(zone, 'Z1', made, clockOf())).rejects.toThrow('the zone has this record already');

    expect(zone.names).toEqual(['www']);
  });
});

describe('an event of CloudFormation', () => {
  const wish: ZoneRecords = {
    Kind: 'ZoneRecords',
    Account: '222233334444',
    ZoneId: 'Z1',
    Service: 'web',
    Records: wanted,
  };
  const event = (RequestType: ProviderEvent['RequestType'], former?: Partial<ZoneRecords>): ProviderEvent => ({
    RequestType,
    ResourceProperties: wish,
    ...(former === undefined ? {} : { OldResourceProperties: { ...wish, Records: old, ...former } }),
  });

  it.each([
    ['a create has nothing before it', event('Create'), { former: [], wanted, isNew: true }],
    ['an update leads from the old ones', event('Update', {}), { former: old, wanted, isNew: false }],
    ['an update to another zone begins there', event('Update', { ZoneId: 'Z2' }), { former: [], wanted, isNew: true }],
    [
      'an update to another account begins there',
      event('Update', { Account: '999999999999' }),
      { former: [], wanted, isNew: true },
    ],
    ['a delete leads to nothing', event('Delete'), { former: wanted, wanted: [], isNew: false }],
  ])('%s', (_what, asked, declared) => {
    expect(declaredIn(asked, wish)).toEqual(declared);
  });

  test('names another resource for another zone, so that the records of the old one are removed at last', () => {
    const ids = [wish, { ...wish, ZoneId: 'Z2' }, { ...wish, Account: '999999999999' }, { ...wish, Records: old }];

    expect(new Set(ids.map(zoneRecordsId)).size).toBe(3);
    expect(zoneRecordsId(wish)).toBe('222233334444/Z1/web');
  });
});
