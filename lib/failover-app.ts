import { readFileSync } from 'node:fs';
import { Annotations, App, type AppProps, type Stage } from 'aws-cdk-lib';
import { ConfigError } from '../src/config/config-error.ts';
import { findingText, openFindings } from '../src/config/lint/lint.ts';
import { parseDeployment } from '../src/config/loader.ts';
import { accountRolesOf } from '../src/config/plan/accounts.ts';
import { accountStackName, recordsStackName, regionStackName } from '../src/config/plan/names.ts';
import { recordsPlan } from '../src/config/plan/records.ts';
import type { Deployment } from '../src/core/model/deployment.ts';
import { checkedDeployment } from './constructs/checked-deployment.ts';
import { FailoverAccountStack } from './stacks/account-stack.ts';
import { FailoverRecordsStack } from './stacks/records-stack.ts';
import { FailoverRegionStack } from './stacks/region-stack.ts';

/** How an app is made. */
export interface FailoverAppProps extends AppProps {
  /** The built functions; those of this package when left out. */
  readonly bundleFolder?: string | undefined;
}

/**
 * Adds all stacks of a deployment to an app, or to a stage of a pipeline: one a control region, one of checks and
 * records where there are any, and one of roles for each other account in which functions have something to do.
 *
 * The records' stack comes after the regions' in `cdk deploy --all`. It takes nothing from them but what it reads while
 * it is deployed, so `--exclusively` deploys it, like any other, with a region dark. What the fault-domain lint finds,
 * and nobody has accepted, is a warning on the first stack.
 */
export function failoverStacks(scope: Stage, deployment: Deployment, bundleFolder?: string): void {
  const regions = checkedDeployment(deployment, 'failoverStacks').controlRegions.map(
    (region) =>
      new FailoverRegionStack(scope, regionStackName(deployment.name, region), { deployment, region, bundleFolder }),
  );
  if (recordsPlan(deployment).length > 0) {
    const records = new FailoverRecordsStack(scope, recordsStackName(deployment.name), { deployment, bundleFolder });
    for (const region of regions) records.addStackDependency(region, 'reads the host name of its oracle');
  }
  for (const account of new Set(accountRolesOf(deployment).map((role) => role.account))) {
    new FailoverAccountStack(scope, accountStackName(deployment.name, account), { deployment, account });
  }
  for (const finding of openFindings(deployment)) {
    Annotations.of(regions[0] ?? scope).addWarningV2(`cdk-failover:${finding.name}`, findingText(finding));
  }
}

/** An app of its own with all stacks of a deployment, as {@link failoverStacks} makes them. */
export function failoverApp(deployment: Deployment, { bundleFolder, ...props }: FailoverAppProps = {}): App {
  const app = new App(props);
  failoverStacks(app, deployment, bundleFolder);
  return app;
}

/**
 * Reads a deployment from a YAML file.
 *
 * @param path - from the working folder, which for `cdk synth` is the one of `cdk.json`
 * @throws {ConfigError} with everything that is wrong, by path and line, or that the file cannot be read
 */
export function readDeployment(path: string): Deployment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? 'an unreadable file';
    throw new ConfigError(path, [{ path: '', line: null, found, allowed: 'a YAML file that can be read', hint: null }]);
  }
  return parseDeployment(text, path);
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
