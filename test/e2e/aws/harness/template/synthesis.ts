import { vi } from 'vitest';
import { failoverApp } from '../../../../../lib/failover-app.ts';
import type { Deployment } from '../../../../../src/core/model/deployment.ts';

/**
 * Synthesizes the app of a deployment, as the examples do, from the bundles that `npm run build` left; without the
 * CDK's own look at the templates, which takes seconds and which the tests of the templates take.
 */
export function synthesize(deployment: Deployment, outdir: string): void {
  vi.stubEnv('CDK_VALIDATION', 'false');
  try {
    failoverApp(deployment, { outdir, analyticsReporting: false }).synth();
  } finally {
    vi.unstubAllEnvs();
  }
}
