import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsClients, callDeadlineMsDefault } from '../../../src/adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { stateTableSchema } from '../../../src/adapters/aws/tables/state-table-schema.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { systemRng } from '../../../src/adapters/system/rng.ts';
import { blankTrack } from '../../../src/core/detection/opinion.ts';
import { makeBallot, noBallot } from '../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';
import type { OpinionItem } from '../../../src/core/tables/opinion-item.ts';
import type { Immediate } from '../../../src/ports/immediate.ts';
import { PortError } from '../../../src/ports/port-error.ts';
import type { StateTables } from '../../../src/ports/state-tables.ts';
import { SimStateTables } from '../../../src/sim/world/state-tables.ts';
import { claimOf } from '../../support/claim.ts';
import { findMoto, type Moto, motoStartMsMax, startMoto } from '../../support/moto.ts';

const home = 'us-east-1';
const away = 'us-west-2';
const regions = [home, away, 'us-east-2'];
const service = 'web';

/** Something that keeps state tables; each deployment has its own, and they start empty. */
interface Keeper {
  open(deployment: string): Promise<StateTables>;
  stop(): Promise<void>;
}

function keepInMemory(): Keeper {
  return {
    open: async () => overPromises(new SimStateTables(regions, countingMarks())),
    stop: async () => {},
  };
}

async function keepInDynalite(): Promise<Keeper> {
  const servers = await Promise.all(
    regions.map(async (region) => ({ region, ...(await listen(dynalite({ createTableMs: 0 }))) })),
  );
  const endpoints = Object.fromEntries(servers.map(({ region, url }) => [region, url]));
  const keeper = keepAt(endpoints);
  return {
    open: keeper.open,
    stop: async () => {
      await keeper.stop();
      await Promise.all(servers.map(({ server }) => close(server)));
    },
  };
}

/** moto is a development server in Python: under load an answer takes longer than AWS is given. */
const motoDeadlineMs = 120_000;

async function keepInMoto(moto: Moto): Promise<Keeper> {
  const keeper = keepAt(Object.fromEntries(regions.map((region) => [region, moto.url])), motoDeadlineMs);
  return {
    open: keeper.open,
    stop: async () => {
      await keeper.stop();
      await moto.stop();
    },
  };
}

function keepAt(endpoints: Readonly<Record<string, string>>, callDeadlineMs = 120_000): Keeper {
  const clients = new AwsClients({ endpoints, callDeadlineMs });
  return {
    open: async (deployment) => {
      await Promise.all(
        regions.map(async (region) => {
          const schema = stateTableSchema(deployment);
          const client = clients.of(DynamoDBClient, region);
          await client.send(new CreateTableCommand(schema));
          await untilActive(client, schema.TableName);
        }),
      );
      return new DynamoDbStateTables({ clients, deployment, rng: systemRng, clock: systemClock });
    },
    stop: async () => clients.close(),
  };
}

/** Waits until a table takes writes: both stand-ins answer before it does. */
async function untilActive(client: DynamoDBClient, TableName: string | undefined): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(10);
  }
  throw new Error(`table ${TableName} is not active after a hundred looks`);
}

/** Known faults of a stand-in: why the tests that meet it are skipped there. */
interface KnownFaults {
  /** Two writes at once can both pass the same condition. */
  readonly races?: string;
}

/** Of moto_server 5.2.1, each with the call that shows it. */
const motoFaults: KnownFaults = {
  races: 'eight UpdateItem at once on one item: in one run of five a lower promise replaced a higher one (no lock)',
};

const motoPath = findMoto();

describeContract('in the simulator', async () => keepInMemory());
describeContract('in DynamoDB, by dynalite', keepInDynalite);
if (motoPath !== null) {
  describeContract('in DynamoDB, by moto', async () => keepInMoto(await startMoto(motoPath)), motoFaults);
} else {
  it('state tables in DynamoDB, by moto', ({ skip }) => {
    const reason = 'there is no moto_server on PATH (pip install "moto[server]==5.2.1")';
    if (process.env.CI === 'true') expect.fail(`CI needs it, but ${reason}`);
    console.warn(`skipped: state tables in DynamoDB, by moto: ${reason}`);
    skip(reason);
  });
}

