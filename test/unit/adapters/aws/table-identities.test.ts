import { type DescribeTableCommandOutput, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { toPortError } from '../../../../src/adapters/aws/faults.ts';
import {
  absenceMsMax,
  askAgainMs,
  sightMsMax,
  TableIdentities,
} from '../../../../src/adapters/aws/tables/table-identities.ts';
import { PortError } from '../../../../src/ports/port-error.ts';

const region = 'us-east-1';
const denied = new PortError({ kind: 'denied', detail: 'no' });
const missing = toPortError(new ResourceNotFoundException({ message: 'no such table', $metadata: {} }));

type Description = Partial<NonNullable<DescribeTableCommandOutput['Table']>>;

const now = { monotonicMs: 0, wallMs: 0 };
let described: Description | PortError;
let questions = 0;
let identities: TableIdentities;

beforeEach(() => {
  Object.assign(now, { monotonicMs: 5, wallMs: 1_700_000_000_000 });
  described = { TableId: 'first', TableStatus: 'ACTIVE' };
  questions = 0;
  identities = new TableIdentities(
    async () => {
      questions += 1;
      if (described instanceof PortError) throw described;
      return { Table: described, $metadata: {} };
    },
    { monotonicMs: () => now.monotonicMs, wallMs: () => now.wallMs },
  );
});

function pass(ms: number): void {
  now.monotonicMs += ms;
  now.wallMs += ms;
}

async function whichTable(): Promise<string> {
  const { identity } = await identities.tell(region, async () => 'answer');
  return typeof identity === 'string' ? identity : `unknown: ${identity.kind}`;
}

const callFindsItMissing = () => expect(identities.tell(region, () => Promise.reject(missing))).rejects.toBe(missing);

describe('TableIdentities', () => {
  it('asks once for as long as the table answers (calls=100, one second apart)', async () => {
    for (let call = 0; call < 100; call += 1) {
      expect(await whichTable()).toBe('first');
      pass(1_000);
    }

    expect(questions).toBe(1);
  });

  it('asks once for calls side by side', async () => {
    expect(await Promise.all([whichTable(), whichTable(), whichTable()])).toEqual(['first', 'first', 'first']);
    expect(questions).toBe(1);
  });

  it('asks for each region', async () => {
    await whichTable();
    await identities.tell('us-west-2', async () => 'answer');

    expect(questions).toBe(2);
  });

  it.each([
    { gapMs: sightMsMax, seen: 'first' },
    { gapMs: sightMsMax + 1, seen: 'second' },
  ])('asks again after a gap longer than $gapMs ms or so: sees the $seen table', async ({ gapMs, seen }) => {
    await whichTable();
    described = { TableId: 'second', TableStatus: 'ACTIVE' };
    pass(gapMs);

    expect(await whichTable()).toBe(seen);
  });

  it('counts a freeze in which the monotonic clock stood still', async () => {
    await whichTable();
    described = { TableId: 'second', TableStatus: 'ACTIVE' };
    now.wallMs += sightMsMax + 1;

    expect(await whichTable()).toBe('second');
  });

  it('forgets a table as soon as a call finds it missing', async () => {
    await whichTable();
    described = { TableId: 'second', TableStatus: 'ACTIVE' };
    pass(1);
    await callFindsItMissing();

    expect(await whichTable()).toBe('second');
  });

  it('does not know a table that it has never been told of', async () => {
    described = denied;

    expect(await whichTable()).toBe('unknown: denied');
  });

  it.each([
    { waitMs: askAgainMs - 1, asked: 1 },
    { waitMs: askAgainMs, asked: 2 },
  ])('asks again $waitMs ms after a refusal: questions=$asked', async ({ waitMs, asked }) => {
    described = denied;
    await whichTable();
    pass(waitMs);
    await whichTable();

    expect(questions).toBe(asked);
  });

  it.each([
    { gapMs: absenceMsMax, known: 'first' },
    { gapMs: absenceMsMax + 1, known: 'unknown: denied' },
  ])('goes on with what it was told when nobody answers after $gapMs ms: $known', async ({ gapMs, known }) => {
    await whichTable();
    described = denied;
    pass(gapMs);

    expect(await whichTable()).toBe(known);
  });

  it('does not go on with a table that a call found missing', async () => {
    await whichTable();
    described = denied;
    pass(sightMsMax + 1);
    await callFindsItMissing();

    expect(await whichTable()).toBe('unknown: denied');
  });

  it('goes on for hours without an answer while the table is in sight', async () => {
    await whichTable();
    described = denied;
    for (let call = 0; call < 2_000; call += 1) {
      pass(sightMsMax);
      expect(await whichTable()).toBe('first');
    }
  });

  it.each([
    { description: { TableId: 'a', TableStatus: 'UPDATING' }, known: 'a' },
    { description: { TableId: 'a', TableStatus: 'CREATING' }, known: 'unknown: unavailable' },
    { description: { TableId: 'a', TableStatus: 'DELETING' }, known: 'unknown: unavailable' },
    { description: { CreationDateTime: new Date(36 ** 2), TableStatus: 'ACTIVE' }, known: '100' },
    { description: { TableStatus: 'ACTIVE' }, known: 'unknown: invalid' },
  ] as const)('is told $description: $known', async ({ description, known }) => {
    described = description;

    expect(await whichTable()).toBe(known);
  });
});
