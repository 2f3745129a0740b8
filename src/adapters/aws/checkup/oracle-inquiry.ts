import { oracleHostParameter } from '../../../config/plan/names.ts';
import { hasFunctionUrls } from '../../../config/plan/oracle-fronts.ts';
import type { Check } from '../../../core/checkup/check.ts';
import { type OracleAnswer, oracleCheck } from '../../../core/checkup/oracle-checks.ts';
import { dnsTree } from '../../../core/dns/record-tree.ts';
import { type Deployment, serviceOf } from '../../../core/model/deployment.ts';
import { plainProbe } from '../../../core/model/probe.ts';
import { PortError } from '../../../ports/port-error.ts';
import { requestPage } from '../../net/http-prober.ts';
import { systemClock } from '../../system/clock.ts';
import type { AwsClients } from '../clients.ts';
import { readParameter } from '../publish/parameters.ts';

/**
 * Asks the oracle of each control region one of the questions that Route 53's checkers ask it, where they ask it.
 *
 * @param patienceMs - longest wait for the address and the answer together
 * @returns empty where no check asks an oracle
 */
export async function examineOracles(
  clients: AwsClients,
  deployment: Deployment,
  patienceMs: number,
): Promise<readonly Check[]> {
  const questions = Object.keys(deployment.services).flatMap((name) =>
    dnsTree(deployment, serviceOf(deployment, name)).checks.filter((check) => check.kind === 'oracle'),
  );
  return Promise.all(
    deployment.controlRegions.flatMap((region) => {
      const path = questions.find((check) => check.region === region)?.path;
      if (path === undefined) return [];
      return askOracle(clients, deployment, region, path, patienceMs).then((answer) => oracleCheck(region, answer));
    }),
  );
}

async function askOracle(
  clients: AwsClients,
  deployment: Deployment,
  region: string,
  path: string,
  patienceMs: number,
): Promise<OracleAnswer> {
  const startedMs = systemClock.monotonicMs();
  let url: string | undefined;
  try {
    url = hasFunctionUrls(deployment)
      ? `https://${await readParameter(clients, region, oracleHostParameter(deployment.name))}`
      : deployment.oracle?.url[region];
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.fault.kind === 'invalid') return { kind: 'no-address' };
    return { kind: 'silent', why: `its address could not be read: ${error.fault.kind}` };
  }
  if (url === undefined) return { kind: 'no-address' };
  const leftMs = Math.max(1, patienceMs - (systemClock.monotonicMs() - startedMs));
  const { observation, status } = await requestPage(plainProbe(`${url}${path}`, leftMs));
  if (status > 0) return { kind: 'answered', status };
  return { kind: 'silent', why: observation.outcome === 'pass' ? 'no status' : `no answer: ${reasonOf(observation)}` };
}

function reasonOf(observation: { readonly outcome: string; readonly reason?: string }): string {
  return observation.reason ?? observation.outcome;
}
