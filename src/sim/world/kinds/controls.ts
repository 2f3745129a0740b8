import { textOf } from '../api-call.ts';
import type { SimKind } from './kind.ts';

const apis = {
  read: 'route53-recovery-cluster:GetRoutingControlState',
  write: 'route53-recovery-cluster:UpdateRoutingControlStates',
};

/** Routing controls, through any endpoint of their cluster that answers. */
export const controls: SimKind<'controls'> = {
  apis: [apis],
  apisOf: ({ endpoints, region }) => {
    const regions = Object.keys(endpoints);
    const [first = region, ...others] = regions.includes(region) ? [region, ...regions] : regions;
    return { ...apis, region: first, others };
  },
  read: ({ controls: its }, thing) => its.read(Object.keys(thing.states)),
  write: ({ controls: its }, thing) => its.write(thing.states),
  targetOf: ({ states }) => Object.keys(states)[0]?.split('/routingcontrol/')[0] ?? '',
  wantedText: ({ states }) => textOf(states),
  seenText: textOf,
};
