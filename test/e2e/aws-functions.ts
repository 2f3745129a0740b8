import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { functionsOf } from '../../src/config/plan/function-set.ts';
import { functionPlanOf } from '../../src/config/plan/functions.ts';
import { type FunctionKind, topicName } from '../../src/config/plan/names.ts';
import { ownAccount, partition } from '../../src/config/plan/permissions/arn.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import { filledStatements, type Statement } from '../../src/config/plan/permissions/statement.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/** The account that moto says it is. */
const motoAccount = '123456789012';

/** A function of a region, as its role is named. */
interface Holder {
  readonly region: string;
  readonly kind: FunctionKind;
}

/** The functions of a deployment in moto, each with a role. moto keeps no policies that it would go by. */
export class DeployedFunctions {
  readonly #deployment: Deployment;
  readonly #holders = new Map<string, Holder>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  async create(clients: AwsClients, region: string): Promise<void> {
    const { name } = this.#deployment;
    for (const kind of functionsOf(this.#deployment, region)) {
      const role = `${name}.${region}.${kind}`;
      this.#holders.set(`arn:aws:iam::${motoAccount}:role/${role}`, { region, kind });
      await clients
        .of(IAMClient, region)
        .send(new CreateRoleCommand({ RoleName: role, AssumeRolePolicyDocument: '{}' }));
      await this.#createFunction(clients, region, kind, role);
    }
  }

  /** What the CDK would let a role do; null for a stranger. */
  statementsOf(role: string): readonly Statement[] | null {
    const holder = this.#holders.get(role);
    if (holder === undefined) return null;
    const fill = (text: string) => text.replaceAll(partition, 'aws').replaceAll(ownAccount, motoAccount);
    return filledStatements(statementsFor(this.#deployment, holder.region, holder.kind), fill);
  }

  async #createFunction(clients: AwsClients, region: string, kind: FunctionKind, role: string): Promise<void> {
    const { name: FunctionName, concurrencyMax } = functionPlanOf(this.#deployment, kind);
    const client = clients.of(LambdaClient, region);
    const topic = `arn:aws:sns:${region}:${motoAccount}:${topicName(this.#deployment.name)}`;
    const command = new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::${motoAccount}:role/${role}`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('nothing') },
      ...(kind === 'notify' ? { Environment: { Variables: { TOPIC_ARN: topic } } } : {}),
    });
    await client.send(command);
    if (concurrencyMax === null) return;
    await client.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: concurrencyMax }),
    );
  }
}
