import { SimFault, textOf } from '../api-call.ts';
import type { SimCloud } from '../cloud.ts';
import type { SimKind } from './kind.ts';

const apis = { read: 'elasticloadbalancing:DescribeListeners', write: 'elasticloadbalancing:ModifyListener' };

/** Weights of target groups behind listeners and listener rules. */
export const targets: SimKind<'targets'> = {
  apis: [apis],
  apisOf: ({ region }) => ({ ...apis, region }),
  read: ({ cloud }, { listenerArn }) => weightsOf(cloud, listenerArn),
  write: ({ cloud }, { listenerArn, weights, stickinessSeconds }) => {
    weightsOf(cloud, listenerArn);
    const isAnyLeft = Object.values(weights).some((weight) => weight === 0);
    const isDeclared = stickinessSeconds !== undefined ? true : undefined;
    return cloud.writeWeights(listenerArn, weights, isAnyLeft ? false : isDeclared);
  },
  targetOf: ({ listenerArn }) => listenerArn,
  wantedText: ({ weights }) => textOf(weights),
  seenText: textOf,
};

function weightsOf(cloud: SimCloud, listenerArn: string): Readonly<Record<string, number>> {
  const weights = cloud.readWeights(listenerArn);
  if (weights === null) throw new SimFault({ kind: 'invalid', detail: `no listener ${listenerArn}` });
  return weights;
}
