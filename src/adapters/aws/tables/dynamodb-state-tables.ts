import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { partitionKey, stateTableName } from '../../../config/plan/names.ts';
import type { Fault } from '../../../core/fault.ts';
import type { AcceptorReply, AcceptorState } from '../../../core/register/acceptor.ts';
import { type Ballot, noBallot } from '../../../core/register/ballot.ts';
import type { Register } from '../../../core/register/register.ts';
import type { FencingToken } from '../../../core/register/run.ts';
import type { OpinionItem } from '../../../core/tables/opinion-item.ts';
import type { TableView } from '../../../core/tables/table-view.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { Claim, StateTables } from '../../../ports/state-tables.ts';
import type { AwsClients, SendOptions } from '../clients.ts';
import { bodyAttribute, bodyText } from './opinion-body.ts';
import { TableIdentities } from './table-identities.ts';

/**
 * Number of base-36 characters of an incarnation: 62 bits, so that an item that is created again never gets its old
 * mark.
 */
const markLength = 12;

const opinionsKey = 'opinions';

type Item = Readonly<Record<string, AttributeValue>>;
type Values = Readonly<Record<string, AttributeValue>>;
type Change = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** The identity of the table that answered, or why it is not known; undefined where it is not asked for. */
type Identity = string | Fault | undefined;

/** What state tables are made of. */
export interface StateTablesParts {
  readonly clients: AwsClients;
  /** Name of the deployment. */
  readonly deployment: string;
  /** Source of the marks of memories. */
  readonly rng: Rng;
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /**
   * Whether each answer must come with the identity of its table, which a caller needs to count votes. Actuators and
   * surveys count no votes, so they need no identity; the incarnations that they read are not those of voters.
   */
  readonly countsVotes?: boolean;
}

/** A conditional write: granted or refused, with the item as it is after the call. */
interface Written {
  readonly isGranted: boolean;
  readonly item: Item;
}

/**
 * State tables in DynamoDB, one table a control region.
 *
 * Each write is one conditional `UpdateItem` that returns the item whether it was granted or refused. The retry of a
 * call is safe: a repeated write is granted again. The exception is a prepare, which its own ballot refuses, as if
 * another proposer had overtaken it.
 *
 * An incarnation consists of the item's own random mark and the identity of its table. So a table that was created
 * again, or restored from a backup with its items, is never taken for the lost table.
 */
export class DynamoDbStateTables implements StateTables {
  readonly #clients: AwsClients;
  readonly #tableName: string;
  readonly #rng: Rng;
  readonly #identities: TableIdentities | null;

  constructor({ clients, deployment, rng, clock, countsVotes = true }: StateTablesParts) {
    this.#clients = clients;
    this.#tableName = stateTableName(deployment);
    this.#rng = rng;
    this.#identities = countsVotes ? new TableIdentities((region) => this.#describe(region), clock) : null;
  }

  async prepare(region: string, service: string, ballot: Ballot): Promise<AcceptorReply<Register>> {
    return this.#vote(region, service, {
      UpdateExpression: 'SET incarnation = if_not_exists(incarnation, :incarnation), promised = :ballot',
      ConditionExpression: 'attribute_not_exists(promised) OR promised < :ballot',
      ExpressionAttributeValues: { ':ballot': { S: ballot }, ':incarnation': { S: this.#makeMark() } },
    });
  }

