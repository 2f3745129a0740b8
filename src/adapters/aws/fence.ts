import type { FenceState, FenceThing } from '../../core/kinds/fence.ts';
import type { HookedFence } from '../../core/model/site.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import { EipAddresses } from './address.ts';
import type { AwsClients } from './clients.ts';
import { Ec2Isolation } from './fence/ec2-isolation.ts';
import { Elbv2Targets } from './fence/elbv2-targets.ts';
import { type AsksHooks, LambdaHook } from './lambda/lambda-hook.ts';

/** Longest part of an answer that goes into a fault. */
const answerLengthMax = 120;

/** A fence, and where it is. */
type FencePlace = Omit<FenceThing, 'isIsolated' | 'token'>;

/**
 * Cuts sites off, each by the means that its fence declares.
 *
 * A fence of kind `address` needs no release: the register says which site gets the address, and the order of the
 * `address` kind gives it back. So the fence always counts as released, and releasing it writes nothing.
 *
 * A function of the user gets `{ action, service, site, mode }`, where `mode` is the kind of fence; `fence` and
 * `release` with `epoch` and `attempt` besides. It answers `read` with `{ isIsolated, isReleased }`, and `fence` and
 * `release` with `{ ok: true }` once they have taken effect. It may answer any of them with `{ veto: "reason" }`. It
 * may get the same order twice.
 *
 * While the fence is owed, the survey sends `read` too. `isWell: true` in the answer then says that the site runs well
 * behind the fence, where no probe can see it. It says nothing about data with one writer, and does not open the fence
 * of such a site.
 */
export class AwsFences {
  readonly #instances: Ec2Isolation;
  readonly #targets: Elbv2Targets;
  readonly #addresses: EipAddresses;
  readonly #hook: AsksHooks;

  /** @param hook - asks the functions of fences of the kinds `custom` and `read-only` */
  constructor(clients: AwsClients, hook: AsksHooks = new LambdaHook(clients)) {
    this.#instances = new Ec2Isolation(clients);
    this.#targets = new Elbv2Targets(clients);
    this.#addresses = new EipAddresses(clients);
    this.#hook = hook;
  }

  /** @throws {PortError} `invalid` when the region has nothing of what the fence names */
  async readIsolation(input: FencePlace): Promise<FenceState> {
    const { region, fence } = input;
    switch (fence.kind) {
      case 'groups':
        return await this.#instances.readIsolation(region, fence.instanceIds, fence.isolationGroupId);
      case 'targets':
        return await this.#targets.readIsolation(region, fence.targetGroupArn, fence.targetIds);
      case 'address':
        return { isIsolated: !(await this.#addresses.isHeld(region, fence)), isReleased: true };
      case 'custom':
      case 'read-only':
        return await this.#readHooked(input, fence);
    }
  }

  /** @throws {PortError} `invalid` as above; `denied` when a function of the user answers with a veto */
  async setIsolation(input: FenceThing): Promise<void> {
    const { region, fence, isIsolated } = input;
    switch (fence.kind) {
      case 'groups':
        return await this.#instances.setIsolation(region, fence.instanceIds, fence.isolationGroupId, isIsolated);
      case 'targets':
        return await this.#targets.setIsolation(region, fence.targetGroupArn, fence.targetIds, isIsolated);
      case 'address':
        if (isIsolated) await this.#addresses.dissociate(region, fence);
        return;
      case 'custom':
      case 'read-only':
        return await this.#setHooked(input, fence);
    }
  }

  async #readHooked({ region, service, site }: FencePlace, { kind, functionName }: HookedFence): Promise<FenceState> {
    const answer = await this.#hook.ask(region, functionName, { action: 'read', service, site, mode: kind });
    const { isIsolated, isReleased } = answer;
    const isPlain = typeof isIsolated === 'boolean' && typeof isReleased === 'boolean';
    if (!isPlain || (isIsolated && isReleased)) throw unexpected(functionName, answer);
    return { isIsolated, isReleased };
  }

  async #setHooked(
    { region, service, site, isIsolated, token: { epoch, attempt } }: FenceThing,
    { kind, functionName }: HookedFence,
  ): Promise<void> {
    const action = isIsolated ? 'fence' : 'release';
    const request = { action, service, site, mode: kind, epoch, attempt };
    const answer = await this.#hook.ask(region, functionName, request);
    if (answer.ok !== true) throw unexpected(functionName, answer);
  }
}

function unexpected(functionName: string, answer: unknown): PortError {
  const text = JSON.stringify(answer).slice(0, answerLengthMax);
  return new PortError({ kind: 'invalid', detail: `${functionName} answered ${text}` });
}

/**
 * Reads and closes fences, by what they declare.
 *
 * @param hooks - clients whose deadline is the time that a function of the user has
 */
export function fenceHandlers(clients: AwsClients, hooks: AwsClients): KindHandlers<'fence'> {
  const fencesOf = ({ account }: FenceThing) => new AwsFences(clients.in(account), new LambdaHook(hooks.in(account)));
  return {
    'read:fence': async (thing) => await fencesOf(thing).readIsolation(thing),
    'write:fence': async (thing) => {
      await fencesOf(thing).setIsolation(thing);
      return null;
    },
  };
}
