import type { Deployment } from '../../core/model/deployment.ts';
import { acceleratorRules, acceleratorSharingRules } from '../kinds/accelerator.ts';
import { addressRules, addressSharingRules } from '../kinds/address.ts';
import { controlsRules, controlsSharingRules } from '../kinds/controls.ts';
import { aliasRules } from '../kinds/dns/alias.ts';
import { cnameRules } from '../kinds/dns/cname.ts';
import { directCheckRules } from '../kinds/dns/direct-check.ts';
import { lastResortRules } from '../kinds/dns/last-resort.ts';
import { dnsPolicyRules } from '../kinds/dns/policy.ts';
import { privateZoneRules } from '../kinds/dns/private-zone.ts';
import { dnsRules } from '../kinds/dns.ts';
import { edgeRules, edgeSharingRules } from '../kinds/edge.ts';
import { fenceRules } from '../kinds/fence.ts';
import { promoteRules } from '../kinds/promote.ts';
import { publishRules } from '../kinds/publish.ts';
import { rebuildRules } from '../kinds/rebuild.ts';
import { routeRules, routeSharingRules } from '../kinds/route.ts';
import { startRules } from '../kinds/start.ts';
import { targetsRules } from '../kinds/targets.ts';
import { workRules, workSharingRules } from '../kinds/work.ts';
import { zonalRules, zonalSharingRules } from '../kinds/zonal.ts';
import { accountRules, accountServiceRules } from './accounts.ts';
import { backupRules } from './backup.ts';
import { calendarRules } from './calendar.ts';
import { groupRules } from './groups.ts';
import { moveRules } from './moves.ts';
import { oracleRules } from './oracle.ts';
import { outsideRules } from './outside.ts';
import { poolRules } from './pool.ts';
import { regionRules } from './regions.ts';
import { type Breach, breach, type DeploymentRule, type ServiceRule } from './rule.ts';
import { sharingRules } from './sharing.ts';
import { siteRules } from './sites.ts';
import { timingRules } from './timing.ts';
import { trafficRules } from './traffic.ts';

/** Smallest number of control regions with which one can be lost. */
const controlRegionsMin = 3;
const servicesMax = 50;

/** Every rule that a well-formed configuration breaks; empty when it can be used. */
export function findBreaches(deployment: Deployment): readonly Breach[] {
  return [
    ...deploymentRules.flatMap(({ check }) => check(deployment)),
    ...Object.entries(deployment.services).flatMap(([name, service]) =>
      serviceRules.flatMap(({ check }) => check(service, ['services', name], deployment)),
    ),
  ];
}

const enoughControlRegions: DeploymentRule = {
  about: 'There are three control regions or more, so that one can be lost.',
  check: ({ controlRegions }) =>
    controlRegions.length >= controlRegionsMin
      ? []
      : [
          breach(
            ['controlRegions'],
            String(controlRegions.length),
            `${controlRegionsMin} or more`,
            'add a witness: a region without a site',
          ),
        ],
};

const oddControlRegions: DeploymentRule = {
  about: 'The number of control regions is odd: one more region than an odd number survives no more losses.',
  check: ({ controlRegions }) =>
    controlRegions.length % 2 === 1 || controlRegions.length < controlRegionsMin
      ? []
      : [
          breach(
            ['controlRegions'],
            String(controlRegions.length),
            'an odd number of regions',
            'add a witness or leave one out; an even number survives no more losses',
          ),
        ],
};

const distinctControlRegions: DeploymentRule = {
  about: 'No control region is named twice: a majority counts distinct ones.',
  check: ({ controlRegions }) => {
    const twice = new Set(controlRegions.filter((region, index) => controlRegions.indexOf(region) !== index));
    return [...twice].map((region) =>
      breach(['controlRegions'], `${region} twice`, 'each region once', 'a majority counts distinct regions'),
    );
  },
};

const someServices: DeploymentRule = {
  about: 'There is at least one service, and there are at most fifty.',
  check: ({ services }) => {
    const count = Object.keys(services).length;
    return count >= 1 && count <= servicesMax
      ? []
      : [breach(['services'], String(count), `1 to ${servicesMax} services`, null)];
  },
};

/** Rules about the deployment as a whole. */
export const deploymentRules: readonly DeploymentRule[] = [
  enoughControlRegions,
  oddControlRegions,
  distinctControlRegions,
  someServices,
  ...regionRules,
  ...oracleRules,
  ...sharingRules,
  ...addressSharingRules,
  ...routeSharingRules,
  ...acceleratorSharingRules,
  ...controlsSharingRules,
  ...edgeSharingRules,
  ...zonalSharingRules,
  ...workSharingRules,
  ...groupRules,
  ...accountRules,
];

/** Rules about each service. */
export const serviceRules: readonly ServiceRule[] = [
  ...timingRules,
  ...siteRules,
  ...backupRules,
  ...outsideRules,
  ...accountServiceRules,
  ...fenceRules,
  ...moveRules,
  ...trafficRules,
  ...addressRules,
  ...dnsRules,
  ...dnsPolicyRules,
  ...privateZoneRules,
  ...aliasRules,
  ...cnameRules,
  ...directCheckRules,
  ...routeRules,
  ...acceleratorRules,
  ...controlsRules,
  ...edgeRules,
  ...zonalRules,
  ...workRules,
  ...calendarRules,
  ...targetsRules,
  ...poolRules,
  ...lastResortRules,
  ...startRules,
  ...promoteRules,
  ...rebuildRules,
  ...publishRules,
];
