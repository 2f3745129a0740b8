import type { DeploymentInput } from '../../src/config/input/deployment.ts';
import type { Options } from './options.ts';

/** The only service of the trial, and its two sites. */
export const service = 'web';
/** Where traffic starts, and where it goes. */
export const sites = ['first', 'second'] as const;

/** TTL of the record, seconds; the one that docs/config.md calls the default. */
export const ttlSeconds = 30;

/**
 * Addresses for documentation (RFC 5737): nobody is there, and nobody is sent there but this script's own questions.
 */
export const siteAddresses = { first: '192.0.2.10', second: '198.51.100.10' } as const;

/** Name whose answer follows the active site. */
export function recordOf({ name, zone }: Options): string {
  return `${name}.${zone.name}`;
}

/**
 * The deployment that is measured: two sites and a witness, DNS by oracle, as in `examples/two-regions`.
 *
 * The sites are DynamoDB's own health pages, which answer 200 in every region, so that no server has to be kept.
 * Nothing moves by itself: every move is made, and timed, by this script.
 */
export function trialDeployment(options: Options): DeploymentInput {
  const site = (region: string, priority: number) => ({
    region,
    priority,
    probes: [
      {
        type: 'https' as const,
        url: `https://dynamodb.${region}.amazonaws.com/`,
        expect: { status: 200, body: 'healthy' },
      },
    ],
  });
  const [first = '', second = ''] = options.regions;
  return {
    name: options.name,
    account: options.account,
    controlRegions: [...options.regions],
    services: {
      [service]: {
        mode: 'active-passive',
        sites: { [sites[0]]: site(first, 100), [sites[1]]: site(second, 50) },
        failover: { automatic: false },
        traffic: {
          dns: {
            zone: options.zone,
            record: recordOf(options),
            ttlSeconds,
            mode: 'oracle',
            addresses: { [sites[0]]: { a: siteAddresses.first }, [sites[1]]: { a: siteAddresses.second } },
          },
        },
      },
    },
  };
}
