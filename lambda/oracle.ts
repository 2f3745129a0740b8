import type { TableView } from '../src/core/calls.ts';
import { type Deployment, serviceOf } from '../src/core/deployment.ts';
import { oraclePath, oracleVote } from '../src/core/oracle.ts';
import type { Clock } from '../src/ports/clock.ts';

/** Longest that one read of the table serves: at most one read a second for each execution environment. */
const cacheMs = 1_000;

/** The parts of a function URL's event that matter. */
export interface UrlEvent {
  readonly rawPath?: string;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

/** What a function URL answers with; there is never a body. */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an oracle is made of. */
export interface OracleParts {
  readonly deployment: Deployment;
  /** Reads the own table's acceptor states; rejects when it does not answer. */
  readonly readAcceptors: (services: readonly string[]) => Promise<TableView['acceptors']>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Makes one region's oracle: 200 at a site's path takes the site out of DNS, and any doubt is a 503, which does not.
 *
 * Questions that come while the table is read share that read. Its deadline is that of every call to a state table, half
 * of the two seconds that Route 53 waits for an answer.
 */
export function createOracle({ deployment, readAcceptors, clock }: OracleParts) {
  const services = Object.keys(deployment.services);
  const ballots = new Map(
    services.flatMap((name) => {
      const service = serviceOf(deployment, name);
      return Object.keys(service.sites).map((site) => [oraclePath(name, site), { service, site }] as const);
    }),
  );
  let newest: { readonly askedAtMs: number; readonly acceptors: Promise<TableView['acceptors'] | null> } | null = null;

  return async (event: UrlEvent): Promise<UrlAnswer> => {
    const method = event.requestContext?.http?.method;
    if (method !== 'GET' && method !== 'HEAD') return answer(405);
    const ballot = ballots.get(event.rawPath ?? '');
    if (ballot === undefined) return answer(404);
    const register = (await readTable())?.[ballot.service.name]?.accepted ?? null;
    return answer(oracleVote(register, ballot.service, ballot.site) === 'off' ? 200 : 503);
  };

  /** The own table, null when it does not answer. */
  function readTable(): Promise<TableView['acceptors'] | null> {
    const nowMs = clock.monotonicMs();
    if (newest === null || nowMs - newest.askedAtMs >= cacheMs) {
      newest = { askedAtMs: nowMs, acceptors: readAcceptors(services).catch(() => null) };
    }
    return newest.acceptors;
  }
}

function answer(statusCode: number): UrlAnswer {
  return { statusCode, headers: { 'cache-control': 'no-store' } };
}
