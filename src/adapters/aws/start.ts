import type { ScaleState } from '../../core/kinds/start.ts';
import type { Scalable } from '../../core/model/site.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { autoScalingGroup } from './start/auto-scaling-group.ts';
import { ecsService } from './start/ecs-service.ts';
import { instances } from './start/instances.ts';
import { provisionedConcurrency } from './start/provisioned-concurrency.ts';

/** Reads and sets the sizes of what a site runs on; each kind has a file in `start/`. */
export class AwsCompute {
  readonly #clients: AwsClients;

  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /** @throws {PortError} `invalid` when there is no such thing in the region */
  async readScale(region: string, scalable: Scalable): Promise<ScaleState> {
    switch (scalable.kind) {
      case 'auto-scaling-group':
        return await autoScalingGroup.read(this.#clients, region, scalable);
      case 'ecs-service':
        return await ecsService.read(this.#clients, region, scalable);
      case 'provisioned-concurrency':
        return await provisionedConcurrency.read(this.#clients, region, scalable);
      case 'instances':
        return await instances.read(this.#clients, region, scalable);
    }
  }

  /** @throws {PortError} `invalid` when there is no such thing in the region, or its own limits refuse the size */
  async setScale(region: string, scalable: Scalable, size: number): Promise<void> {
    switch (scalable.kind) {
      case 'auto-scaling-group':
        return await autoScalingGroup.set(this.#clients, region, scalable, size);
      case 'ecs-service':
        return await ecsService.set(this.#clients, region, scalable, size);
      case 'provisioned-concurrency':
        return await provisionedConcurrency.set(this.#clients, region, scalable, size);
      case 'instances':
        return await instances.set(this.#clients, region, scalable, size);
    }
  }
}

/** Reads and sets sizes, by the API of what has them. */
export function startHandlers(clients: AwsClients): KindHandlers<'start'> {
  const compute = new AwsCompute(clients);
  return {
    'read:start': ({ region, scalable }) => compute.readScale(region, scalable),
    'write:start': async ({ region, scalable, size }) => {
      await compute.setScale(region, scalable, size);
      return null;
    },
  };
}
