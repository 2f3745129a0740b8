import { runDrill } from '../../src/cli/drill/drill.ts';
import { type DrillDetection, drillDeployment } from '../../src/cli/drill/drill-deployment.ts';
import { labStrike } from '../../src/cli/drill/strike.ts';
import { durationText } from '../../src/config/schema/duration.ts';
import type { Peer } from './peer.ts';

/** Our drill: two sites, three regions, a quorum of two, DNS by oracles. Clients ask DNS each time, then the site. */
export function drill(name: string, detection: DrillDetection): Peer {
  return {
    name,
    settings: settingsOf(detection),
    recoveryMs: async () => {
      const signal = new AbortController().signal;
      const result = await runDrill({ deployment: null, detection, strike: labStrike('kill'), signal });
      if (result.recoveryMs === null) throw new Error(`the drill did not end well: ${result.seen}`);
      return result.recoveryMs;
    },
  };
}

/** As the drill's own deployment has them. */
function settingsOf(detection: DrillDetection): string {
  // Where the sites are does not matter here.
  const anywhere = { host: '127.0.0.1', port: 80, address: '127.0.0.1' };
  const { services, controlRegions } = drillDeployment({ virginia: anywhere, oregon: anywhere }, detection);
  const found = services.web?.detection;
  if (found === undefined) throw new Error('the drill has no service');
  const times = (['intervalMs', 'suspectIntervalMs', 'minDownMs'] as const).map(
    (key) => `${key} ${durationText(found[key])}`,
  );
  return `${times.join(', ')}, fallCount ${found.fallCount}, quorum ${found.quorum} of ${controlRegions.length}`;
}
