import { ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { endpointsParameter } from '../../config/plan/names.ts';
import type { Publication } from '../../core/kinds/publication.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { readParameter } from './publish/parameters.ts';

/**
 * Bytes that a parameter of the standard tier may hold. Source: Systems Manager API Reference, PutParameter, `Tier`.
 */
const standardBytesMax = 4_096;

/** Publications in Parameter Store: one parameter a service, in each region, that holds the publication as JSON. */
export class SsmPublisher {
  readonly #clients: AwsClients;
  readonly #deployment: string;

  /** @param deployment - name of the deployment, with which the parameters' names begin */
  constructor(clients: AwsClients, deployment: string) {
    this.#clients = clients;
    this.#deployment = deployment;
  }

  /** Null when nothing was published, or when the parameter holds something else; then it is written again. */
  async readPublication(region: string, service: string): Promise<Publication | null> {
    try {
      return parse(await readParameter(this.#clients, region, endpointsParameter(this.#deployment, service)));
    } catch (error) {
      if (error instanceof PortError && error.cause instanceof ParameterNotFound) return null;
      throw error;
    }
  }

  /**
   * It reads before it writes, although the caller has claimed its epoch, because clients rely on the parameter.
   *
   * @throws {PortError} `invalid` when a newer epoch is there; nothing is written then
   */
  async publish(region: string, publication: Publication): Promise<void> {
    const { service, epoch } = publication;
    const seen = await this.readPublication(region, service);
    if (seen !== null && seen.epoch > epoch) {
      throw new PortError({ kind: 'invalid', detail: `epoch ${seen.epoch} of ${service} is published, not ${epoch}` });
    }
    const value = JSON.stringify(publication);
    const isLong = new TextEncoder().encode(value).length > standardBytesMax;
    try {
      await this.#put(region, service, value, isLong);
    } catch (error) {
      if (isLong || !isAdvancedAlready(error)) throw error;
      await this.#put(region, service, value, true);
    }
  }

  /** An advanced parameter costs money each month and stays one for good, so it is used only when needed. */
  async #put(region: string, service: string, value: string, isAdvanced: boolean): Promise<void> {
    const command = new PutParameterCommand({
      Name: endpointsParameter(this.#deployment, service),
      Value: value,
      Type: 'String',
      Overwrite: true,
      ...(isAdvanced ? { Tier: 'Advanced' } : {}),
    });
    await this.#clients.call((options) => this.#clients.of(SSMClient, region).send(command, options));
  }
}

/**
 * Whether a parameter that held a longer value is refused a value of the standard tier, which is what a request means
 * that names none. Source: Systems Manager API Reference, PutParameter, `Tier`, "Using the Default Tier Configuration".
 */
function isAdvancedAlready(error: unknown): boolean {
  const cause = error instanceof PortError ? error.cause : error;
  return cause instanceof Error && cause.name === 'ValidationException' && /advanced/i.test(cause.message);
}

function parse(text: string): Publication | null {
  try {
    const value = JSON.parse(text) as Partial<Publication> | null;
    const isPublication = Number.isInteger(value?.epoch) && Array.isArray(value?.endpoints);
    return isPublication ? (value as Publication) : null;
  } catch {
    return null;
  }
}

/** Reads and writes publications. */
export function publishHandlers(clients: AwsClients, deployment: string): KindHandlers<'publish'> {
  const publisher = new SsmPublisher(clients, deployment);
  return {
    'read:publish': ({ region, publication }) => publisher.readPublication(region, publication.service),
    'write:publish': async ({ region, publication }) => {
      await publisher.publish(region, publication);
      return null;
    },
  };
}
