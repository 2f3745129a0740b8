import { acceleratorRegion } from '../plan/accelerator-region.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const movedFromControlPlane: LintRule = {
  name: 'accelerator-control-plane',
  about: `A service with an accelerator has a site in ${acceleratorRegion}, where the accelerator's control plane is.`,
  reason: 'When that region is lost, no dial can be turned: the move away from it waits.',
  check: eachService(({ name, sites, traffic }, at) => {
    const there = Object.keys(sites).filter((site) => sites[site]?.region === acceleratorRegion);
    if (traffic.accelerator === undefined || there.length === 0) return [];
    return [
      {
        path: `${at}.traffic.accelerator`,
        what: `${listed(there)} is in ${acceleratorRegion}, where the control plane of Global Accelerator is`,
        breaks: `when ${acceleratorRegion} is lost, the dials of ${name} stay as they are: clients go elsewhere only by the health checks of the accelerator itself`,
        hint: 'move by traffic.dns, or accept this by name when the health checks of the endpoint groups are enough for that case',
      },
    ];
  }),
};

const failsOverByItself: LintRule = {
  name: 'accelerator-fails-over',
  about: 'A service with data is reached through an accelerator.',
  reason:
    'An accelerator that finds nothing healthy where the dial is up sends clients to a site whose dial is 0, promoted or not. It asks nobody.',
  check: eachService(({ name, traffic, data }, at) =>
    traffic.accelerator === undefined || data === undefined
      ? []
      : [
          {
            path: `${at}.traffic.accelerator`,
            what: `the accelerator of ${name} moves clients by itself when its health checks of the active site fail`,
            breaks: 'when the region of the active site is lost, clients come to a standby before its data is promoted',
            hint: 'let the path that the endpoint groups check answer well at the active site alone, and accept this by name',
          },
        ],
  ),
};

/** Findings about Global Accelerator. */
export const acceleratorLintRules: readonly LintRule[] = [movedFromControlPlane, failsOverByItself];
