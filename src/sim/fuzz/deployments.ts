import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { SeededRandom } from '../random.ts';
import { controlRegions, failover, record, site, zone } from './deployment-parts.ts';
import { harshDeployments } from './harsh-deployments.ts';
import { switchDeployments } from './switch-deployments.ts';
import { pick } from './trouble.ts';
import { varied } from './variations.ts';

/** Configurations that the fuzzer draws from: each steers traffic in another way. */

const twoRegions: DeploymentInput = {
  name: 'two-regions',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: { virginia: site('us-east-1', 100, 'virginia'), oregon: site('us-west-2', 50, 'oregon') },
      failover,
      traffic: {
        dns: { zone, record, addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } } },
      },
    },
  },
};

const fenced: DeploymentInput = {
  name: 'fenced',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        virginia: {
          ...site('us-east-1', 100, 'virginia'),
          fence: { kind: 'groups', instanceIds: ['i-virginia'], isolationGroupId: 'sg-nobody' },
        },
        oregon: {
          ...site('us-west-2', 50, 'oregon'),
          fence: { kind: 'groups', instanceIds: ['i-oregon'], isolationGroupId: 'sg-nobody' },
        },
      },
      failover,
      failback: { mode: 'automatic', healthyForMs: 40_000 },
      traffic: {
        dns: { zone, record, addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } } },
      },
    },
  },
};

const elasticIp: DeploymentInput = {
  name: 'elastic-ip',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        left: site('us-east-1', 100, 'left'),
        right: site('us-east-1', 90, 'right'),
        remote: site('us-west-2', 50, 'remote'),
      },
      failover,
      traffic: {
        address: {
          allocationId: ['eipalloc-1', 'eipalloc-2'],
          region: 'us-east-1',
          instances: {
            left: ['i-left', { instanceId: 'i-left', privateIpAddress: '10.0.1.12' }],
            right: ['i-right', 'eni-right'],
          },
        },
        dns: {
          zone,
          record,
          addresses: { left: { a: '203.0.113.10' }, right: { a: '203.0.113.10' }, remote: { a: '198.51.100.20' } },
        },
      },
    },
  },
};

const editedRecords: DeploymentInput = {
  name: 'records',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        virginia: site('us-east-1', 100, 'virginia'),
        oregon: site('us-west-2', 50, 'oregon'),
        ohio: site('us-east-2', 40, 'ohio'),
      },
      failover,
      failback: { mode: 'automatic', healthyForMs: 40_000 },
      traffic: {
        dns: {
          zone,
          record,
          mode: 'records',
          addresses: {
            virginia: { a: ['203.0.113.10', '203.0.113.11'] },
            oregon: { a: '198.51.100.20' },
            ohio: { a: '192.0.2.30' },
          },
        },
      },
    },
  },
};

const secureListener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/0123456789abcdef/fedcba9876543210';
const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef';
const targetGroup = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;

const pool: DeploymentInput = {
  name: 'pool',
  controlRegions,
  services: {
    web: {
      mode: 'active-active',
      sites: {
        virginia: site('us-east-1', 100, 'virginia'),
        oregon: site('us-west-2', 50, 'oregon'),
        ohio: site('us-east-2', 40, 'ohio'),
      },
      failover: { maxMovesPerDay: 20 },
      failback: { healthyForMs: 20_000 },
      clients: { endpoints: { virginia: 'https://v', oregon: 'https://o', ohio: 'https://h' } },
      traffic: {
        dns: {
          zone,
          record,
          addresses: {
            virginia: { a: '203.0.113.10' },
            oregon: { a: ['198.51.100.20', '198.51.100.21'] },
            ohio: { a: '192.0.2.30' },
          },
        },
      },
    },
  },
};

const weighted: DeploymentInput = {
  name: 'weighted',
  controlRegions,
  services: {
    web: {
      mode: 'active-active',
      sites: {
        virginia: { ...site('us-east-1', 100, 'virginia'), capacity: 200 },
        oregon: site('us-west-2', 50, 'oregon'),
        ohio: site('us-east-2', 40, 'ohio'),
      },
      failover: { maxMovesPerDay: 20 },
      failback: { healthyForMs: 20_000 },
      traffic: {
        dns: {
          zone,
          record,
          mode: 'records',
          policy: 'weighted',
          addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' }, ohio: { a: '192.0.2.30' } },
        },
      },
    },
  },
};