function describeContract(where: string, start: () => Promise<Keeper>, faults: KnownFaults = {}): void {
  describe(`state tables ${where}`, () => {
    let keeper: Keeper;
    let tables: StateTables;
    let opened = 0;

    beforeAll(async () => {
      keeper = await start();
    }, motoStartMsMax);
    afterAll(() => keeper?.stop());
    beforeEach(async () => {
      opened += 1;
      tables = await keeper.open(`shop-${opened}`);
    });

    describe('prepare', () => {
      it('is granted on an untouched table, and nothing is accepted yet', async () => {
        const reply = await tables.prepare(home, service, ballot(1));

        expect(reply).toEqual({
          isGranted: true,
          state: {
            incarnation: expect.stringMatching(/^.+$/),
            promised: ballot(1),
            acceptedBallot: noBallot,
            accepted: null,
          },
        });
      });

      it.each([
        { offered: 3, isGranted: true, promised: 3 },
        { offered: 2, isGranted: false, promised: 2 },
        { offered: 1, isGranted: false, promised: 2 },
      ])(
        'is granted only above the promise (promised=2, offered=$offered)',
        async ({ offered, isGranted, promised }) => {
          await tables.prepare(home, service, ballot(2));

          const reply = await tables.prepare(home, service, ballot(offered));

          expect(reply.isGranted).toBe(isGranted);
          expect(reply.state.promised).toBe(ballot(promised));
        },
      );

      it('tells ballots of one counter apart by their proposer', async () => {
        await tables.prepare(home, service, makeBallot(7, '1.aaaa'));

        const lower = await tables.prepare(home, service, makeBallot(7, '0.zzzz'));
        const higher = await tables.prepare(home, service, makeBallot(7, '1.aaab'));

        expect([lower.isGranted, higher.isGranted]).toEqual([false, true]);
      });

      it('shows the accepted value, granted or refused', async () => {
        await tables.accept(home, service, ballot(2), register(1));

        const refused = await tables.prepare(home, service, ballot(1));
        const granted = await tables.prepare(home, service, ballot(3));

        expect(refused).toMatchObject({
          isGranted: false,
          state: { acceptedBallot: ballot(2), accepted: register(1) },
        });
        expect(granted).toMatchObject({ isGranted: true, state: { acceptedBallot: ballot(2), accepted: register(1) } });
      });
    });

    describe('accept', () => {
      it('is granted on an untouched table, which gets its mark by it', async () => {
        const reply = await tables.accept(home, service, ballot(4), register(1));

        expect(reply).toEqual({
          isGranted: true,
          state: {
            incarnation: expect.stringMatching(/^.+$/),
            promised: ballot(4),
            acceptedBallot: ballot(4),
            accepted: register(1),
          },
        });
      });

      it.each([
        { offered: 3, isGranted: true },
        { offered: 2, isGranted: true },
        { offered: 1, isGranted: false },
      ])('is granted from the promise on (promised=2, offered=$offered)', async ({ offered, isGranted }) => {
        await tables.prepare(home, service, ballot(2));

        const reply = await tables.accept(home, service, ballot(offered), register(1));

        expect(reply).toMatchObject({
          isGranted,
          state: isGranted
            ? { promised: ballot(offered), acceptedBallot: ballot(offered), accepted: register(1) }
            : { promised: ballot(2), acceptedBallot: noBallot, accepted: null },
        });
      });

      it('is granted again when it is repeated', async () => {
        await tables.accept(home, service, ballot(2), register(1));

        const reply = await tables.accept(home, service, ballot(2), register(1));

        expect(reply).toMatchObject({ isGranted: true, state: { acceptedBallot: ballot(2), accepted: register(1) } });
      });

      it('keeps every field of a register', async () => {
        const full = fullRegister();

        await tables.accept(home, service, ballot(1), full);

        const view = await tables.read(home, [service]);
        expect(view.acceptors[service]?.accepted).toEqual(full);
      });
    });

    describe('incarnation', () => {
      it('stays through granted and refused calls', async () => {
        const first = await tables.prepare(home, service, ballot(2));

        const later = [
          await tables.prepare(home, service, ballot(1)),
          await tables.accept(home, service, ballot(2), register(1)),
          await tables.accept(home, service, ballot(1), register(2)),
          await tables.prepare(home, service, ballot(3)),
        ];

        expect(later.map((reply) => reply.state.incarnation)).toEqual(later.map(() => first.state.incarnation));
      });

      it('differs between regions and between services', async () => {
        const replies = await Promise.all([
          tables.prepare(home, service, ballot(1)),
          tables.prepare(home, 'api', ballot(1)),
          tables.prepare(away, service, ballot(1)),
        ]);

        expect(new Set(replies.map((reply) => reply.state.incarnation)).size).toBe(3);
      });

      it('is made once when 20 touch the table first at the same time', async ({ skip }) => {
        skip(faults.races !== undefined, faults.races);
        const replies = await Promise.all(
          indices(20).map((index) =>
            index % 2 === 0
              ? tables.prepare(home, service, ballot(index + 1))
              : tables.accept(home, service, ballot(index + 1), register(index)),
          ),
        );

        expect(new Set(replies.map((reply) => reply.state.incarnation)).size).toBe(1);
      });
    });

    it('lets the highest of eight preparers win, and grants nothing lower after', async ({ skip }) => {
      skip(faults.races !== undefined, faults.races);
      const counters = [5, 2, 8, 1, 7, 3, 6, 4];

      const replies = await Promise.all(counters.map((counter) => tables.prepare(home, service, ballot(counter))));

      expect(replies[counters.indexOf(8)]).toMatchObject({ isGranted: true, state: { promised: ballot(8) } });
      for (const counter of indices(8)) {
        expect(await tables.prepare(home, service, ballot(counter + 1))).toMatchObject({ isGranted: false });
      }
      for (const counter of indices(7)) {
        expect(await tables.accept(home, service, ballot(counter + 1), register(1))).toMatchObject({
          isGranted: false,
          state: { promised: ballot(8), acceptedBallot: noBallot },
        });
      }
    });

    it('tells each of eight preparers the truth about its own refusal', async ({ skip }) => {
      skip(faults.races !== undefined, faults.races);
      const replies = await Promise.all(
        indices(8).map(async (index) => ({
          offered: ballot(index + 1),
          reply: await tables.prepare(home, service, ballot(index + 1)),
        })),
      );

      for (const { offered, reply } of replies) {
        if (reply.isGranted) expect(reply.state.promised).toBe(offered);
        else expect(reply.state.promised > offered).toBe(true);
      }
    });

    describe('writeOpinions', () => {
      it.each([
        { generation: 6, invocation: 'bbbb', isSuperseded: false },
        { generation: 5, invocation: 'aaaa', isSuperseded: false },
        { generation: 5, invocation: 'bbbb', isSuperseded: true },
        { generation: 4, invocation: 'aaaa', isSuperseded: true },
        { generation: 4, invocation: 'bbbb', isSuperseded: true },
      ])('over generation 5 of aaaa, generation $generation of $invocation: superseded=$isSuperseded', async (row) => {
        const there = opinions(5, 'aaaa', 1);
        const offered = opinions(row.generation, row.invocation, 2);
        await tables.writeOpinions(home, there);

        const outcome = await tables.writeOpinions(home, offered);

        expect(outcome).toEqual({ isSuperseded: row.isSuperseded });
        expect((await tables.read(home, [])).opinions).toEqual(row.isSuperseded ? there : offered);
      });

      it.each([
        { sequence: 8, isLate: false },
        { sequence: 7, isLate: false },
        { sequence: 6, isLate: true },
        { sequence: 1, isLate: true },
      ])('over word 7 of the same invocation, word $sequence: late=$isLate, superseded=false', async (row) => {
        const there = opinions(5, 'aaaa', 7);
        const offered = { ...opinions(5, 'aaaa', row.sequence), outOfContactMs: { web: 99 } };
        await tables.writeOpinions(home, there);

        const outcome = await tables.writeOpinions(home, offered);

        expect(outcome).toEqual({ isSuperseded: false });
        expect((await tables.read(home, [])).opinions).toEqual(row.isLate ? there : offered);
      });

      it('leaves the word of the successor there when one of its predecessor comes late', async () => {
        const successor = opinions(6, 'bbbb', 1);
        await tables.writeOpinions(home, opinions(5, 'aaaa', 7));
        await tables.writeOpinions(home, successor);

        expect(await tables.writeOpinions(home, opinions(5, 'aaaa', 8))).toEqual({ isSuperseded: true });
        expect((await tables.read(home, [])).opinions).toEqual(successor);
      });

      it('compares generations as numbers', async () => {
        await tables.writeOpinions(home, opinions(9, 'aaaa', 1));

        expect(await tables.writeOpinions(home, opinions(10, 'bbbb', 1))).toEqual({ isSuperseded: false });
        expect(await tables.writeOpinions(home, opinions(9, 'aaaa', 2))).toEqual({ isSuperseded: true });
      });

      it('lets one of eight invocations have a generation', async ({ skip }) => {
        skip(faults.races !== undefined, faults.races);
        const outcomes = await Promise.all(
          indices(8).map((index) => tables.writeOpinions(home, opinions(1, `mark${index}`, 1))),
        );

        expect(outcomes.filter((outcome) => !outcome.isSuperseded)).toHaveLength(1);
      });
    });

    describe('claimToken', () => {
      it('is granted on an untouched table', async () => {
        const token = { epoch: 1, attempt: 1 };

        expect(await tables.claimToken(home, service, claimOf(token))).toEqual({ isGranted: true, claimed: token });
      });

      it.each([
        { epoch: 4, attempt: 9, isGranted: false },
        { epoch: 5, attempt: 2, isGranted: false },
        { epoch: 5, attempt: 3, isGranted: true },
        { epoch: 5, attempt: 4, isGranted: true },
        { epoch: 6, attempt: 1, isGranted: true },
        { epoch: 10, attempt: 1, isGranted: true },
      ])('after 5.3, $epoch.$attempt: granted=$isGranted', async ({ epoch, attempt, isGranted }) => {
        await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 3 }));

        const reply = await tables.claimToken(home, service, claimOf({ epoch, attempt }));

        expect(reply).toEqual({ isGranted, claimed: isGranted ? { epoch, attempt } : { epoch: 5, attempt: 3 } });
      });

      it.each([
        { token: '5.3', digest: 'aaaa', isAgain: true, isGranted: true },
        { token: '5.3', digest: 'bbbb', isAgain: false, isGranted: true },
        { token: '5.3', digest: 'bbbb', isAgain: true, isGranted: false },
        { token: '5.4', digest: 'bbbb', isAgain: true, isGranted: true },
      ])('after 5.3 with aaaa, $token with $digest (again=$isAgain): granted=$isGranted', async (next) => {
        const [epoch = 0, attempt = 0] = next.token.split('.').map(Number);
        const { digest, isAgain, isGranted } = next;
        await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 3 }));

        const reply = await tables.claimToken(home, service, claimOf({ epoch, attempt }, { digest, isAgain }));

        expect(reply).toEqual({ isGranted, claimed: { epoch, attempt } });
      });

      it('is read back as it was granted last; of another service, or before any, there is none', async () => {
        expect(await tables.readClaim(home, service)).toBeNull();

        await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 3 }));
        await tables.claimToken(home, service, claimOf({ epoch: 4, attempt: 9 }, { digest: 'bbbb' }));

        const { token, digest } = claimOf({ epoch: 5, attempt: 3 });
        expect(await tables.readClaim(home, service)).toEqual({ token, digest });
        expect(await tables.readClaim(home, 'api')).toBeNull();
      });

      it('leaves the register alone', async () => {
        await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 3 }));

        expect((await tables.read(home, [service])).acceptors).toEqual({ [service]: null });
      });
    });

    describe('read', () => {
      it('says null of what nobody has written', async () => {
        expect(await tables.read(home, [service, 'api'])).toEqual({
          opinions: null,
          acceptors: { [service]: null, api: null },
        });
      });

      it('shows what was written last, by service', async () => {
        const item = opinions(1, 'aaaa', 7);
        const web = await tables.accept(home, service, ballot(2), register(1));
        const api = await tables.prepare(home, 'api', ballot(9));
        await tables.writeOpinions(home, item);

        const view = await tables.read(home, ['api', service]);

        expect(view).toEqual({ opinions: item, acceptors: { [service]: web.state, api: api.state } });
      });

      it('shows each write as soon as it was answered (writes=25)', async () => {
        for (const index of indices(25)) {
          const written = await tables.accept(home, service, ballot(index + 1), register(index));

          expect((await tables.read(home, [service])).acceptors[service]).toEqual(written.state);
        }
      });

      it('takes a service that is named twice', async () => {
        const { state } = await tables.prepare(home, service, ballot(1));

        expect((await tables.read(home, [service, service])).acceptors).toEqual({ [service]: state });
      });

      it('takes 99 services', async () => {
        const services = indices(99).map((index) => `service-${index}`);

        expect(Object.keys((await tables.read(home, services)).acceptors)).toHaveLength(99);
      });
    });

    it('keeps regions apart', async () => {
      await tables.accept(home, service, ballot(5), register(1));
      await tables.writeOpinions(home, opinions(5, 'aaaa', 1));
      await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 1 }));

      expect(await tables.read(away, [service])).toEqual({ opinions: null, acceptors: { [service]: null } });
      expect(await tables.claimToken(away, service, claimOf({ epoch: 1, attempt: 1 }))).toMatchObject({
        isGranted: true,
      });
      expect(await tables.prepare(away, service, ballot(1))).toMatchObject({ isGranted: true });
    });

    it('keeps services apart', async () => {
      await tables.accept(home, service, ballot(5), register(1));
      await tables.claimToken(home, service, claimOf({ epoch: 5, attempt: 1 }));

      expect(await tables.prepare(home, 'api', ballot(1))).toMatchObject({
        isGranted: true,
        state: { accepted: null },
      });
      expect(await tables.claimToken(home, 'api', claimOf({ epoch: 1, attempt: 1 }))).toMatchObject({
        isGranted: true,
      });
    });
  });
}

