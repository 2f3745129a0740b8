import type { AcceptorReply } from '../core/register/acceptor.ts';
import type { Ballot } from '../core/register/ballot.ts';
import type { Register } from '../core/register/register.ts';
import type { FencingToken } from '../core/register/run.ts';
import type { OpinionItem } from '../core/tables/opinion-item.ts';
import type { TableView } from '../core/tables/table-view.ts';
import type { HandlersOf } from './ports.ts';

/**
 * The state table of each control region.
 *
 * Every method touches the one region it names, in one request, and rejects with a `PortError` when the outcome is
 * not known. The rules of `prepare` and `accept` are those of `core/register/acceptor.ts`.
 */
export interface StateTables {
  prepare(region: string, service: string, ballot: Ballot): Promise<AcceptorReply<Register>>;
  accept(region: string, service: string, ballot: Ballot, value: Register): Promise<AcceptorReply<Register>>;
  /** One consistent read of the watcher's opinions and of the acceptor state of each service named. */
  read(region: string, services: readonly string[]): Promise<TableView>;
  /**
   * Writes the item unless one of a higher generation, or of the same generation and another invocation, is there. One
   * of the same invocation with a lower sequence, which came late, changes nothing either.
   */
  writeOpinions(region: string, item: OpinionItem): Promise<{ readonly isSuperseded: boolean }>;
  /**
   * Records the claim unless one with a newer token is there; an equal token is granted again. To who claims again it
   * is granted only while the claim that is there has the same digest.
   */
  claimToken(
    region: string,
    service: string,
    claim: Claim,
  ): Promise<{ readonly isGranted: boolean; readonly claimed: FencingToken }>;
  /** One consistent read of the claim for a service; null when nobody has claimed anything. */
  readClaim(region: string, service: string): Promise<Pick<Claim, 'token' | 'digest'> | null>;
}

/** What is claimed in a table before a write, and by whom. */
export interface Claim {
  readonly token: FencingToken;
  /** Digest of what whoever ordered was configured with. */
  readonly digest: string;
  /** The order has claimed before. */
  readonly isAgain: boolean;
}

/** The calls of the core that state tables answer. */
export function tableHandlers(
  tables: StateTables,
): HandlersOf<'prepare' | 'accept' | 'readTable' | 'writeOpinions' | 'claimToken' | 'readClaim'> {
  return {
    prepare: ({ region, service, ballot }) => tables.prepare(region, service, ballot),
    accept: ({ region, service, ballot, value }) => tables.accept(region, service, ballot, value),
    readTable: ({ region, services }) => tables.read(region, services),
    writeOpinions: ({ region, item }) => tables.writeOpinions(region, item),
    claimToken: ({ region, service, token, digest, isAgain }) =>
      tables.claimToken(region, service, { token, digest, isAgain }),
    readClaim: ({ region, service }) => tables.readClaim(region, service),
  };
}
