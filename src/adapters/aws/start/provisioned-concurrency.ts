import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { concurrencyDimension } from '../../../config/plan/names.ts';
import type { ScaleState } from '../../../core/kinds/start.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { setWithin, type TargetKey } from './scalable-target.ts';
import type { ScalableOf, ScaleHandle } from './scale-handle.ts';

type Alias = Pick<ScalableOf<'provisioned-concurrency'>, 'functionName' | 'alias'>;

/**
 * Error of Lambda for an alias without a configuration; that is a size of 0. Source: Lambda API Reference,
 * GetProvisionedConcurrencyConfig.
 */
const noConfig = 'ProvisionedConcurrencyConfigNotFoundException';

/** Lambda's refusal of any size while an alias has weights; its name alone says only that something is invalid. */
const weightedAlias = /alias with weights|invalid alias configuration/i;

/**
 * Provisioned concurrency of a function's alias.
 *
 * A request that Lambda gave up (status `FAILED`) counts as not made: the present size is reported as the size that was
 * asked for, so the core asks again. Where Application Auto Scaling scales it, its range goes with the size.
 *
 * While an alias shares its calls out to two versions it takes no size. A gradual deployment makes it so for its time,
 * and Lambda itself does where an alias that has a size is given another version; the end of that is waited for. No
 * page of AWS says so: Lambda's message does, in hashicorp/terraform issue 24957 and gradientedge/cdk-utils pull
 * request 1110.
 */
export const provisionedConcurrency: ScaleHandle<'provisioned-concurrency'> = {
  async read(clients, { region }, scalable) {
    const [seen, isWeighted] = await Promise.all([
      readConfig(clients, region, scalable),
      hasWeights(clients, region, scalable).catch(() => false),
    ]);
    const hindrance = `the alias ${scalable.functionName}:${scalable.alias} takes no size while it leads to two versions`;
    return isWeighted ? { ...seen, isBusy: true, hindrance } : seen;
  },

  async set(clients, { region }, { functionName, alias }, change) {
    const { size } = change;
    const where = { FunctionName: functionName, Qualifier: alias };
    const client = clients.of(LambdaClient, region);
    const put = new PutProvisionedConcurrencyConfigCommand({ ...where, ProvisionedConcurrentExecutions: size });
    const remove = new DeleteProvisionedConcurrencyConfigCommand(where);
    await setWithin(clients, region, targetKey(functionName, alias), change, `${functionName}:${alias}`, async () => {
      try {
        await clients.call<unknown>((options) =>
          size === 0 ? client.send(remove, options) : client.send(put, options),
        );
      } catch (error) {
        throw isOfWeights(error) ? new PortError({ ...error.fault, kind: 'unavailable' }, error.cause) : error;
      }
    });
  },
};

async function readConfig(
  clients: AwsClients,
  region: string,
  { functionName, alias }: Alias,
): Promise<Pick<ScaleState, 'wanted' | 'ready' | 'hindrance'>> {
  const command = new GetProvisionedConcurrencyConfigCommand({ FunctionName: functionName, Qualifier: alias });
  try {
    const seen = await clients.call((options) => clients.of(LambdaClient, region).send(command, options));
    const ready = seen.AvailableProvisionedConcurrentExecutions ?? 0;
    if (seen.Status !== 'FAILED') return { wanted: seen.RequestedProvisionedConcurrentExecutions ?? 0, ready };
    const hindrance = `Lambda gave up on ${functionName}:${alias}: ${seen.StatusReason ?? 'it does not say why'}`;
    return { wanted: ready, ready, hindrance };
  } catch (error) {
    if (isNoConfig(error)) return { wanted: 0, ready: 0 };
    throw error;
  }
}

/** Whether an alias leads to a second version besides its own. Source: Lambda API Reference, `GetAlias`. */
async function hasWeights(clients: AwsClients, region: string, { functionName, alias }: Alias): Promise<boolean> {
  const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
  const { RoutingConfig } = await clients.call((options) => clients.of(LambdaClient, region).send(command, options));
  return Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
}

function isOfWeights(error: unknown): error is PortError {
  return error instanceof PortError && error.cause instanceof Error && weightedAlias.test(error.cause.message);
}

function targetKey(functionName: string, alias: string): TargetKey {
  return {
    ServiceNamespace: 'lambda',
    ResourceId: `function:${functionName}:${alias}`,
    ScalableDimension: concurrencyDimension,
  };
}

function isNoConfig(error: unknown): boolean {
  return error instanceof PortError && error.cause instanceof Error && error.cause.name === noConfig;
}
