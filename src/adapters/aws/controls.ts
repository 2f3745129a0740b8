import {
  GetRoutingControlStateCommand,
  Route53RecoveryClusterClient,
  type RoutingControlState,
  UpdateRoutingControlStatesCommand,
} from '@aws-sdk/client-route53-recovery-cluster';
import { isTransient } from '../../core/fault.ts';
import type { ControlStates, ControlsThing } from '../../core/kinds/controls.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients, SendOptions } from './clients.ts';

/** Sends one command to an endpoint of the cluster. */
type Send<T> = (client: Route53RecoveryClusterClient, options: SendOptions) => Promise<T>;

/**
 * Reads and turns routing controls, at whichever endpoint of their cluster answers.
 *
 * AWS takes endpoints out of service by turns, at most two of the five at a time, and asks callers to try one after
 * another. The one that answered last is tried first. Nothing here calls the control plane of ARC, which is in
 * us-west-2 alone. Source: ARC Developer Guide, "Getting and updating routing control states using the ARC API".
 */
export function controlsHandlers(clients: AwsClients): KindHandlers<'controls'> {
  let answering: string | null = null;

  const ask = async <T>({ endpoints, region }: ControlsThing, send: Send<T>): Promise<T> => {
    const order = [answering ?? region, ...Object.keys(endpoints)].filter((one) => Object.hasOwn(endpoints, one));
    let first: PortError | null = null;
    for (const one of new Set(order)) {
      try {
        const client = clients.of(Route53RecoveryClusterClient, one, endpoints[one]);
        const answer = await clients.call((options) => send(client, options));
        answering = one;
        return answer;
      } catch (error) {
        const fault = refusalOf(error);
        if (!isTransient(fault.fault)) throw fault;
        first ??= fault;
      }
    }
    throw first ?? new PortError({ kind: 'invalid', detail: 'the cluster has no endpoint' });
  };

  const read = async (thing: ControlsThing): Promise<ControlStates> => {
    const isOn = async (arn: string) => {
      const command = new GetRoutingControlStateCommand({ RoutingControlArn: arn });
      const { RoutingControlState: seen } = await ask(thing, (client, options) => client.send(command, options));
      return [arn, seen === stateOf(true)] as const;
    };
    return Object.fromEntries(await Promise.all(Object.keys(thing.states).map(isOn)));
  };

  return {
    'read:controls': read,
    'write:controls': async (thing) => {
      const seen = await read(thing);
      const changed = Object.entries(thing.states).filter(([arn, isOn]) => seen[arn] !== isOn);
      if (changed.length === 0) return null;
      const command = new UpdateRoutingControlStatesCommand({
        UpdateRoutingControlStateEntries: changed.map(([arn, isOn]) => ({
          RoutingControlArn: arn,
          RoutingControlState: stateOf(isOn),
        })),
      });
      await ask(thing, (client, options) => client.send(command, options));
      return null;
    },
  };
}

function stateOf(isOn: boolean): RoutingControlState {
  return isOn ? 'On' : 'Off';
}

/**
 * What an error of this API means. A conflict is a safety rule of the user's that refuses the change, at every endpoint
 * alike. Source: Routing Control API Reference, "UpdateRoutingControlStates".
 */
function refusalOf(error: unknown): PortError {
  if (!(error instanceof PortError)) throw error;
  const name = error.cause instanceof Error ? error.cause.name : '';
  if (name === 'ConflictException') {
    const detail = `a safety rule refuses it, and none is overridden: ${error.fault.detail}`;
    return new PortError({ kind: 'denied', detail }, error.cause);
  }
  if (name === 'ResourceNotFoundException') return new PortError({ ...error.fault, kind: 'invalid' }, error.cause);
  return error;
}