describe('SimStateTables', () => {
  it('comes back empty, with another incarnation, after it was lost', () => {
    const tables = new SimStateTables(regions, countingMarks());
    const before = tables.accept(home, service, ballot(5), register(1));
    const elsewhere = tables.accept(away, service, ballot(5), register(1));

    tables.lose(home);

    expect(tables.read(home, [service])).toEqual({ opinions: null, acceptors: { [service]: null } });
    expect(tables.prepare(home, service, ballot(1)).state.incarnation).not.toBe(before.state.incarnation);
    expect(tables.read(away, [service]).acceptors[service]).toEqual(elsewhere.state);
  });

  it('keeps nothing of a refused write', () => {
    const tables = new SimStateTables(regions, countingMarks());
    tables.prepare(home, service, ballot(5));

    tables.accept(home, service, ballot(1), register(1));

    expect(tables.read(home, [service]).acceptors[service]).toMatchObject({ promised: ballot(5), accepted: null });
  });
});

describe('DynamoDbStateTables against the core, by dynalite', () => {
  let keeper: Keeper;
  let opened = 0;

  beforeAll(async () => {
    keeper = await keepInDynalite();
  });
  afterAll(() => keeper?.stop());

  it('answers any sequence of calls as the simulated tables do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 30 }), async (operations) => {
        opened += 1;
        const real = await keeper.open(`model-${opened}`);
        const model = overPromises(new SimStateTables(regions, countingMarks()));

        const answers = { real: [] as unknown[], model: [] as unknown[] };
        for (const run of operations) {
          answers.real.push(await run(real));
          answers.model.push(await run(model));
        }

        expect(renumberMarks(answers.real)).toEqual(renumberMarks(answers.model));
      }),
      { numRuns: 60 },
    );
  });
});

