import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { PortError } from '../../../ports/port-error.ts';
import { plainName } from './record-sets.ts';

/** Weight of each weighted record of a name by its set identifier, 0 to 255. */
export type RecordWeights = Readonly<Record<string, number>>;

/**
 * Weight of a site whose A and AAAA records have different weights. It equals no real weight, so the next write sets
 * both.
 */
const mixedWeight = -1;

/**
 * The weights of a name's weighted records; `mixedWeight` where the two types differ.
 *
 * @param sets - record sets of the zone, of this and of any other name; those without a weight do not count
 * @throws {PortError} `invalid` when the name has no weighted record
 */
export function weightsIn(sets: readonly ResourceRecordSet[], name: string): RecordWeights {
  const weights: Record<string, number> = {};
  const weighted = weightedSets(sets, name);
  if (weighted.length === 0) throw notDeployed(`${name} has no weighted records`);
  for (const { SetIdentifier: site, Weight: weight } of weighted) {
    weights[site] = (weights[site] ?? weight) === weight ? weight : mixedWeight;
  }
  return weights;
}

/**
 * The changes that lead to the weights; empty when nothing differs. The other parts of a record (addresses, time to
 * live, health check) stay as the deployment made them. Records of sites that are not mentioned stay unchanged.
 *
 * @throws {PortError} `invalid` when a site has no weighted record
 */
export function weightChanges(
  sets: readonly ResourceRecordSet[],
  name: string,
  weights: RecordWeights,
): readonly Change[] {
  const weighted = weightedSets(sets, name);
  const missing = Object.keys(weights).filter((site) => weighted.every((set) => set.SetIdentifier !== site));
  if (missing.length > 0) throw notDeployed(`${name} has no weighted record for ${missing.join(', ')}`);
  return weighted.flatMap((set): readonly Change[] => {
    const weight = weights[set.SetIdentifier];
    if (weight === undefined || weight === set.Weight) return [];
    return [{ Action: 'UPSERT', ResourceRecordSet: { ...set, Weight: weight } }];
  });
}

function notDeployed(found: string): PortError {
  return new PortError({ kind: 'invalid', detail: `${found}: deploy the stack of the records` });
}

type WeightedSet = ResourceRecordSet & { readonly SetIdentifier: string; readonly Weight: number };

function weightedSets(sets: readonly ResourceRecordSet[], name: string): readonly WeightedSet[] {
  const wanted = plainName(name);
  return sets.filter(
    (set): set is WeightedSet =>
      plainName(set.Name ?? '') === wanted && set.SetIdentifier !== undefined && set.Weight !== undefined,
  );
}
