import { allow, type KindStatements } from './statement.ts';

/**
 * Zonal shifts of the load balancers that are declared. Source: Service Authorization Reference, "Amazon Application
 * Recovery Controller - Zonal Shift".
 */
export const zonalStatements: KindStatements = ({ services }) => {
  const arns = Object.values(services).flatMap(({ traffic }) => traffic.zonal?.resourceArns ?? []);
  const actions = ['GetManagedResource', 'StartZonalShift', 'UpdateZonalShift', 'CancelZonalShift'];
  return [
    allow(
      actions.map((action) => `arc-zonal-shift:${action}`),
      [...new Set(arns)],
    ),
  ];
};