describe('DynamoDbStateTables on the wire', () => {
  let server: Server;
  let clients: AwsClients;
  let sent: Record<string, unknown>[] = [];

  beforeAll(async () => {
    const started = await listen(
      createServer(async (request, response) => {
        const target = request.headers['x-amz-target'];
        sent.push({ target, ...JSON.parse((await request.toArray()).join('')) });
        const item = { incarnation: { S: 'aaaa' }, promised: { S: 'b' }, epoch: { N: '1' }, attempt: { N: '1' } };
        response.end(JSON.stringify({ Attributes: item, Responses: {} }));
      }),
    );
    server = started.server;
    clients = new AwsClients({ endpoints: { [home]: started.url }, callDeadlineMs: motoDeadlineMs });
  });
  beforeEach(() => {
    sent = [];
  });
  afterAll(async () => {
    clients.close();
    await close(server);
  });

  it.each<{ method: keyof StateTables; run: (tables: StateTables) => Promise<unknown> }>([
    { method: 'prepare', run: (tables) => tables.prepare(home, service, ballot(1)) },
    { method: 'accept', run: (tables) => tables.accept(home, service, ballot(1), register(1)) },
    { method: 'writeOpinions', run: (tables) => tables.writeOpinions(home, opinions(1, 'aaaa', 1)) },
    { method: 'claimToken', run: (tables) => tables.claimToken(home, service, claimOf({ epoch: 1, attempt: 1 })) },
  ])('makes $method one conditional update that asks for the item, granted or refused', async ({ run }) => {
    await run(
      new DynamoDbStateTables({ clients, deployment: 'shop', rng: systemRng, clock: systemClock, countsVotes: false }),
    );

    expect(sent).toEqual([
      expect.objectContaining({
        target: 'DynamoDB_20120810.UpdateItem',
        TableName: 'shop-failover-state',
        ConditionExpression: expect.any(String),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ]);
  });

  it('makes read one consistent read of all items', async () => {
    await new DynamoDbStateTables({
      clients,
      deployment: 'shop',
      rng: systemRng,
      clock: systemClock,
      countsVotes: false,
    }).read(home, ['web', 'api']);

    const keys = ['opinions', 'register#web', 'register#api'].map((pk) => ({ pk: { S: pk } }));
    expect(sent).toEqual([
      {
        target: 'DynamoDB_20120810.BatchGetItem',
        RequestItems: { 'shop-failover-state': { Keys: keys, ConsistentRead: true } },
      },
    ]);
  });

  it('marks a table with 12 characters that differ from call to call', async () => {
    const tables = new DynamoDbStateTables({
      clients,
      deployment: 'shop',
      rng: systemRng,
      clock: systemClock,
      countsVotes: false,
    });

    await tables.prepare(home, service, ballot(1));
    await tables.prepare(home, service, ballot(2));

    const marks = sent.map(({ ExpressionAttributeValues: values }) => {
      return (values as Record<string, { S: string }>)[':incarnation']?.S ?? '';
    });
    expect(marks.every((mark) => /^[0-9a-z]{12}$/.test(mark))).toBe(true);
    expect(new Set(marks).size).toBe(2);
  });
});

describe('DynamoDbStateTables when the outside fails', () => {
  /** A busy machine fires timers late. */
  const marginMs = 60_000;
  let stop: () => Promise<void> = async () => {};

  afterEach(() => stop());

  /** Tables at a server that answers each request in the way given; with the number of requests it saw. */
  async function openAt(listener: RequestListener): Promise<{ tables: StateTables; countRequests: () => number }> {
    let requests = 0;
    const { server, url } = await listen(
      createServer((request, response) => {
        requests += 1;
        listener(request, response);
      }),
    );
    const clients = new AwsClients({ endpoints: { [home]: url } });
    stop = async () => {
      clients.close();
      await close(server);
    };
    return {
      tables: new DynamoDbStateTables({
        clients,
        deployment: 'shop',
        rng: systemRng,
        clock: systemClock,
        countsVotes: false,
      }),
      countRequests: () => requests,
    };
  }

  it('is unavailable at once when nothing listens', async () => {
    const { server, url } = await listen(createServer());
    await close(server);
    const tables = new DynamoDbStateTables({
      clients: new AwsClients({ endpoints: { [home]: url } }),
      deployment: 'shop',
      rng: systemRng,
      clock: systemClock,
      countsVotes: false,
    });

    const { fault, elapsedMs } = await failureOf(() => tables.prepare(home, service, ballot(1)));

    expect(fault.kind).toBe('unavailable');
    expect(elapsedMs).toBeLessThan(callDeadlineMsDefault + marginMs);
  });

  it.each([
    { what: 'never answers', listener: () => {} },
    {
      what: 'starts an answer and never ends it',
      listener: ((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' });
        response.write('{');
      }) as RequestListener,
    },
    {
      what: 'drips an answer that never ends',
      listener: ((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        const drip = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(drip));
      }) as RequestListener,
    },
  ])('times out within the deadline when the server $what', async ({ listener }) => {
    const { tables, countRequests } = await openAt(listener);

    const { fault, elapsedMs } = await failureOf(() => tables.prepare(home, service, ballot(1)));

    expect(fault.kind).toBe('timeout');
    expect(elapsedMs).toBeGreaterThan(callDeadlineMsDefault * 0.9);
    expect(elapsedMs).toBeLessThan(callDeadlineMsDefault + marginMs);
    expect(countRequests()).toBe(1);
  });

  it('times out within the deadline when what it waits for heeds no signal', async () => {
    const clients = new AwsClients({ callDeadlineMs: 50 });

    const { fault, elapsedMs } = await failureOf(() => clients.call(() => new Promise(() => {})));

    expect(fault.kind).toBe('timeout');
    expect(elapsedMs).toBeLessThan(50 + marginMs);
  });

  it.each([
    { status: 400, type: 'ProvisionedThroughputExceededException', kind: 'throttled' },
    { status: 400, type: 'ThrottlingException', kind: 'throttled' },
    { status: 400, type: 'RequestLimitExceeded', kind: 'throttled' },
    { status: 400, type: 'AccessDeniedException', kind: 'denied' },
    { status: 400, type: 'ExpiredTokenException', kind: 'denied' },
    { status: 400, type: 'UnrecognizedClientException', kind: 'denied' },
    { status: 400, type: 'ValidationException', kind: 'invalid' },
    { status: 400, type: 'ResourceNotFoundException', kind: 'unavailable' },
    { status: 500, type: 'InternalServerError', kind: 'unavailable' },
  ])('says $kind for $type, in one request', async ({ status, type, kind }) => {
    const { tables, countRequests } = await openAt((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }));
    });

    const { fault } = await failureOf(() => tables.accept(home, service, ballot(1), register(1)));

    expect(fault).toMatchObject({ kind, detail: expect.stringContaining(type) });
    expect(countRequests()).toBe(1);
  });

  it('is unavailable when something in between answers with a web page', async () => {
    const { tables } = await openAt((_request, response) => {
      response.writeHead(503, { 'content-type': 'text/html' });
      response.end('<html>no</html>');
    });

    expect((await failureOf(() => tables.read(home, [service]))).fault.kind).toBe('unavailable');
  });

  it('tries once more when the connection breaks, and no more than that', async () => {
    const { tables, countRequests } = await openAt((request) => request.socket.destroy());

    const { fault } = await failureOf(() => tables.prepare(home, service, ballot(1)));

    expect(fault.kind).toBe('unavailable');
    expect(countRequests()).toBe(2);
  });

  it('is not harmed by one broken connection', async () => {
    const attributes = { pk: { S: 'claim#web' }, epoch: { N: '1' }, attempt: { N: '1' } };
    let isBroken = true;
    const { tables } = await openAt((request, response) => {
      if (isBroken) request.socket.destroy();
      else response.end(JSON.stringify({ Attributes: attributes }));
      isBroken = false;
    });

    expect(await tables.claimToken(home, service, claimOf({ epoch: 1, attempt: 1 }))).toMatchObject({
      isGranted: true,
    });
  });

  it('refuses in one request when the refusal carries the item', async () => {
    const item = { pk: { S: 'claim#web' }, epoch: { N: '5' }, attempt: { N: '2' } };
    const { tables, countRequests } = await openAt((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'x#ConditionalCheckFailedException', message: 'no', Item: item }));
    });

    const reply = await tables.claimToken(home, service, claimOf({ epoch: 1, attempt: 1 }));

    expect(reply).toEqual({ isGranted: false, claimed: { epoch: 5, attempt: 2 } });
    expect(countRequests()).toBe(1);
  });

  it.each([
    { what: 'no incarnation', item: { promised: { S: ballot(1) } } },
    { what: 'no promise', item: { incarnation: { S: 'aaaa' } } },
    { what: 'a value that is not JSON', item: { incarnation: { S: 'a' }, promised: { S: 'b' }, accepted: { S: '{' } } },
  ])('is invalid when the item has $what', async ({ item }) => {
    const { tables } = await openAt((_request, response) => response.end(JSON.stringify({ Attributes: item })));

    expect((await failureOf(() => tables.prepare(home, service, ballot(1)))).fault.kind).toBe('invalid');
  });

  it('is throttled when a read leaves something out', async () => {
    const { tables } = await openAt((_request, response) => {
      const left = { Keys: [{ pk: { S: 'register#web' } }], ConsistentRead: true };
      response.end(JSON.stringify({ Responses: {}, UnprocessedKeys: { 'shop-failover-state': left } }));
    });

    expect((await failureOf(() => tables.read(home, [service]))).fault.kind).toBe('throttled');
  });
});

