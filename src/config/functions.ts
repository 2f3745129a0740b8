import type { Deployment } from '../core/deployment.ts';
import type { FunctionKind } from './names.ts';

/** Functions that a control region has: the actuators only of what is in that region. `deploy` belongs to the records. */
export function functionsOf(deployment: Deployment, region: string): readonly FunctionKind[] {
  const services = Object.values(deployment.services);
  const needs: readonly (readonly [FunctionKind, boolean])[] = [
    ['watcher', true],
    ['oracle', true],
    ['notify', true],
    ['address', services.some(({ traffic }) => traffic.address?.region === region)],
    [
      'isolation',
      services.some(({ sites }) => Object.values(sites).some((site) => site.fence && site.region === region)),
    ],
    ['records', services.some(({ traffic }) => traffic.dns?.mode === 'records')],
  ];
  return needs.filter(([, isNeeded]) => isNeeded).map(([kind]) => kind);
}
