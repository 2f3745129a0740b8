import { type Answering, jsonError, type Seen } from '../stand-in.ts';

/** What one table, or one index of it, has. */
export interface CapacityState {
  read: number;
  write: number;
  /** Warm throughput, for writes. */
  warm: number;
}

/** The table `shop` with its index `by-day`, as DynamoDB and Application Auto Scaling know it. */
export interface TableState {
  readonly table: CapacityState;
  readonly index: CapacityState;
  readonly isOnDemand?: boolean;
  readonly replicas?: readonly string[];
  /** Most write units that are paid by request. */
  readonly most?: number;
  /** What Application Auto Scaling keeps, by resource and dimension. */
  readonly targets?: Record<string, { MinCapacity: number; MaxCapacity: number }>;
  status?: string;
  /** Describes after a change that still show the old capacity. */
  readonly describesUpdating?: number;
}

interface Change {
  readonly ProvisionedThroughput?: { readonly ReadCapacityUnits: number; readonly WriteCapacityUnits: number };
  readonly WarmThroughput?: { readonly ReadUnitsPerSecond?: number; readonly WriteUnitsPerSecond?: number };
}

/**
 * Answers as both services do: a table takes one change at a time and shows the old capacity until it is done, refuses
 * one that changes nothing, and warm throughput is not lowered; a new range moves the capacity into it. Source: Amazon
 * DynamoDB API Reference, UpdateTable; Application Auto Scaling User Guide, "Application Auto Scaling concepts".
 */
export function dynamodbTableServer(state: TableState): Answering {
  let [left, pending]: [number, () => void] = [0, () => {}];
  const begin = (apply: () => void) => {
    [left, pending, state.status] = [state.describesUpdating ?? 0, apply, 'UPDATING'];
    if (left === 0) settle();
  };
  const settle = () => {
    pending();
    state.status = 'ACTIVE';
  };
  const update = (part: CapacityState, { ProvisionedThroughput: wanted, WarmThroughput: warm }: Change) => {
    if (state.status === 'UPDATING') return 'ResourceInUseException';
    if (warm !== undefined) {
      const units = warm.WriteUnitsPerSecond ?? 0;
      if (units <= part.warm) return 'ValidationException';
      begin(() => Object.assign(part, { warm: units }));
      return null;
    }
    const [read, write] = [wanted?.ReadCapacityUnits ?? 0, wanted?.WriteCapacityUnits ?? 0];
    const isSame = read === part.read && write === part.write;
    if (state.isOnDemand || isSame || read < 1 || write < 1) return 'ValidationException';
    begin(() => Object.assign(part, { read, write }));
    return null;
  };

  return ({ headers, body }, response) => {
    const operation = String(headers['x-amz-target']).split('.').at(-1);
    const asked = JSON.parse(body);
    const answer = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(value));
    if (operation === 'DescribeScalableTargets') {
      const target = state.targets?.[`${asked.ResourceIds[0]} ${asked.ScalableDimension}`];
      return answer({ ScalableTargets: target === undefined ? [] : [target] });
    }
    if (operation === 'RegisterScalableTarget') {
      const { MinCapacity, MaxCapacity, ResourceId, ScalableDimension } = asked;
      Object.assign(state.targets?.[`${ResourceId} ${ScalableDimension}`] ?? {}, { MinCapacity, MaxCapacity });
      const part = ResourceId.includes('/index/') ? state.index : state.table;
      const field = ScalableDimension.endsWith('ReadCapacityUnits') ? 'read' : 'write';
      const inside = Math.min(Math.max(part[field], MinCapacity), MaxCapacity);
      if (inside !== part[field]) begin(() => Object.assign(part, { [field]: inside }));
      return answer({});
    }
    if (asked.TableName !== 'shop') return jsonError(response, 'ResourceNotFoundException');
    if (operation === 'UpdateTable') {
      const [change] = asked.GlobalSecondaryIndexUpdates ?? [];
      const error = change === undefined ? update(state.table, asked) : update(state.index, change.Update);
      return error === null ? answer({ TableDescription: describe(state) }) : jsonError(response, error);
    }
    const shown = describe(state);
    if (left > 0) {
      left -= 1;
      if (left === 0) settle();
    }
    return answer({ Table: shown });
  };
}

/** Operations that were asked for besides looking, each with its body. */
export function changesIn(seen: readonly Seen[]): readonly (readonly [operation: string, body: unknown])[] {
  return seen
    .map(({ headers, body }) => [String(headers['x-amz-target']).split('.').at(-1) ?? '', JSON.parse(body)] as const)
    .filter(([operation]) => !operation.startsWith('Describe'));
}

function describe({
  table,
  index,
  isOnDemand = false,
  replicas = [],
  most = -1,
  status = 'ACTIVE',
}: TableState): object {
  const isUpdating = status === 'UPDATING';
  const partOf = ({ read, write, warm }: CapacityState) => ({
    ProvisionedThroughput: { ReadCapacityUnits: isOnDemand ? 0 : read, WriteCapacityUnits: isOnDemand ? 0 : write },
    OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: most },
    WarmThroughput: { ReadUnitsPerSecond: warm, WriteUnitsPerSecond: warm, Status: isUpdating ? 'UPDATING' : 'ACTIVE' },
  });
  return {
    TableName: 'shop',
    // Warming a table leaves it active.
    TableStatus: isOnDemand && isUpdating ? 'ACTIVE' : status,
    ...(isOnDemand ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    Replicas: replicas.map((RegionName) => ({ RegionName })),
    ...partOf(table),
    GlobalSecondaryIndexes: [{ IndexName: 'by-day', IndexStatus: 'ACTIVE', ...partOf(index) }],
  };
}