  async accept(region: string, service: string, ballot: Ballot, value: Register): Promise<AcceptorReply<Register>> {
    return this.#vote(region, service, {
      UpdateExpression:
        'SET incarnation = if_not_exists(incarnation, :incarnation), promised = :ballot, ' +
        'acceptedBallot = :ballot, accepted = :value',
      ConditionExpression: 'attribute_not_exists(promised) OR promised <= :ballot',
      ExpressionAttributeValues: {
        ':ballot': { S: ballot },
        ':incarnation': { S: this.#makeMark() },
        ':value': { S: JSON.stringify(value) },
      },
    });
  }

  /**
   * @throws {PortError} when the identity of the table is not known; then there is no vote, although the write may have
   *   been made
   */
  async #vote(region: string, service: string, change: Change): Promise<AcceptorReply<Register>> {
    const { answer, identity } = await this.#tell(region, () => this.#write(region, registerKey(service), change));
    if (typeof identity === 'object') throw new PortError(unidentified(identity));
    return { isGranted: answer.isGranted, state: acceptorIn(answer.item, identity) };
  }

  async read(region: string, services: readonly string[]): Promise<TableView> {
    const keys = [opinionsKey, ...services.map(registerKey)];
    const { answer: items, identity } = await this.#tell(region, () => this.#readItems(region, keys));
    const opinions = items.get(opinionsKey);
    const said = opinions === undefined ? null : opinionsIn(opinions);
    return typeof identity === 'object'
      ? { opinions: said, acceptors: {}, unidentified: unidentified(identity) }
      : { opinions: said, acceptors: acceptorsIn(items, services, identity) };
  }

  /** One consistent read of the acceptor states alone: all that an oracle may read. Faults are those of `read`. */
  async readAcceptors(region: string, services: readonly string[]): Promise<TableView['acceptors']> {
    const { answer, identity } = await this.#tell(region, () => this.#readItems(region, services.map(registerKey)));
    if (typeof identity === 'object') throw new PortError(unidentified(identity));
    return acceptorsIn(answer, services, identity);
  }

  #tell<T>(region: string, send: () => Promise<T>): Promise<{ readonly answer: T; readonly identity: Identity }> {
    return this.#identities?.tell(region, send) ?? send().then((answer) => ({ answer, identity: undefined }));
  }

  #describe(region: string) {
    const command = new DescribeTableCommand({ TableName: this.#tableName });
    return this.#clients.call((options) => this.#clients.of(DynamoDBClient, region).send(command, options));
  }

  /**
   * @throws {PortError} `throttled` when DynamoDB left a part of the items out; `invalid` above 100 keys, as
   *   BatchGetItem takes no more
   */
  async #readItems(region: string, keys: readonly string[]): Promise<ReadonlyMap<string, Item>> {
    const { Responses, UnprocessedKeys } = await this.#clients.call((options) =>
      this.#clients.of(DynamoDBClient, region).send(
        new BatchGetItemCommand({
          RequestItems: { [this.#tableName]: { Keys: [...new Set(keys)].map(keyOf), ConsistentRead: true } },
        }),
        options,
      ),
    );
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) {
      throw new PortError({ kind: 'throttled', detail: 'BatchGetItem left keys unprocessed' });
    }
    return new Map((Responses?.[this.#tableName] ?? []).map((item) => [item[partitionKey]?.S ?? '', item]));
  }

  async writeOpinions(region: string, item: OpinionItem): Promise<{ readonly isSuperseded: boolean }> {
    const { generation, invocation, sequence, ...body } = item;
    const written = await this.#write(region, opinionsKey, {
      UpdateExpression: 'SET generation = :generation, invocation = :invocation, #sequence = :sequence, body = :body',
      ConditionExpression:
        'attribute_not_exists(generation) OR generation < :generation OR ' +
        '(generation = :generation AND invocation = :invocation AND #sequence <= :sequence)',
      // A reserved word of DynamoDB.
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: {
        ':generation': number(generation),
        ':invocation': { S: invocation },
        ':sequence': number(sequence),
        ':body': bodyAttribute(JSON.stringify(body)),
      },
    });
    if (written.isGranted) return { isSuperseded: false };
    // A write that a later write of the same invocation has overtaken changes nothing, and no younger process has taken
    // over.
    const isOwn = numberIn(written.item, 'generation') === generation && written.item.invocation?.S === invocation;
    return { isSuperseded: !isOwn };
  }

  async claimToken(
    region: string,
    service: string,
    { token, digest, isAgain }: Claim,
  ): Promise<{ readonly isGranted: boolean; readonly claimed: FencingToken }> {
    const { isGranted, item } = await this.#write(region, claimKey(service), {
      UpdateExpression: 'SET epoch = :epoch, attempt = :attempt, digest = :digest',
      ConditionExpression:
        'attribute_not_exists(epoch) OR epoch < :epoch OR (epoch = :epoch AND attempt < :attempt) OR ' +
        `(epoch = :epoch AND attempt = :attempt${isAgain ? ' AND digest = :digest' : ''})`,
      ExpressionAttributeValues: {
        ':epoch': number(token.epoch),
        ':attempt': number(token.attempt),
        ':digest': { S: digest },
      },
    });
    return { isGranted, claimed: { epoch: numberIn(item, 'epoch'), attempt: numberIn(item, 'attempt') } };
  }

  async readClaim(region: string, service: string): Promise<Pick<Claim, 'token' | 'digest'> | null> {
    const item = await this.#clients.call((options) => this.#read(region, claimKey(service), options));
    if (item === undefined) return null;
    const token = { epoch: numberIn(item, 'epoch'), attempt: numberIn(item, 'attempt') };
    return { token, digest: stringIn(item, 'digest') };
  }

  #write(region: string, key: string, change: Change): Promise<Written> {
    const command = new UpdateItemCommand({
      TableName: this.#tableName,
      Key: keyOf(key),
      ...change,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    return this.#clients.call(async (options) => {
      try {
        const { Attributes } = await this.#clients.of(DynamoDBClient, region).send(command, options);
        return { isGranted: true, item: present(Attributes) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The later item is as good as the item at the refusal: ballots, generations and tokens only rise, so it would
        // refuse the write too. DynamoDB sends it with the refusal; dynalite does not.
        return { isGranted: false, item: error.Item ?? present(await this.#read(region, key, options)) };
      }
    });
  }

  async #read(region: string, key: string, options: SendOptions): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#tableName, Key: keyOf(key), ConsistentRead: true });
    return (await this.#clients.of(DynamoDBClient, region).send(command, options)).Item;
  }

  #makeMark(): string {
    return Array.from({ length: markLength }, () => Math.floor(this.#rng.next() * 36).toString(36)).join('');
  }
}

/** The host at which DynamoDB is reached in a region, by the SDK's own data of partitions. */
export function tableHost(clients: AwsClients, region: string): string {
  const { endpointProvider } = clients.of(DynamoDBClient, region).config;
  return endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false }).url.hostname;
}

