/** Kinds that move traffic. Their steps do not wait for each other, except where the kind itself says so. */
export const trafficKinds = ['address', 'route', 'targets', 'accelerator', 'controls', 'edge', 'zonal', 'dns'] as const;

/** Kinds whose steps must succeed before clients may be sent to the new site. */
export const gateKinds = ['fence', 'promote', 'start'] as const;

/**
 * Every kind of thing that a run can change, in the order of its steps. Step, order and function have the same name.
 */
export const kindNames = [...gateKinds, ...trafficKinds, 'work', 'rebuild', 'publish'] as const;

/** One sort of thing that a run changes. */
export type KindName = (typeof kindNames)[number];

/** Whether a name is that of a kind. */
export function isKind(name: string): name is KindName {
  return kindNames.some((kind) => kind === name);
}