const balanced: DeploymentInput = {
  name: 'balanced',
  controlRegions,
  services: {
    web: {
      mode: 'active-active',
      sites: {
        left: site('us-east-1', 100, 'left'),
        middle: site('us-east-1', 90, 'middle'),
        right: site('us-east-1', 80, 'right'),
      },
      failover: { maxMovesPerDay: 20 },
      failback: { healthyForMs: 20_000 },
      traffic: {
        targets: {
          listenerArn: [listener, secureListener],
          targetGroups: { left: targetGroup('left'), middle: targetGroup('middle'), right: targetGroup('right') },
          ramp: { stepsPercent: [50, 100], pauseMs: 5_000 },
        },
      },
    },
  },
};

const withData: DeploymentInput = {
  name: 'with-data',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        virginia: {
          ...site('us-east-1', 100, 'virginia'),
          fence: { kind: 'groups', instanceIds: ['i-virginia'], isolationGroupId: 'sg-nobody' },
          standby: 'warm',
          bootMs: 60_000,
          scale: [{ kind: 'eks-nodegroup', cluster: 'shop', name: 'web', size: 4, standbySize: 1 }],
        },
        oregon: {
          ...site('us-west-2', 50, 'oregon'),
          fence: { kind: 'groups', instanceIds: ['i-oregon'], isolationGroupId: 'sg-nobody' },
          standby: 'warm',
          bootMs: 120_000,
          scale: [
            { kind: 'eks-nodegroup', cluster: 'shop', name: 'web', size: 4, standbySize: 1 },
            { kind: 'eks-deployment', cluster: 'shop', namespace: 'shop', name: 'web', size: 8, standbySize: 2 },
            { kind: 'aurora-serverless', cluster: 'web', size: 8, standbySize: 0.5 },
            { kind: 'aurora-readers', cluster: 'web', size: 2 },
            { kind: 'dynamodb-capacity', table: 'carts', units: 'read', size: 900, standbySize: 50 },
            { kind: 'dynamodb-capacity', table: 'carts', units: 'write', size: 300, standbySize: 20 },
          ],
        },
      },
      failover,
      failback: { mode: 'automatic', healthyForMs: 40_000 },
      data: { kind: 'custom', functions: { virginia: 'promote', oregon: 'promote' } },
      traffic: {
        dns: { zone, record, addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } } },
      },
    },
  },
};

const member = (name: string): NonNullable<DeploymentInput['services'][string]> => ({
  mode: 'active-passive',
  sites: {
    virginia: site('us-east-1', 100, `virginia-${name}`),
    oregon: site('us-west-2', 50, `oregon-${name}`),
  },
  failover,
  traffic: {
    dns: {
      zone,
      record: `${name}.shop.example`,
      addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
    },
  },
});

const rebuilt: DeploymentInput = {
  name: 'rebuilt',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: {
        virginia: { ...site('us-east-1', 100, 'virginia'), fence: { kind: 'read-only', functionName: 'read-only' } },
        oregon: { ...site('us-west-2', 50, 'oregon'), fence: { kind: 'read-only', functionName: 'read-only' } },
      },
      failover: { ...failover, maxReplicationLagMs: 5_000 },
      data: {
        kind: 'rds-replica',
        instances: { virginia: 'shop-east', oregon: 'shop-west' },
        rebuild: { afterMs: 60_000 },
      },
      clients: { endpoints: { virginia: 'db-east.example:3306', oregon: 'db-west.example:3306' } },
    },
  },
};

const grouped: DeploymentInput = {
  name: 'grouped',
  controlRegions,
  groups: { shop: { members: { db: [], web: ['db'] } } },
  services: { db: member('db'), web: member('web') },
};

/** Every configuration that a seed can draw from. */
export const fuzzDeployments: readonly DeploymentInput[] = [
  twoRegions,
  fenced,
  elasticIp,
  editedRecords,
  pool,
  weighted,
  balanced,
  ...switchDeployments,
  withData,
  rebuilt,
  grouped,
  ...harshDeployments,
];

/** A configuration of the list, with some of the variations. */
export function drawDeployment(random: SeededRandom): DeploymentInput {
  return varied(random, pick(random, fuzzDeployments));
}
