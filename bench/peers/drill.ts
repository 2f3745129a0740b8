import { runDrill } from '../../src/cli/drill/drill.ts';
import type { DrillDetection } from '../../src/cli/drill/drill-deployment.ts';
import type { Peer } from './peer.ts';

/** Our drill: two sites, three regions, a quorum of two, DNS by oracles. Clients ask DNS each time, then the site. */
export function drill(name: string, settings: string, detection: DrillDetection): Peer {
  return {
    name,
    settings,
    recoveryMs: async () => {
      const signal = new AbortController().signal;
      const result = await runDrill({ deployment: null, detection, fault: 'kill', signal });
      if (result.recoveryMs === null) throw new Error(`the drill did not end well: ${result.seen}`);
      return result.recoveryMs;
    },
  };
}
