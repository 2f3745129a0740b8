import type { Actuator } from './actuator.ts';

/**
 * Weights of the target groups that a service declares, all of them, behind its listener of the function's own region.
 *
 * An order that names some only would take the rest off the listener.
 */
export function targetWeightsIn(region: string): Actuator<'weights'> {
  return {
    kind: 'weights',
    isOwn: ({ listenerArn, weights }, { traffic: { targets } }) => {
      if (targets?.listenerArn !== listenerArn || targets.region !== region) return false;
      const own = new Set(Object.values(targets.targetGroups));
      const named = Object.keys(weights);
      return named.length === own.size && named.every((arn) => own.has(arn));
    },
  };
}
