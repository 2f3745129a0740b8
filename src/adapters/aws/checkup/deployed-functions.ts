import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { functionsOf } from '../../../config/plan/function-set.ts';
import { type FunctionKind, functionName } from '../../../config/plan/names.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { errorName } from './fault-explanation.ts';

/** A function as it is deployed. */
export interface DeployedFunction {
  /** ARN of its role. */
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Concurrent executions that are reserved for it; null: none are. */
  readonly reserved: number | null;
}

/** A function that a region shall have, and what is there. */
export interface ReadFunction {
  readonly region: string;
  readonly kind: FunctionKind;
  /** Null where there is no such function; rejects with {@link PortError} where nobody says. */
  readonly deployed: Promise<DeployedFunction | null>;
}

/** Begins to read every function that the control regions shall have. */
export function readFunctions(clients: AwsClients, deployment: Deployment): readonly ReadFunction[] {
  return deployment.controlRegions.flatMap((region) =>
    functionsOf(deployment, region).map((kind) => {
      const deployed = readFunction(clients, region, functionName(deployment.name, kind));
      // Who waits for it may have given up before.
      deployed.catch(() => undefined);
      return { region, kind, deployed };
    }),
  );
}

async function readFunction(clients: AwsClients, region: string, name: string): Promise<DeployedFunction | null> {
  const client = clients.of(LambdaClient, region);
  const input = { FunctionName: name };
  try {
    const [configuration, concurrency] = await Promise.all([
      clients.call((options) => client.send(new GetFunctionConfigurationCommand(input), options)),
      clients.call((options) => client.send(new GetFunctionConcurrencyCommand(input), options)),
    ]);
    return deployedFunction(name, configuration, concurrency.ReservedConcurrentExecutions ?? null);
  } catch (error) {
    if (error instanceof PortError && errorName(error) === 'ResourceNotFoundException') return null;
    throw error;
  }
}

function deployedFunction(
  name: string,
  { Role, Environment }: GetFunctionConfigurationCommandOutput,
  reserved: number | null,
): DeployedFunction {
  if (!Role) throw new PortError({ kind: 'invalid', detail: `Lambda names no role of ${name}` });
  return { role: Role, environment: Environment?.Variables ?? {}, reserved };
}
