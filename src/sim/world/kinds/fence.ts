import { type Fence, isHookedFence } from '../../../core/model/site.ts';
import { SimFault } from '../api-call.ts';
import type { ApiPair, SimKind } from './kind.ts';

/** What looks at a fence, and what closes or opens it. */
export const fenceApis: Readonly<Record<Fence['kind'], ApiPair>> = {
  groups: { read: 'ec2:DescribeInstances', write: 'ec2:ModifyInstanceAttribute' },
  targets: { read: 'elasticloadbalancing:DescribeTargetHealth', write: 'elasticloadbalancing:DeregisterTargets' },
  address: { read: 'ec2:DescribeAddresses', write: 'ec2:DisassociateAddress' },
  custom: { read: 'lambda:Invoke', write: 'lambda:Invoke' },
  'read-only': { read: 'lambda:Invoke', write: 'lambda:Invoke' },
};

/** Fences of sites. */
export const fence: SimKind<'fence'> = {
  apis: Object.values(fenceApis),
  apisOf: ({ fence: { kind }, region }) => ({ ...fenceApis[kind], region }),
  read: ({ cloud }, thing) => ({
    isIsolated: cloud.isIsolated(thing),
    isReleased: cloud.isReleased(thing),
    ...(cloud.isDraining(thing.service, thing.site) ? { isClosing: true } : {}),
  }),
  write: (world, thing) => {
    const isRefused = world.hooks.refuses(world.sites.keyOf(thing.service, thing.site), thing.isIsolated, thing.token);
    if (isHookedFence(thing.fence) && isRefused)
      throw new SimFault({ kind: 'denied', detail: 'veto: there was a later order' });
    const { drainMs } = world.sites.get(thing.service, thing.site);
    if (thing.isIsolated && thing.fence.kind === 'targets' && drainMs > 0)
      return world.cloud.drain(thing, world.scheduler, drainMs, () => world.applyIsolation());
    const hasChanged = world.cloud.setIsolation(thing, thing.isIsolated);
    world.applyIsolation();
    return hasChanged;
  },
  targetOf: ({ service, site }) => `${service}/${site}`,
  wantedText: ({ isIsolated }) => String(isIsolated),
  seenText: ({ isIsolated }) => String(isIsolated),
};