function acceptorsIn(
  items: ReadonlyMap<string, Item>,
  services: readonly string[],
  identity: string | undefined,
): TableView['acceptors'] {
  return Object.fromEntries(
    services.map((service) => {
      const item = items.get(registerKey(service));
      return [service, item === undefined ? null : acceptorIn(item, identity)];
    }),
  );
}

function registerKey(service: string): string {
  return `register#${service}`;
}

function claimKey(service: string): string {
  return `claim#${service}`;
}

function keyOf(key: string): Values {
  return { [partitionKey]: { S: key } };
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}

function acceptorIn(item: Item, identity: string | undefined): AcceptorState<Register> {
  const accepted = item.accepted?.S;
  const mark = stringIn(item, 'incarnation');
  return {
    incarnation: identity === undefined ? mark : `${mark}@${identity}`,
    promised: stringIn(item, 'promised'),
    acceptedBallot: item.acceptedBallot?.S ?? noBallot,
    accepted: accepted === undefined ? null : (parse(accepted) as Register),
  };
}

function opinionsIn(item: Item): OpinionItem {
  return {
    generation: numberIn(item, 'generation'),
    invocation: stringIn(item, 'invocation'),
    sequence: numberIn(item, 'sequence'),
    ...(parse(bodyText(item.body)) as Omit<OpinionItem, 'generation' | 'invocation' | 'sequence'>),
  };
}

function unidentified({ kind, detail }: Fault): Fault {
  return { kind, detail: `DescribeTable does not tell which table this is: ${detail}` };
}

function present(item: Item | undefined): Item {
  if (item === undefined) throw new PortError({ kind: 'invalid', detail: 'the table answered without the item' });
  return item;
}

function stringIn(item: Item, attribute: string): string {
  const text = item[attribute]?.S;
  if (text === undefined) throw new PortError({ kind: 'invalid', detail: `no string ${attribute} in the item` });
  return text;
}

function numberIn(item: Item, attribute: string): number {
  const value = Number(item[attribute]?.N);
  if (!Number.isFinite(value)) throw new PortError({ kind: 'invalid', detail: `no number ${attribute} in the item` });
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PortError({ kind: 'invalid', detail: 'the item holds text that is not JSON' }, error);
  }
}