const operation: fc.Arbitrary<(tables: StateTables) => Promise<unknown>> = (() => {
  const region = fc.constantFrom(home, away);
  const name = fc.constantFrom('web', 'api');
  const anyBallot = fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('0.aaaa', '1.bbbb', '2.cccc'))
    .map(([counter, mark]) => makeBallot(counter, mark));
  const small = fc.integer({ min: 1, max: 11 });
  return fc.oneof(
    fc.tuple(region, name, anyBallot).map(([at, of, offered]) => (tables: StateTables) => {
      return tables.prepare(at, of, offered);
    }),
    fc.tuple(region, name, anyBallot, small).map(([at, of, offered, epoch]) => (tables: StateTables) => {
      return tables.accept(at, of, offered, register(epoch));
    }),
    fc.tuple(region, small, fc.constantFrom('a', 'b'), small).map(([at, generation, mark, sequence]) => {
      return (tables: StateTables) => tables.writeOpinions(at, opinions(generation, mark, sequence));
    }),
    fc.tuple(region, name, small, small).map(([at, of, epoch, attempt]) => (tables: StateTables) => {
      return tables.claimToken(at, of, claimOf({ epoch, attempt }));
    }),
    region.map((at) => (tables: StateTables) => tables.read(at, ['web', 'api'])),
  );
})();

