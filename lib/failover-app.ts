import { Annotations, App, type AppProps } from 'aws-cdk-lib';
import { ConfigError } from '../src/config/config-error.ts';
import { findingText, openFindings } from '../src/config/lint/lint.ts';
import { recordsStackName, regionStackName } from '../src/config/plan/names.ts';
import { recordsPlan } from '../src/config/plan/records.ts';
import type { Deployment } from '../src/core/model/deployment.ts';
import { FailoverRecordsStack } from './stacks/records-stack.ts';
import { FailoverRegionStack } from './stacks/region-stack.ts';

/** How an app is made; `bundleFolder` as in `FailoverRegionProps`. */
export interface FailoverAppProps extends AppProps {
  readonly bundleFolder?: string | undefined;
}

/**
 * An app with all stacks of a deployment: one a control region, and one of checks and records where there are any.
 *
 * The records' stack comes after the regions' in `cdk deploy --all`. It takes nothing from them but what it reads while
 * it is deployed, so `--exclusively` deploys it, like any other, with a region dark. What the fault-domain lint finds,
 * and nobody has accepted, is a warning on the first stack.
 */
export function failoverApp(deployment: Deployment, { bundleFolder, ...props }: FailoverAppProps = {}): App {
  const app = new App(props);
  const regions = deployment.controlRegions.map(
    (region) =>
      new FailoverRegionStack(app, regionStackName(deployment.name, region), { deployment, region, bundleFolder }),
  );
  if (recordsPlan(deployment).length > 0) {
    const records = new FailoverRecordsStack(app, recordsStackName(deployment.name), { deployment, bundleFolder });
    for (const region of regions) records.addStackDependency(region, 'reads the host name of its oracle');
  }
  for (const finding of openFindings(deployment)) {
    Annotations.of(regions[0] ?? app).addWarningV2(`cdk-failover:${finding.name}`, findingText(finding));
  }
  return app;
}

/**
 * Makes the app of a deployment and ends the process the way that command lines expect: 2 for a configuration that
 * cannot be used, with its message and no stack.
 */
export async function runFailoverApp(load: () => Deployment | Promise<Deployment>): Promise<void> {
  try {
    failoverApp(await load()).synth();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
