import { endpointsPath, oracleDocumentOf } from '../../../core/kinds/publication.ts';
import { serviceOf } from '../../../core/model/deployment.ts';
import { awsTiming } from '../../../core/timing.ts';
import { answerFor, type HttpAnswer, type HttpEvent, isReading, plainAnswer, requestIn } from './lambda-http.ts';
import type { OracleParts } from './oracle.ts';
import { registerReader } from './table-cache.ts';

/**
 * Makes what tells a region's clients inside the account their endpoints, by the region's own table. The deployed
 * function and the lab both serve this one.
 *
 * It is no part of the oracle, so that clients, however many, cannot drown the votes. Every doubt is a 503 without a
 * body.
 */
export function createEndpointsAnswers(parts: Omit<OracleParts, 'basePath'>) {
  const { deployment, readAcceptors, clock, cacheMs = awsTiming.oracleCacheMs } = parts;
  const published = new Map(
    Object.keys(deployment.services).flatMap((name) => {
      const service = serviceOf(deployment, name);
      return service.clients === undefined ? [] : [[endpointsPath(name), service] as const];
    }),
  );
  const services = [...published.values()].map(({ name }) => name);
  const readRegister = registerReader({ services, readAcceptors, clock, cacheMs });

  return async (event: HttpEvent): Promise<HttpAnswer> => answerFor(event, await respond(event));

  async function respond(event: HttpEvent): Promise<HttpAnswer> {
    const { method, path } = requestIn(event, '');
    if (!isReading(method)) return plainAnswer(405);
    const service = published.get(path);
    if (service === undefined) return plainAnswer(404);
    const register = await readRegister(service.name);
    if (register === null) return plainAnswer(503);
    const { statusCode, headers } = plainAnswer(200);
    const head = { statusCode, headers: { ...headers, 'content-type': 'application/json' } };
    return method === 'HEAD' ? head : { ...head, body: JSON.stringify(oracleDocumentOf(service, register)) };
  }
}
