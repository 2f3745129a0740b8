import type { ScaleState } from '../../core/kinds/start.ts';
import type { Scalable } from '../../core/model/site.ts';
import type { Compute } from '../../ports/compute.ts';
import type { AwsClients } from './clients.ts';
import { autoScalingGroup } from './compute/auto-scaling-group.ts';
import { ecsService } from './compute/ecs-service.ts';
import { instances } from './compute/instances.ts';
import { provisionedConcurrency } from './compute/provisioned-concurrency.ts';

/** What a standby is raised or started by, in AWS; each kind has a file in `compute/`. */
export class AwsCompute implements Compute {
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
