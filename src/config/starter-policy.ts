/** All policies of a first configuration. */
export const starterPolicies = ['failover', 'weighted', 'latency', 'multivalue'] as const;

/** How a name of a first configuration chooses: `failover` is one active site; with any other all serve together. */
export type StarterPolicy = (typeof starterPolicies)[number];
