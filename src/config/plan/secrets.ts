import type { Deployment } from '../../core/model/deployment.ts';
import { secretsOfWebhook } from '../../core/model/notify.ts';
import { parameterOf, type SecretReference, secretOf } from '../../core/model/probe.ts';
import { secretsOfTelemetry } from '../../core/model/telemetry.ts';

/** Secrets that a function reads, each name once. */
export interface SecretNames {
  /** In Secrets Manager. */
  readonly secrets: readonly string[];
  /** In Parameter Store. */
  readonly parameters: readonly string[];
  /** Names under which Parameter Store is asked for all of them. */
  readonly read: readonly string[];
}

/** The secrets of all probes. */
export function probeSecretsOf({ services }: Pick<Deployment, 'services'>): SecretNames {
  return namesOf(
    Object.values(services).flatMap(({ sites }) =>
      Object.values(sites).flatMap(({ probes }) => probes.flatMap((probe) => secretOf(probe) ?? [])),
    ),
  );
}

/** The secrets of all webhooks, and of the collector of telemetry: of whatever the notify function sends to. */
export function receiverSecretsOf({ notify, telemetry = {} }: Pick<Deployment, 'notify' | 'telemetry'>): SecretNames {
  return namesOf([...notify.webhooks.flatMap(secretsOfWebhook), ...secretsOfTelemetry(telemetry)]);
}

function namesOf(references: readonly SecretReference[]): SecretNames {
  return {
    secrets: unique(references.flatMap((each) => ('secret' in each ? each.secret : []))),
    parameters: unique(references.flatMap((each) => ('parameter' in each ? each.parameter : []))),
    read: unique(references.map(parameterOf)),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
