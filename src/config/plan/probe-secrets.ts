import type { Deployment } from '../../core/model/deployment.ts';
import { parameterOf, secretOf } from '../../core/model/probe.ts';

/** The secrets that a deployment's probes send, each name once. */
export interface ProbeSecrets {
  /** In Secrets Manager. */
  readonly secrets: readonly string[];
  /** In Parameter Store. */
  readonly parameters: readonly string[];
  /** Names under which Parameter Store is asked for all of them. */
  readonly read: readonly string[];
}

/** Collects the secrets of all probes. */
export function probeSecretsOf({ services }: Pick<Deployment, 'services'>): ProbeSecrets {
  const references = Object.values(services).flatMap(({ sites }) =>
    Object.values(sites).flatMap(({ probes }) => probes.flatMap((probe) => secretOf(probe) ?? [])),
  );
  return {
    secrets: unique(references.flatMap((each) => ('secret' in each ? each.secret : []))),
    parameters: unique(references.flatMap((each) => ('parameter' in each ? each.parameter : []))),
    read: unique(references.map(parameterOf)),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
