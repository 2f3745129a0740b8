import type { AwsReadings } from '../../../core/checkup/aws-checks.ts';
import type { CheckupTimes } from '../../../core/checkup/checkup-times.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { createResolveNameServers, type ResolveNameServers } from '../../net/name-servers.ts';
import type { AwsClients } from '../clients.ts';
import { readBootstraps } from './bootstrap-readings.ts';
import { readFunctions } from './deployed-functions.ts';
import { Patience } from './patience.ts';
import { readProcessors } from './processor-readings.ts';
import { readAddresses, readConcurrency, readHealthChecks } from './quota-readings.ts';
import { accountRoleNames, readRoles } from './role-readings.ts';
import { readDrains } from './sites/drain-readings.ts';
import { readPlaces } from './sites/place-readings.ts';
import { readSubscriptions } from './subscription-readings.ts';
import { readDnsHeld } from './zone-readings.ts';

/** From where, and for how long, an account is looked at. */
export interface AccountExamination {
  readonly deployment: Deployment;
  /** Waits `times.answerMsMax` for one answer. */
  readonly clients: AwsClients;
  readonly times: CheckupTimes;
  /** Of what `cdk bootstrap` made; null: nobody asks, because nobody is about to deploy. */
  readonly bootstrapQualifier: string | null;
  /** Left out: this machine's resolvers are asked. */
  readonly resolveNameServers?: ResolveNameServers;
}

/**
 * What is deployed, and what the account has and may have: asked all at once, and no longer than the time that a
 * checkup has. What AWS does not answer is part of what is returned.
 */
export async function examineAccount({
  deployment,
  clients,
  times,
  bootstrapQualifier,
  resolveNameServers = createResolveNameServers(),
}: AccountExamination): Promise<AwsReadings> {
  const patience = new Patience(times);
  try {
    const functions = readFunctions(clients, deployment);
    const [roles, concurrency, healthChecks, addresses, processors, drains, places, subscriptions, held, bootstraps] =
      await Promise.all([
        readRoles(clients, deployment, functions, patience),
        readConcurrency(clients, deployment, functions, patience),
        readHealthChecks(clients, deployment, patience),
        readAddresses(clients, deployment, patience),
        readProcessors(clients, deployment, patience),
        readDrains(clients, deployment, patience),
        readPlaces(clients, deployment, patience),
        readSubscriptions(clients, deployment, functions, patience),
        readDnsHeld(clients, deployment, resolveNameServers, patience),
        bootstrapQualifier === null ? [] : readBootstraps(clients, deployment, bootstrapQualifier, patience),
      ]);
    const accountRoles = accountRoleNames(deployment);
    return {
      roles,
      accountRoles,
      concurrency,
      healthChecks,
      addresses,
      processors,
      drains,
      places,
      subscriptions,
      ...held,
      bootstraps,
    };
  } finally {
    patience.end();
  }
}
