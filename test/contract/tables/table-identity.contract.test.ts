import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBackupCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { stateTableSchema } from '../../../src/adapters/aws/tables/state-table-schema.ts';
import { absenceMsMax } from '../../../src/adapters/aws/tables/table-identities.ts';
import { systemRng } from '../../../src/adapters/system/rng.ts';
import { makeBallot } from '../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../src/core/register/register.ts';
import type { StateTables } from '../../../src/ports/state-tables.ts';
import { SimStateTables } from '../../../src/sim/world/state-tables.ts';
import { findMoto, motoStartMsMax, startMoto } from '../../support/moto.ts';

const region = 'us-east-1';
const service = 'web';
const callDeadlineMs = 120_000;

/** A state table that can be put back to an earlier state under its own name, as a person would. */
interface Account {
  /** A process that counts votes, with a clock of its own; each has its own memory of which table is which. */
  process(clock: TestClock): StateTables;
  backUp(): Promise<void>;
  /** Deletes the table and makes another from the backup. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

interface TestClock {
  nowMs: number;
}

function inMemory(): Account {
  let made = 0;
  const tables = new SimStateTables([region], () => `mark${made++}`);
  return {
    process: () => ({
      prepare: async (...input) => tables.prepare(...input),
      accept: async (...input) => tables.accept(...input),
      read: async (...input) => tables.read(...input),
      writeOpinions: async (...input) => tables.writeOpinions(...input),
      claimToken: async (...input) => tables.claimToken(...input),
      readClaim: async (...input) => tables.readClaim(...input),
    }),
    backUp: async () => tables.backUp(region),
    restore: async () => tables.restore(region),
    stop: async () => {},
  };
}

type Restoring = Pick<Account, 'backUp' | 'restore'>;

async function atEndpoint(
  url: string,
  restoring: (client: DynamoDBClient, TableName: string) => Restoring,
  stop: () => Promise<void>,
): Promise<Account> {
  const clients = new AwsClients({ endpoints: { [region]: url }, callDeadlineMs });
  const client = clients.of(DynamoDBClient, region);
  const schema = stateTableSchema('shop');
  await client.send(new CreateTableCommand(schema));
  await untilActive(client, `${schema.TableName}`);
  return {
    process: (clock) =>
      new DynamoDbStateTables({
        clients,
        deployment: 'shop',
        rng: systemRng,
        clock: { monotonicMs: () => clock.nowMs, wallMs: () => clock.nowMs },
      }),
    ...restoring(client, `${schema.TableName}`),
    stop: async () => {
      clients.close();
      await stop();
    },
  };
}

async function inDynalite(): Promise<Account> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return atEndpoint(url, byHand, async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}

/** dynalite knows no backups: the items are copied, as a person may do it too. */
function byHand(client: DynamoDBClient, TableName: string): Restoring {
  let items: NonNullable<Awaited<ReturnType<typeof scan>>['Items']> = [];
  const scan = () => client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return {
    backUp: async () => {
      items = (await scan()).Items ?? [];
    },
    restore: async () => {
      await client.send(new DeleteTableCommand({ TableName }));
      await untilGone(client, TableName);
      await client.send(new CreateTableCommand(stateTableSchema('shop')));
      await untilActive(client, TableName);
      for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
    },
  };
}

/** moto_server 5.2.1 gives no TableId; when the table was made stands in for it. */
function fromBackup(client: DynamoDBClient, TableName: string): Restoring {
  let arn: string | undefined;
  return {
    backUp: async () => {
      const { BackupDetails } = await client.send(new CreateBackupCommand({ TableName, BackupName: 'yesterday' }));
      arn = BackupDetails?.BackupArn;
    },
    restore: async () => {
      await client.send(new DeleteTableCommand({ TableName }));
      await client.send(new RestoreTableFromBackupCommand({ TargetTableName: TableName, BackupArn: arn }));
      await untilActive(client, TableName);
    },
  };
}

async function untilActive(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(10);
  }
  throw new Error(`table ${TableName} is not active after a hundred looks`);
}

async function untilGone(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    const isThere = await client.send(new DescribeTableCommand({ TableName })).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    await sleep(10);
  }
  throw new Error(`table ${TableName} is still there after a hundred looks`);
}

const motoPath = findMoto();

describeContract('in the simulator', async () => inMemory());
describeContract('in DynamoDB, by dynalite', inDynalite);
if (motoPath !== null) {
  describeContract('in DynamoDB, by moto', async () => {
    const moto = await startMoto(motoPath);
    return atEndpoint(moto.url, fromBackup, () => moto.stop());
  });
} else {
  it('the identity of tables in DynamoDB, by moto', ({ skip }) => {
    const reason = 'there is no moto_server on PATH (pip install "moto[server]==5.2.1")';
    if (process.env.CI === 'true') expect.fail(`CI needs it, but ${reason}`);
    skip(reason);
  });
}

function describeContract(where: string, open: () => Promise<Account>): void {
  describe(`the identity of state tables ${where}`, () => {
    let account: Account;

    beforeAll(async () => {
      account = await open();
    }, motoStartMsMax);
    afterAll(() => account?.stop());

    it('is the same for every process, and another once the table was restored from a backup', async () => {
      const clock = { nowMs: 0 };
      const before = account.process(clock);
      const written = await before.accept(region, service, ballot(2), register(2));
      const other = await account.process({ nowMs: 7 }).prepare(region, service, ballot(1));
      await account.backUp();
      await before.accept(region, service, ballot(3), register(3));

      await account.restore();
      clock.nowMs += absenceMsMax + 1;

      const seenBefore = (await before.read(region, [service])).acceptors[service];
      const seenAfter = (await account.process({ nowMs: 0 }).read(region, [service])).acceptors[service];
      expect(other.state.incarnation).toBe(written.state.incarnation);
      expect(seenAfter).toMatchObject({ promised: ballot(2), accepted: register(2) });
      expect(seenBefore).toEqual(seenAfter);
      expect(seenAfter?.incarnation).not.toBe(written.state.incarnation);
    });
  });
}

function ballot(counter: number): string {
  return makeBallot(counter, '0.aaaa');
}

function register(epoch: number): Register {
  return { ...genesis('virginia'), epoch };
}
