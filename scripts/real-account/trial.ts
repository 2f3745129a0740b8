import type { DeploymentInput } from '../../src/config/input/deployment.ts';
import type { Options } from './options.ts';

/** The only service of the trial, and its two sites. */
export const service = 'web';
/** Where traffic starts, and where it goes. */
export const sites = ['first', 'second'] as const;
/** Site that is added later. */
export const thirdSite = 'third';
/** A site of the service. */
export type SiteName = keyof typeof siteAddresses;
/** A service that is added later: an Elastic IP that the deployment moves between two instances. */
export const movedService = 'moved';
export const movedSites = ['left', 'right'] as const;

/** What is deployed besides, by and by. */
export interface Extras {
  readonly memory?: boolean;
  readonly third?: boolean;
  readonly address?: { readonly allocationId: string; readonly left: string; readonly right: string };
}

/** Deploys the trial with more than it has had so far. */
export type Extend = (more: Extras) => Promise<void>;

/** TTL of the record, seconds; the one that docs/config.md calls the default. */
export const ttlSeconds = 30;

/**
 * Addresses for documentation (RFC 5737): nobody is there, and nobody is sent there but this script's own questions.
 */
export const siteAddresses = { first: '192.0.2.10', second: '198.51.100.10', third: '203.0.113.10' } as const;

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
export function trialDeployment(options: Options, { memory, third, address }: Extras = {}): DeploymentInput {
  const site = (region: string, priority: number, probed = region) => ({
    region,
    priority,
    probes: [
      {
        type: 'https' as const,
        url: `https://dynamodb.${probed}.amazonaws.com/`,
        expect: { status: 200, body: 'healthy' },
      },
    ],
  });
  const [first = '', second = '', witness = ''] = options.regions;
  return {
    name: options.name,
    account: options.account,
    controlRegions: [...options.regions],
    services: {
      [service]: {
        mode: 'active-passive',
        sites: {
          [sites[0]]: site(first, 100),
          [sites[1]]: site(second, 50),
          ...(third ? { [thirdSite]: site(witness, 25) } : {}),
        },
        failover: { automatic: false },
        traffic: {
          dns: {
            zone: options.zone,
            record: recordOf(options),
            ttlSeconds,
            mode: 'oracle',
            addresses: {
              [sites[0]]: { a: siteAddresses.first },
              [sites[1]]: { a: siteAddresses.second },
              ...(third ? { [thirdSite]: { a: siteAddresses.third } } : {}),
            },
            ...(memory ? { memory } : {}),
          },
        },
      },
      ...(address
        ? {
            [movedService]: {
              mode: 'active-passive' as const,
              // No two sites of a service have one probe, so the other one is the page of another region.
              sites: { [movedSites[0]]: site(first, 100), [movedSites[1]]: site(first, 50, second) },
              failover: { automatic: false },
              traffic: {
                address: {
                  allocationId: address.allocationId,
                  region: first,
                  instances: { [movedSites[0]]: address.left, [movedSites[1]]: address.right },
                },
              },
            },
          }
        : {}),
    },
  };
}
