import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { readParameter } from '../../src/adapters/aws/publish/parameters.ts';
import type { Clock } from '../../src/ports/clock.ts';

/**
 * Tries to read one region's parameter, and the pause between them. A new role takes seconds until every region knows
 * it.
 */
const triesMax = 12;
const pauseMs = 5_000;

/** Reads the host of the oracle's function URL, by control region. */
export async function readHosts(
  clients: AwsClients,
  regions: readonly string[],
  parameter: string,
  clock: Pick<Clock, 'sleep'>,
): Promise<Readonly<Record<string, string>>> {
  const hosts = await Promise.all(regions.map((region) => readHost(clients, region, parameter, clock)));
  return Object.fromEntries(regions.map((region, index) => [region, hosts[index] ?? '']));
}

async function readHost(
  clients: AwsClients,
  region: string,
  parameter: string,
  clock: Pick<Clock, 'sleep'>,
): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readParameter(clients, region, parameter);
    } catch (error) {
      if (tries >= triesMax) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
