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

/** An ARN of another partition than the usual one; the first group is that partition. */
const foreignArn = /^arn:(aws-[a-z-]+):/;

const usualArnsOnly: DeploymentRule = {
  about: `Every ARN is of the partition ${usualPartition}, as every region is.`,
  check: (deployment) =>
    textsIn(deployment, []).flatMap(({ text, path }) => {
      const partition = foreignArn.exec(text)?.[1];
      if (partition === undefined) return [];
      const why = `the accounts of ${usualPartition} reach nothing in ${partition}`;
      return [breach(path, text, `an ARN that begins with arn:${usualPartition}:`, why)];
    }),
};

/** Every text below a value, and where it stands. */
function textsIn(value: unknown, path: Path): readonly { readonly text: string; readonly path: Path }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (typeof value !== 'object' || value === null) return [];
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return parts.flatMap(([key, part]) => textsIn(part, [...path, key]));
}

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

/** Rules about which regions and ARNs there are, and what they have. */
export const regionRules: readonly DeploymentRule[] = [usualPartitionOnly, usualArnsOnly, functionUrls];
