import {
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  type TableDescription,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { scalableDimension } from '../../../config/plan/names.ts';
import { type ScaleState, type TableCapacity, tablePartOf } from '../../../core/kinds/start.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { readTarget, type ScalableTarget, type TargetKey, writeTarget } from './scalable-target.ts';
import type { ScaleHandle } from './scale-handle.ts';

/** A table, or an index of it, as its region knows it. */
interface Seen {
  readonly table: TableDescription;
  readonly part: TableDescription | GlobalSecondaryIndexDescription;
  /** Paid by request: nothing is provisioned. */
  readonly isOnDemand: boolean;
  /** Null where nothing scales it, or nothing is provisioned. */
  readonly target: ScalableTarget | null;
  readonly state: ScaleState;
}

/** The fields of one of the two capacities, as the APIs name them. */
const fields = {
  read: { units: 'ReadCapacityUnits', warm: 'ReadUnitsPerSecond', max: 'MaxReadRequestUnits' },
  write: { units: 'WriteCapacityUnits', warm: 'WriteUnitsPerSecond', max: 'MaxWriteRequestUnits' },
} as const;

/** Statuses in which DynamoDB takes no change. Source: Amazon DynamoDB API Reference, `TableDescription`. */
const changing: readonly (string | undefined)[] = ['CREATING', 'UPDATING'];

/** Of DynamoDB, for a table that it does not know. */
const noTable = 'ResourceNotFoundException';

/**
 * What a table of DynamoDB, or an index of it, can read or write in a second. What that is depends on the table:
 *
 * - Provisioned: its capacity units. While DynamoDB changes them it shows the old ones and refuses another change; the
 *   size is on its way then. Source: Amazon DynamoDB API Reference, UpdateTable.
 * - Provisioned, and scaled by Application Auto Scaling: the least that this keeps, because it would undo anything
 *   else. It brings the capacity into the new range when it is told of it. A most that is below the size is raised, and
 *   stays so. Source: Application Auto Scaling User Guide, "Application Auto Scaling concepts".
 * - Paid by request (on-demand): the warm throughput, which can be raised only, and stays. Source: Amazon DynamoDB
 *   Developer Guide, "Understanding DynamoDB warm throughput".
 *
 * A global table has one setting of write capacity and one of warm throughput for all its replicas, the failed region's
 * among them: neither is set in a run. Source: the same guide, "Throughput capacity planning for global tables".
 */
export const dynamodbCapacity: ScaleHandle<'dynamodb-capacity'> = {
  async read(clients, { region }, scalable) {
    return (await look(clients, region, scalable)).state;
  },

  async set(clients, { region }, scalable, { size }) {
    const seen = await look(clients, region, scalable);
    const { wanted, isLasting } = seen.state;
    if (isLasting ? wanted >= size : wanted === size) return;
    const reason = reasonAgainst(seen, scalable, size);
    if (reason !== null) throw new PortError({ kind: 'invalid', detail: reason });
    if (seen.target !== null) {
      const MaxCapacity = Math.max(seen.target.MaxCapacity, size);
      await writeTarget(clients, region, targetKey(scalable), { MinCapacity: size, MaxCapacity });
      return;
    }
    const command = new UpdateTableCommand(changeOf(seen, scalable, size));
    await clients.call((options) => clients.of(DynamoDBClient, region).send(command, options));
  },
};

/** Why a size cannot be set, with the way out; null when it can. */
function reasonAgainst({ table, part, isOnDemand }: Seen, scalable: TableCapacity, size: number): string | null {
  const { units } = scalable;
  const name = tablePartOf(scalable);
  if ((table.Replicas ?? []).length > 0 && isOnDemand)
    return `${name} is of a global table: raise its warm throughput to ${size} by hand, once, for all replicas`;
  if ((table.Replicas ?? []).length > 0 && units === 'write')
    return `${name} is of a global table, whose replicas share one write capacity: keep it at ${size}, and leave it out of scale`;
  const most = isOnDemand ? (part.OnDemandThroughput?.[fields[units].max] ?? -1) : -1;
  return most > 0 && most < size
    ? `${name} may ${units} ${most} units a second at most (OnDemandThroughput): raise that to ${size}`
    : null;
}

/** What is not named stays; of two capacities both have to be named. */
function changeOf({ part, isOnDemand }: Seen, { table, index, units }: TableCapacity, size: number) {
  const { ReadCapacityUnits, WriteCapacityUnits } = part.ProvisionedThroughput ?? {};
  const change = isOnDemand
    ? { WarmThroughput: { [fields[units].warm]: size } }
    : { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits, [fields[units].units]: size } };
  const updates =
    index === undefined ? change : { GlobalSecondaryIndexUpdates: [{ Update: { IndexName: index, ...change } }] };
  return { TableName: table, ...updates } satisfies UpdateTableCommandInput;
}

/**
 * @throws {PortError} `invalid` when the region has no such table or index; `unavailable` when it is none that works,
 *   such as one whose key is gone
 */
async function look(clients: AwsClients, region: string, scalable: TableCapacity): Promise<Seen> {
  const { units, index } = scalable;
  const table = await describeTable(clients, region, scalable.table);
  const part = index === undefined ? table : table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
  if (part === undefined)
    throw new PortError({ kind: 'invalid', detail: `table ${scalable.table} has no index ${index} in ${region}` });
  const isOnDemand = table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const statuses = [table.TableStatus, ...('IndexStatus' in part ? [part.IndexStatus] : [])];
  const odd = statuses.find((status) => status !== 'ACTIVE' && !changing.includes(status));
  if (odd !== undefined)
    throw new PortError({ kind: 'unavailable', detail: `table ${tablePartOf(scalable)} in ${region} is ${odd}` });
  const target = isOnDemand ? null : await readTarget(clients, region, targetKey(scalable));
  const warm = part.WarmThroughput;
  const isChanging =
    statuses.some((status) => changing.includes(status)) || (isOnDemand && warm?.Status === 'UPDATING');
  const there = isOnDemand ? warm?.[fields[units].warm] : part.ProvisionedThroughput?.[fields[units].units];
  const ready = there ?? 0;
  const state = { wanted: target?.MinCapacity ?? ready, ready, isChanging, isLasting: isOnDemand };
  return { table, part, isOnDemand, target, state };
}

/**
 * A table of DynamoDB, as its region knows it.
 *
 * @throws {PortError} `invalid` when the region has no such table
 */
export async function describeTable(clients: AwsClients, region: string, name: string): Promise<TableDescription> {
  const command = new DescribeTableCommand({ TableName: name });
  try {
    const { Table } = await clients.call((options) => clients.of(DynamoDBClient, region).send(command, options));
    if (Table !== undefined) return Table;
  } catch (error) {
    if (!(error instanceof PortError && error.cause instanceof Error && error.cause.name === noTable)) throw error;
    throw new PortError({ kind: 'invalid', detail: `no table ${name} in ${region}` }, error);
  }
  throw new PortError({ kind: 'unavailable', detail: `DescribeTable gave nothing of ${name}` });
}

/** How Application Auto Scaling names a capacity. Source: its API Reference, RegisterScalableTarget. */
function targetKey({ table, index, units }: TableCapacity): TargetKey {
  return {
    ServiceNamespace: 'dynamodb',
    ResourceId: index === undefined ? `table/${table}` : `table/${table}/index/${index}`,
    ScalableDimension: scalableDimension({ index, units }),
  };
}
