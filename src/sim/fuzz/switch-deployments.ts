import type { DeploymentInput } from '../../config/input/deployment.ts';
import { controlRegions, failover, site } from './deployment-parts.ts';

/** Configurations whose traffic follows a switch that is neither DNS nor an address nor a weight. */

const endpointGroup = (name: string) =>
  `arn:aws:globalaccelerator::123456789012:accelerator/1234abcd/listener/0123vxyz/endpoint-group/${name}`;

const accelerated: DeploymentInput = {
  name: 'accelerated',
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
      traffic: {
        accelerator: {
          endpointGroupArns: {
            virginia: endpointGroup('virginia'),
            oregon: endpointGroup('oregon'),
            ohio: endpointGroup('ohio'),
          },
          endpointIds: { virginia: ['i-one', 'i-two'], oregon: 'i-oregon', ohio: 'i-ohio' },
        },
      },
    },
  },
};

const routingControl = (name: string) =>
  `arn:aws:route53-recovery-control::123456789012:controlpanel/0123abcd/routingcontrol/${name}`;

const controlled: DeploymentInput = {
  name: 'controlled',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: { virginia: site('us-east-1', 100, 'virginia'), oregon: site('us-west-2', 50, 'oregon') },
      failover,
      traffic: {
        controls: {
          endpoints: {
            'us-east-1': 'https://host-aaaaaa.us-east-1.cluster.routing-control.amazonaws.com/v1',
            'us-west-2': 'https://host-bbbbbb.us-west-2.cluster.routing-control.amazonaws.com/v1',
            'eu-west-1': 'https://host-cccccc.eu-west-1.cluster.routing-control.amazonaws.com/v1',
            'ap-northeast-1': 'https://host-dddddd.ap-northeast-1.cluster.routing-control.amazonaws.com/v1',
            'ap-southeast-2': 'https://host-eeeeee.ap-southeast-2.cluster.routing-control.amazonaws.com/v1',
          },
          routingControlArns: { virginia: routingControl('virginia'), oregon: routingControl('oregon') },
        },
      },
    },
  },
};

const cached: DeploymentInput = {
  name: 'cached',
  controlRegions,
  services: {
    web: {
      mode: 'active-passive',
      sites: { virginia: site('us-east-1', 100, 'virginia'), oregon: site('us-west-2', 50, 'oregon') },
      failover,
      traffic: {
        edge: {
          storeArn: 'arn:aws:cloudfront::123456789012:key-value-store/01234567-89ab-cdef-0123-456789abcdef',
          key: 'web',
          originIds: { virginia: 'origin-virginia', oregon: 'origin-oregon' },
        },
      },
    },
  },
};

const zoned: DeploymentInput = {
  name: 'zoned',
  controlRegions,
  services: {
    web: {
      mode: 'active-active',
      sites: {
        a: { ...site('us-east-1', 100, 'a'), capacity: 100 },
        b: { ...site('us-east-1', 90, 'b'), capacity: 100 },
        c: { ...site('us-east-1', 80, 'c'), capacity: 100 },
      },
      failback: { mode: 'automatic', healthyForMs: 20_000 },
      traffic: {
        zonal: {
          resourceArns: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/0123456789abcdef',
          zoneIds: { a: 'use1-az1', b: 'use1-az2', c: 'use1-az4' },
          expiryMs: 1_800_000,
        },
      },
    },
  },
};

/** Every configuration of this kind. */
export const switchDeployments: readonly DeploymentInput[] = [accelerated, controlled, cached, zoned];
