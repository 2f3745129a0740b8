import { InvariantError } from '../../core/errors.ts';
import { recordOf } from '../../core/record.ts';
import { type AcceptorReply, type AcceptorState, acceptAt, prepareAt } from '../../core/register/acceptor.ts';
import type { Ballot } from '../../core/register/ballot.ts';
import type { Register } from '../../core/register/register.ts';
import { type FencingToken, isOlder } from '../../core/register/run.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import type { Immediate } from '../../ports/immediate.ts';
import type { Claim, StateTables } from '../../ports/state-tables.ts';

/** What one region's table holds. */
interface Table {
  readonly acceptors: Map<string, AcceptorState<Register>>;
  readonly claims: Map<string, { readonly token: FencingToken; readonly digest: string }>;
  opinions: OpinionItem | null;
}

/**
 * The state tables of the simulated world: the real rules, in memory. Values are kept as they are given, not copied.
 */
export class SimStateTables implements Immediate<StateTables> {
  readonly #tables: Map<string, Table>;
  /** How many tables a region has had before the one that is there. */
  readonly #generations = new Map<string, number>();
  readonly #backups = new Map<string, Table>();
  readonly #makeIncarnation: () => string;

  /**
   * @param makeIncarnation - gives another mark at each call; asked once for each register that a table first hears of
   */
  constructor(regions: readonly string[], makeIncarnation: () => string) {
    this.#tables = new Map(regions.map((region) => [region, blankTable()]));
    this.#makeIncarnation = makeIncarnation;
  }

  prepare(region: string, service: string, ballot: Ballot): AcceptorReply<Register> {
    const { acceptors } = this.#tableOf(region);
    const state = acceptors.get(service) ?? null;
    return keep(acceptors, service, prepareAt(state, ballot, this.#incarnationFor(state)));
  }

  accept(region: string, service: string, ballot: Ballot, value: Register): AcceptorReply<Register> {
    const { acceptors } = this.#tableOf(region);
    const state = acceptors.get(service) ?? null;
    return keep(acceptors, service, acceptAt(state, ballot, value, this.#incarnationFor(state)));
  }

  read(region: string, services: readonly string[]): TableView {
    const { opinions, acceptors } = this.#tableOf(region);
    return {
      opinions,
      acceptors: recordOf(services, (service) => acceptors.get(service) ?? null),
    };
  }

  writeOpinions(region: string, item: OpinionItem): { readonly isSuperseded: boolean } {
    const table = this.#tableOf(region);
    const isSuperseded = table.opinions !== null && isYounger(table.opinions, item);
    // A write that was overtaken by a later one of its own invocation changes nothing.
    if (!isSuperseded && !isLater(table.opinions, item)) table.opinions = item;
    return { isSuperseded };
  }

  claimToken(
    region: string,
    service: string,
    { token, digest, isAgain }: Claim,
  ): { readonly isGranted: boolean; readonly claimed: FencingToken } {
    const { claims } = this.#tableOf(region);
    const there = claims.get(service);
    const isReplaced = isAgain && there?.digest !== digest && there !== undefined && !isOlder(there.token, token);
    if (there !== undefined && (isReplaced || isOlder(token, there.token)))
      return { isGranted: false, claimed: there.token };
    claims.set(service, { token, digest });
    return { isGranted: true, claimed: token };
  }

  readClaim(region: string, service: string): Pick<Claim, 'token' | 'digest'> | null {
    return this.#tableOf(region).claims.get(service) ?? null;
  }

  /** Whether the region has a state table. */
  has(region: string): boolean {
    return this.#tables.has(region);
  }

  /** Takes a backup of the region's table. */
  backUp(region: string): void {
    const { acceptors, claims, opinions } = this.#tableOf(region);
    this.#backups.set(region, { acceptors: new Map(acceptors), claims: new Map(claims), opinions });
  }

  /**
   * The region's table comes back as it was at its last backup, empty without one. It is another table, so the marks of
   * its memories are others, whatever it remembers: the real ones hold the table's own identity.
   */
  restore(region: string): void {
    const backup = this.#backups.get(region) ?? blankTable();
    const acceptors = [...backup.acceptors].map(([service, state]) => {
      return [service, { ...state, incarnation: this.#makeIncarnation() }] as const;
    });
    this.#replace(region, { ...backup, acceptors: new Map(acceptors), claims: new Map(backup.claims) });
  }

  /** A deployment makes the tables that are not there yet; the others stay as they are. */
  ensure(regions: readonly string[]): void {
    for (const region of regions) if (!this.#tables.has(region)) this.#tables.set(region, blankTable());
  }

  /** The region's table is lost and comes back empty. */
  lose(region: string): void {
    this.#tableOf(region);
    this.#replace(region, blankTable());
  }

  /** Tells the tables that a region has had under one name from each other. */
  generationOf(region: string): number {
    return this.#generations.get(region) ?? 0;
  }

  #replace(region: string, table: Table): void {
    this.#tables.set(region, table);
    this.#generations.set(region, this.generationOf(region) + 1);
  }

  #incarnationFor(state: AcceptorState<Register> | null): string {
    return state === null ? this.#makeIncarnation() : state.incarnation;
  }

  /** @throws {InvariantError} when the world has no table there */
  #tableOf(region: string): Table {
    const table = this.#tables.get(region);
    if (table === undefined) throw new InvariantError(`no state table in ${region}`);
    return table;
  }
}

function blankTable(): Table {
  return { acceptors: new Map(), claims: new Map(), opinions: null };
}

function keep(
  acceptors: Map<string, AcceptorState<Register>>,
  service: string,
  reply: AcceptorReply<Register>,
): AcceptorReply<Register> {
  if (reply.isGranted) acceptors.set(service, reply.state);
  return reply;
}

/** Whether what is there is a later word of the same invocation. */
function isLater(there: OpinionItem | null, item: OpinionItem): boolean {
  return there !== null && there.generation === item.generation && there.sequence > item.sequence;
}

/** Whether what is there was written by an invocation that has taken over from the writer of `item`. */
function isYounger(there: OpinionItem, item: OpinionItem): boolean {
  if (there.generation !== item.generation) return there.generation > item.generation;
  return there.invocation !== item.invocation;
}
