import { examineDeployment } from '../src/adapters/aws/checkup/examination.ts';
import { AwsClients } from '../src/adapters/aws/clients.ts';
import type { FailoverEvent } from '../src/core/alerting/event.ts';
import { worstFirst } from '../src/core/checkup/check.ts';
import { checkupEvents } from '../src/core/checkup/checkup-events.ts';
import { unhurriedTimes } from '../src/core/checkup/checkup-times.ts';
import { wire } from './wiring/wiring.ts';

const { deployment, log } = wire(import.meta.url);
const times = unhurriedTimes(deployment);
const clients = new AwsClients({ callDeadlineMs: times.answerMsMax });

/**
 * Looks whether a failover would work now, as `cdk-failover doctor` does, and writes what it finds. Changes nothing;
 * the event is ignored. When it fails, nothing is written, and the alarm says after some hours that nothing is known.
 *
 * @returns how many checks found what
 */
export async function handler(): Promise<FailoverEvent['data']> {
  const checks = worstFirst(await examineDeployment({ deployment, clients, times, bootstrapQualifier: null }));
  const [checkup, ...findings] = checkupEvents(checks);
  for (const event of [checkup, ...findings]) log.write(event);
  return checkup.data;
}
