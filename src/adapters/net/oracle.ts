import { oracleQuestions, oracleVote } from '../../core/dns/oracle-vote.ts';
import { endpointsPath, oracleDocumentOf } from '../../core/kinds/publication.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import { valueHeldAsVoter } from '../../core/register/quorum.ts';
import type { Register } from '../../core/register/register.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import { awsTiming } from '../../core/timing.ts';
import type { Clock } from '../../ports/clock.ts';
import { answerFor, type HttpAnswer, type HttpEvent, requestIn } from './lambda-http.ts';

/** What an oracle is made of. */
export interface OracleParts {
  readonly deployment: Deployment;
  /** Reads the own table's acceptor states; rejects when it does not answer. */
  readonly readAcceptors: (services: readonly string[]) => Promise<TableView['acceptors']>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /**
   * Longest that one read of the table serves; by default as on AWS, at most one read a second for each environment.
   */
  readonly cacheMs?: number;
  /** Path that a load balancer or an API before the oracle has in front of the oracle's own; empty by default. */
  readonly basePath?: string;
}

/**
 * Makes one region's oracle. The deployed function and the lab both serve this one.
 *
 * At the path of a question 200 takes a site out of DNS. A 503 does not, and every doubt is a 503. Where a service has
 * clients, another path gives them its endpoints; every doubt there is a 503 without a body.
 *
 * Questions that come while the table is read share that read. The read has the deadline of every call to a state
 * table: half of the two seconds that Route 53 waits for an answer.
 */
export function createOracle(parts: OracleParts) {
  const { deployment, readAcceptors, clock, cacheMs = awsTiming.oracleCacheMs, basePath = '' } = parts;
  const services = Object.keys(deployment.services);
  const questionAt = oracleQuestions(deployment);
  const published = new Map(
    services.flatMap((name) => {
      const service = serviceOf(deployment, name);
      return service.clients === undefined ? [] : [[endpointsPath(name), service] as const];
    }),
  );
  let newest: { readonly askedAt: Instant; readonly acceptors: Promise<TableView['acceptors'] | null> } | null = null;

  return async (event: HttpEvent): Promise<HttpAnswer> => answerFor(event, await respond(event));

  async function respond(event: HttpEvent): Promise<HttpAnswer> {
    const { method, path } = requestIn(event, basePath);
    if (method !== 'GET' && method !== 'HEAD') return answer(405);
    const service = published.get(path);
    if (service !== undefined) return describe(service, await readRegister(service.name), method);
    const question = questionAt(path);
    if (question === null) return answer(404);
    const register = await readRegister(question.service.name);
    return answer(oracleVote(register, question.service, question.sites) === 'off' ? 200 : 503);
  }

  /** A service's register in the own table; null when there is none or the table does not answer. */
  async function readRegister(service: string): Promise<Register | null> {
    return valueHeldAsVoter((await readTable())?.[service]);
  }

  /** The own table, null when it does not answer. */
  function readTable(): Promise<TableView['acceptors'] | null> {
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    if (newest === null || !isFresh(newest.askedAt, now, cacheMs)) {
      newest = { askedAt: now, acceptors: readAcceptors(services).catch(() => null) };
    }
    return newest.acceptors;
  }
}

interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/**
 * Whether a read may still be answered from. Both clocks must say so: the monotonic one may stand still while the
 * execution environment is frozen, and guards in `src/client/` count on the age.
 */
function isFresh(askedAt: Instant, now: Instant, cacheMs: number): boolean {
  const wallAgeMs = now.wallMs - askedAt.wallMs;
  return now.monotonicMs - askedAt.monotonicMs < cacheMs && wallAgeMs >= 0 && wallAgeMs < cacheMs;
}

/** What clients of a service are told; the answer to HEAD is the same without its body. */
function describe(service: NamedService, register: Register | null, method: string): HttpAnswer {
  if (register === null) return answer(503);
  const { statusCode, headers } = answer(200);
  const withType = { statusCode, headers: { ...headers, 'content-type': 'application/json' } };
  return method === 'HEAD' ? withType : { ...withType, body: JSON.stringify(oracleDocumentOf(service, register)) };
}

function answer(statusCode: number): HttpAnswer {
  return { statusCode, headers: { 'cache-control': 'no-store' } };
}
