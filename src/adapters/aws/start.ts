import type { ScaleState, StartThing } from '../../core/kinds/start.ts';
import type { Scalable } from '../../core/model/site.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { detailLengthMax } from './faults.ts';
import { type AsksHooks, LambdaHook } from './lambda/lambda-hook.ts';
import { auroraReaders } from './start/aurora-readers.ts';
import { auroraServerless } from './start/aurora-serverless.ts';
import { autoScalingGroup, launchHindrance } from './start/auto-scaling-group.ts';
import { customScale } from './start/custom-scale.ts';
import { dynamodbCapacity } from './start/dynamodb-capacity.ts';
import { ecsService } from './start/ecs-service.ts';
import { eksDeployment } from './start/eks-deployment.ts';
import { eksNodegroup } from './start/eks-nodegroup.ts';
import { instances } from './start/instances.ts';
import { provisionedConcurrency } from './start/provisioned-concurrency.ts';
import type { ScaleChange, ScaleHandle, ScalePlace } from './start/scale-handle.ts';

/** Reads and sets the sizes of what a site runs on; each kind has a file in `start/`. */
export class AwsCompute {
  readonly #clients: AwsClients;
  readonly #custom: ScaleHandle<'custom'>;

  /** @param hook - asks the functions of what is scaled by the kind `custom` */
  constructor(clients: AwsClients, hook: AsksHooks = new LambdaHook(clients)) {
    this.#clients = clients;
    this.#custom = customScale(hook);
  }

  /**
   * @throws {PortError} `invalid` when there is no such thing in the region; `denied` when a function of the user
   *   answers with a veto
   */
  async readScale(place: ScalePlace, scalable: Scalable): Promise<ScaleState> {
    switch (scalable.kind) {
      case 'auto-scaling-group':
        return await autoScalingGroup.read(this.#clients, place, scalable);
      case 'ecs-service':
        return await ecsService.read(this.#clients, place, scalable);
      case 'eks-deployment':
        return await eksDeployment.read(this.#clients, place, scalable);
      case 'eks-nodegroup':
        return await eksNodegroup.read(this.#clients, place, scalable);
      case 'provisioned-concurrency':
        return await provisionedConcurrency.read(this.#clients, place, scalable);
      case 'instances':
        return await instances.read(this.#clients, place, scalable);
      case 'aurora-serverless':
        return await auroraServerless.read(this.#clients, place, scalable);
      case 'aurora-readers':
        return await auroraReaders.read(this.#clients, place, scalable);
      case 'dynamodb-capacity':
        return await dynamodbCapacity.read(this.#clients, place, scalable);
      case 'custom':
        return await this.#custom.read(this.#clients, place, scalable);
    }
  }

  /**
   * @throws {PortError} `invalid` when there is no such thing in the region, or its own limits refuse the size;
   *   `denied` when a function of the user answers with a veto
   */
  async setScale(place: ScalePlace, scalable: Scalable, change: ScaleChange): Promise<void> {
    switch (scalable.kind) {
      case 'auto-scaling-group':
        return await autoScalingGroup.set(this.#clients, place, scalable, change);
      case 'ecs-service':
        return await ecsService.set(this.#clients, place, scalable, change);
      case 'eks-deployment':
        return await eksDeployment.set(this.#clients, place, scalable, change);
      case 'eks-nodegroup':
        return await eksNodegroup.set(this.#clients, place, scalable, change);
      case 'provisioned-concurrency':
        return await provisionedConcurrency.set(this.#clients, place, scalable, change);
      case 'instances':
        return await instances.set(this.#clients, place, scalable, change);
      case 'aurora-serverless':
        return await auroraServerless.set(this.#clients, place, scalable, change);
      case 'aurora-readers':
        return await auroraReaders.set(this.#clients, place, scalable, change);
      case 'dynamodb-capacity':
        return await dynamodbCapacity.set(this.#clients, place, scalable, change);
      case 'custom':
        return await this.#custom.set(this.#clients, place, scalable, change);
    }
  }
}

/**
 * Reads and sets sizes, by the API of what has them.
 *
 * @param hooks - clients whose deadline is the time that a function of the user has
 */
export function startHandlers(clients: AwsClients, hooks: AwsClients): KindHandlers<'start'> {
  const computeOf = ({ account }: StartThing) => new AwsCompute(clients.in(account), new LambdaHook(hooks.in(account)));
  return {
    'read:start': async (thing) => await withHindrance(clients.in(thing.account), thing, computeOf(thing)),
    'write:start': async (thing) => {
      await computeOf(thing).setScale(thing, thing.scalable, thing);
      return null;
    },
  };
}

/** What keeps a group small is asked for where its size is waited for alone: whoever surveys it has no need of it. */
async function withHindrance(clients: AwsClients, thing: StartThing, compute: AwsCompute): Promise<ScaleState> {
  const { region, scalable } = thing;
  const seen = await compute.readScale(thing, scalable);
  const isMute = scalable.kind === 'auto-scaling-group' && seen.hindrance === undefined && seen.ready < seen.wanted;
  const hindrance = isMute ? await launchHindrance(clients, region, scalable.name) : seen.hindrance;
  return hindrance ? { ...seen, hindrance: hindrance.slice(0, detailLengthMax) } : seen;
}
