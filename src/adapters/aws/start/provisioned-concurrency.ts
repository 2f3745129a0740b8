import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { concurrencyDimension } from '../../../config/plan/names.ts';
import { PortError } from '../../../ports/port-error.ts';
import { setWithin, type TargetKey } from './scalable-target.ts';
import type { ScaleHandle } from './scale-handle.ts';

/**
 * Error of Lambda for an alias without a configuration; that is a size of 0. Source: Lambda API Reference,
 * GetProvisionedConcurrencyConfig.
 */
const noConfig = 'ProvisionedConcurrencyConfigNotFoundException';

/**
 * Provisioned concurrency of a function's alias.
 *
 * A request that Lambda gave up (status `FAILED`) counts as not made: the present size is reported as the size that was
 * asked for, so the core asks again. Where Application Auto Scaling scales it, its range goes with the size.
 */
export const provisionedConcurrency: ScaleHandle<'provisioned-concurrency'> = {
  async read(clients, { region }, { functionName, alias }) {
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
  },

  async set(clients, { region }, { functionName, alias }, change) {
    const { size } = change;
    const where = { FunctionName: functionName, Qualifier: alias };
    const client = clients.of(LambdaClient, region);
    const put = new PutProvisionedConcurrencyConfigCommand({ ...where, ProvisionedConcurrentExecutions: size });
    const remove = new DeleteProvisionedConcurrencyConfigCommand(where);
    await setWithin(clients, region, targetKey(functionName, alias), change, `${functionName}:${alias}`, async () => {
      await clients.call<unknown>((options) => (size === 0 ? client.send(remove, options) : client.send(put, options)));
    });
  },
};

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
