import { oracleQuestions, oracleVote } from '../../../core/dns/oracle-vote.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { awsTiming } from '../../../core/timing.ts';
import { answerFor, type HttpAnswer, type HttpEvent, isReading, plainAnswer, requestIn } from './lambda-http.ts';
import { registerReader, type TableCacheParts } from './table-cache.ts';

/** What an oracle is made of. */
export interface OracleParts extends Pick<TableCacheParts, 'readAcceptors' | 'clock'> {
  readonly deployment: Deployment;
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
 * At the path of a question 200 takes a site out of DNS. A 503 does not, and every doubt is a 503.
 */
export function createOracle(parts: OracleParts) {
  const { deployment, readAcceptors, clock, cacheMs = awsTiming.oracleCacheMs, basePath = '' } = parts;
  const readRegister = registerReader({ services: Object.keys(deployment.services), readAcceptors, clock, cacheMs });
  const questionAt = oracleQuestions(deployment);

  return async (event: HttpEvent): Promise<HttpAnswer> => answerFor(event, await respond(event));

  async function respond(event: HttpEvent): Promise<HttpAnswer> {
    const { method, path } = requestIn(event, basePath);
    if (!isReading(method)) return plainAnswer(405);
    const question = questionAt(path);
    if (question === null) return plainAnswer(404);
    const { service, sites, markOf } = question;
    const register = await readRegister(service.name);
    return plainAnswer(oracleVote(register, service, sites, markOf) === 'off' ? 200 : 503);
  }
}
