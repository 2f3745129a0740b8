import { failoverApp } from '../../../../lib/failover-app.ts';
import type { Deployment } from '../../../../src/core/deployment.ts';

/** Synthesizes the app of a deployment, as the examples do, from the bundles that `npm run build` left. */
export function synthesize(deployment: Deployment, outdir: string): void {
  failoverApp(deployment, { outdir }).synth();
}
