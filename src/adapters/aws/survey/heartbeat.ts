import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { partitionKey } from '../../../config/plan/names.ts';
import type { LagSource } from '../../../core/model/site.ts';
import type { AwsClients } from '../clients.ts';

/** Where the active site writes the time. */
type Heartbeat = Extract<LagSource, { readonly kind: 'heartbeat' }>;

/**
 * Lag by a heartbeat item, in milliseconds, as the replica in this region has it; undefined without one.
 *
 * The clocks of the active site and of this machine both go into it; both are kept by AWS's own time service to within
 * milliseconds, and a clock that is ahead makes no negative lag.
 *
 * @param nowMs - epoch milliseconds
 * @throws {PortError} when DynamoDB does not answer
 */
export async function heartbeatLagMs(
  clients: AwsClients,
  region: string,
  { tableName, key, attribute }: Heartbeat,
  nowMs: number,
): Promise<number | undefined> {
  const command = new GetItemCommand({
    TableName: tableName,
    Key: { [partitionKey]: { S: key } },
    ProjectionExpression: '#at',
    ExpressionAttributeNames: { '#at': attribute },
  });
  const { Item } = await clients.call((options) => clients.of(DynamoDBClient, region).send(command, options));
  const writtenMs = timeIn(Item?.[attribute]);
  return writtenMs === null ? undefined : Math.max(0, nowMs - writtenMs);
}

/** Epoch milliseconds of a number or of an ISO time; null for anything else. */
export function timeIn(value: AttributeValue | undefined): number | null {
  const text = value?.N ?? value?.S;
  if (text === undefined || text.trim() === '') return null;
  const atMs = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Date.parse(text);
  // Seconds would be taken for a day in 1970, and every lag for half a century: that is no time in milliseconds.
  return Number.isFinite(atMs) && atMs >= earliestMs ? atMs : null;
}

/** No heartbeat is older than 2001; seconds since 1970 stay below it until the year 33658. */
const earliestMs = 1_000_000_000_000;