/** Replaces each incarnation by the order in which it first appeared. */
function renumberMarks(answers: readonly unknown[]): unknown {
  const seen: string[] = [];
  return JSON.parse(JSON.stringify(answers), (key, value) => {
    if (key !== 'incarnation') return value;
    if (!seen.includes(value)) seen.push(value);
    return seen.indexOf(value);
  });
}

async function failureOf(action: () => Promise<unknown>) {
  const startedMs = performance.now();
  const error = await action().then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => thrown,
  );
  const elapsedMs = performance.now() - startedMs;
  if (!(error instanceof PortError)) throw error;
  return { fault: error.fault, elapsedMs };
}

function overPromises(tables: Immediate<StateTables>): StateTables {
  return {
    prepare: async (...input) => tables.prepare(...input),
    accept: async (...input) => tables.accept(...input),
    read: async (...input) => tables.read(...input),
    writeOpinions: async (...input) => tables.writeOpinions(...input),
    claimToken: async (...input) => tables.claimToken(...input),
    readClaim: async (...input) => tables.readClaim(...input),
  };
}

function countingMarks(): () => string {
  let made = 0;
  return () => {
    made += 1;
    return `table${made}`;
  };
}

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

function ballot(counter: number): string {
  return makeBallot(counter, '0.aaaa');
}

function indices(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function register(epoch: number): Register {
  return { ...genesis('virginia'), epoch };
}

function fullRegister(): Register {
  return {
    ...genesis('virginia'),
    voters: ['a', 'b', 'c'].map((region) => ({ region, incarnation: `${region}-mark` })),
    pause: { by: 'ops', reason: 'höchste "Vorsicht"\n' },
    maintenance: ['oregon'],
    moves: [
      { epoch: 2, kind: 'failback', from: 'two', to: 'one', isAcknowledged: false },
      { epoch: 3, kind: 'failover', from: 'one', to: 'two', isAcknowledged: true },
    ],
    history: [{ epoch: 1, atMs: 1_700_000_000_000, by: 'us-east-1', what: 'genesis' }],
  };
}

function opinions(generation: number, invocation: string, sequence: number): OpinionItem {
  return {
    generation,
    invocation,
    sequence,
    wallMs: 0,
    tracks: { web: { virginia: blankTrack } },
    stopwatches: {},
    outOfContactMs: {},
    digests: {},
  };
}
