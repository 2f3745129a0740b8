import type { Deployment } from '../../core/model/deployment.ts';
import type { Path } from '../document.ts';
import { hasFunctionUrls } from '../plan/oracle-fronts.ts';
import { partitionOf, partitions, regionsWithoutFunctionUrls, usualPartition } from '../regions.ts';
import { breach, type DeploymentRule } from './rule.ts';

/** A region that a deployment names, and where. */
interface NamedRegion {
  readonly region: string;
  readonly path: Path;
}

/** Every region of a deployment, that of each site included. */
export function regionsNamed({ controlRegions, services }: Deployment): readonly NamedRegion[] {
  const control = controlRegions.map((region, index) => ({ region, path: ['controlRegions', index] }));
  const sites = Object.entries(services).flatMap(([service, { sites }]) =>
    Object.entries(sites).flatMap(([site, { region }]) =>
      region === undefined ? [] : [{ region, path: ['services', service, 'sites', site, 'region'] }],
    ),
  );
  return [...control, ...sites];
}

const usualPartitionOnly: DeploymentRule = {
  about: `All regions belong to the partition ${usualPartition}. No other one has three regions, which a majority takes.`,
  check: (deployment) =>
    regionsNamed(deployment).flatMap(({ region, path }) => {
      const partition = partitionOf(region) ?? usualPartition;
      if (partition === usualPartition) return [];
      const count = partitions[partition]?.length ?? 0;
      const few = `${partition} has ${count === 1 ? 'one region' : `${count} regions`}`;
      return [
        breach(
          path,
          region,
          `a region of the partition ${usualPartition}`,
          `${few}, its accounts reach no others, and a majority takes three`,
        ),
      ];
    }),
};

const functionUrls: DeploymentRule = {
  about: 'Where oracles are asked at function URLs, every control region has such URLs.',
  check: (deployment) =>
    !hasFunctionUrls(deployment)
      ? []
      : deployment.controlRegions.flatMap((region, index) =>
          regionsWithoutFunctionUrls.includes(region)
            ? [
                breach(
                  ['controlRegions', index],
                  region,
                  'a region in which Lambda functions have URLs',
                  'take another region, or put a load balancer or an API of yours before the oracles (oracle.url)',
                ),
              ]
            : [],
        ),
};

/** Rules about which regions there are, and what they have. */
export const regionRules: readonly DeploymentRule[] = [usualPartitionOnly, functionUrls];
