import { oracleHostParameter } from '../../../config/plan/names.ts';
import { hasFunctionUrls } from '../../../config/plan/oracle-fronts.ts';
import { guardKey, type OracleReading, type Question } from '../../../core/dns/readings.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { plainProbe } from '../../../core/model/probe.ts';
import { PortError } from '../../../ports/port-error.ts';
import { requestPage } from '../../net/http-prober.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import { readParameter } from '../publish/parameters.ts';

/**
 * Finds where the oracle of a region is asked.
 *
 * @returns null where it has no address
 * @throws {PortError} when the address could not be read
 */
export type FindOracle = (region: string) => Promise<string | null>;

/** Where the oracles of a deployment on AWS are asked. An address is read once. */
export function oraclesOnAws(clients: AwsClients, deployment: Deployment): FindOracle {
  const urls = new Map<string, string>();
  return async (region) => {
    if (!hasFunctionUrls(deployment)) return deployment.oracle?.url[region] ?? null;
    const known = urls.get(region);
    if (known !== undefined) return known;
    try {
      const url = `https://${await readParameter(clients, region, oracleHostParameter(deployment.name))}`;
      urls.set(region, url);
      return url;
    } catch (error) {
      if (error instanceof PortError && error.fault.kind === 'invalid') return null;
      throw error;
    }
  };
}

/**
 * Asks the oracle of a region what Route 53's checkers ask it, where they ask it.
 *
 * @param patienceMs - longest wait for the address and the answers together
 * @param signal - ends it when nobody waits any more
 */
export async function askOracle(
  find: FindOracle,
  region: string,
  questions: readonly Question[],
  patienceMs: number,
  signal: AbortSignal,
): Promise<OracleReading> {
  const startedMs = systemClock.monotonicMs();
  let url: string | null;
  try {
    url = await find(region);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { kind: 'silent', why: `its address could not be read: ${error.fault.kind}` };
  }
  if (url === null) return { kind: 'no-address' };
  const leftMs = Math.max(1, patienceMs - (systemClock.monotonicMs() - startedMs));
  const answers = await Promise.all(
    questions.map(async ({ service, site, path }) => {
      const page = await requestPage(plainProbe(`${url}${path}`, leftMs), { signal });
      return { key: guardKey(service, site), ...page };
    }),
  );
  const answered = answers.filter(({ status }) => status > 0);
  const silent = answers.find(({ status }) => status === 0);
  const why = silent === undefined ? null : `no answer: ${reasonOf(silent.observation)}`;
  if (answered.length === 0) return { kind: 'silent', why: why ?? 'not asked' };
  return { kind: 'answered', statuses: Object.fromEntries(answered.map(({ key, status }) => [key, status])), why };
}

function reasonOf(observation: { readonly outcome: string; readonly reason?: string }): string {
  return observation.reason ?? observation.outcome;
}
