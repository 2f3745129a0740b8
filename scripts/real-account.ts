/**
 * Measures in a real account what no emulator can, and removes everything that it made. docs/real-account.md says what
 * each figure means, what it costs, and what has never been run.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDeploymentValue } from '../src/config/loader.ts';
import { textIn } from './real-account/aws-answers.ts';
import { Cleanup, findRemains, removeRetained, removeTagged } from './real-account/cleanup.ts';
import { measureAssociation } from './real-account/measures/association.ts';
import { measureColdStart } from './real-account/measures/cold-start.ts';
import { measureDarkOracles } from './real-account/measures/dark-oracles.ts';
import { measureDrownedOracle } from './real-account/measures/drowned-oracle.ts';
import { measureElasticIp } from './real-account/measures/elastic-ip.ts';
import { measureFunctionUrl } from './real-account/measures/function-url.ts';
import { measureHealthChecks } from './real-account/measures/health-checks.ts';
import { measureMemoryUsed } from './real-account/measures/memory-used.ts';
import { measurePermissions } from './real-account/measures/permissions.ts';
import { measureSchedule } from './real-account/measures/schedule.ts';
import { measureThirdSite } from './real-account/measures/third-site.ts';
import { type MeasurementName, type Options, readOptions, usage } from './real-account/options.ts';
import { planLines } from './real-account/plan.ts';
import { realTools } from './real-account/real-tools.ts';
import { showFindings } from './real-account/report.ts';
import { type Findings, joinFindings, noFindings, type Tools } from './real-account/tools.ts';
import { type Extend, type Extras, trialDeployment } from './real-account/trial.ts';

const root = resolve(import.meta.dirname, '..');

/** What a measurement may need besides its tools. */
interface Bench {
  readonly tools: Tools;
  readonly options: Options;
  readonly cleanup: Cleanup;
  readonly configFile: string;
  readonly deployedAtMs: number;
  /** Deploys the trial with more than it has had so far. */
  readonly extend: Extend;
}

const measures: Readonly<Record<MeasurementName, (bench: Bench) => Promise<Findings>>> = {
  'cold-start': ({ tools, options, deployedAtMs }) => measureColdStart(tools, options, deployedAtMs),
  'function-url': ({ tools, options }) => measureFunctionUrl(tools, options),
  permissions: ({ tools, options }) => measurePermissions(tools, options),
  'health-checks': ({ tools, options, configFile }) => measureHealthChecks(tools, options, configFile),
  'drowned-oracle': ({ tools, options, configFile }) => measureDrownedOracle(tools, options, configFile),
  'dark-oracles': ({ tools, options, cleanup, configFile, extend }) =>
    measureDarkOracles(tools, options, cleanup, configFile, extend),
  'elastic-ip': ({ tools, options, cleanup }) => measureElasticIp(tools, options, cleanup),
  association: ({ tools, options, cleanup, configFile, extend }) =>
    measureAssociation(tools, options, cleanup, configFile, extend),
  'third-site': ({ tools, options, configFile, extend }) => measureThirdSite(tools, options, configFile, extend),
  'memory-used': ({ tools, options, deployedAtMs }) => measureMemoryUsed(tools, options, deployedAtMs),
  schedule: ({ tools, options }) => measureSchedule(tools, options),
};

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(words, randomBytes(4).toString('hex'));
  } catch (error) {
    console.error(`real-account: ${error instanceof Error ? error.message : error}\n${usage}`);
    return 2;
  }
  parseDeploymentValue(trialDeployment(options), 'the trial');
  if (options.mode === 'plan') {
    console.log(planLines(options).join('\n'));
    return 0;
  }

  const tools = realTools(root);
  const account = textIn(await tools.aws('sts', 'get-caller-identity'), 'Account');
  if (account !== options.account) {
    console.error(
      `real-account: these credentials are for account ${account}, not for ${options.account}; nothing was done`,
    );
    return 2;
  }
  const folder = join(root, 'out/real-account', options.name);
  const configFile = join(folder, 'failover.config.json');
  mkdirSync(folder, { recursive: true });
  writeTrial(configFile, options, {});
  return measureAndRemove(tools, options, folder, configFile);
}

/** Writes the deployment that every command and the CDK read from now on. */
function writeTrial(configFile: string, options: Options, extras: Extras): void {
  const deployment = parseDeploymentValue(trialDeployment(options, extras), 'the trial');
  writeFileSync(configFile, `${JSON.stringify(deployment, null, 2)}\n`);
}

async function measureAndRemove(tools: Tools, options: Options, folder: string, configFile: string): Promise<number> {
  const cleanup = new Cleanup(tools.say);
  const cdk = (...args: readonly string[]) =>
    tools.run(
      'npx',
      'cdk',
      ...args,
      '--app',
      `npx tsx scripts/real-account/app.ts ${configFile}`,
      '-o',
      `${folder}/cdk.out`,
    );
  cleanup.later('what the stacks retain', () => removeRetained(tools, options));
  if (options.mode === 'clean') cleanup.later('instances and addresses', () => removeTagged(tools, options));
  cleanup.later('the stacks', () => cdk('destroy', '--all', '--force'));

  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => reject(new Error('interrupted; removing what was made, which takes minutes')));
    }
  });
  let findings = noFindings;
  let isComplete = true;
  try {
    const work =
      options.mode === 'clean'
        ? noFindings
        : measure(tools, options, cleanup, configFile, cdk, (found) => {
            findings = joinFindings(findings, found);
          });
    await Promise.race([work, interrupted]);
  } catch (error) {
    isComplete = false;
    tools.say(String(error));
  } finally {
    await cleanup.run();
  }
  writeFileSync(join(folder, 'findings.json'), `${JSON.stringify({ options, isComplete, ...findings }, null, 2)}\n`);
  writeFileSync(join(folder, 'findings.md'), `${showFindings(findings)}\n`);
  console.log(showFindings(findings));
  return concludeWith(
    await findRemains(tools, options),
    options,
    isComplete && findings.checks.every((check) => check.isPassed),
  );
}

async function measure(
  tools: Tools,
  options: Options,
  cleanup: Cleanup,
  configFile: string,
  cdk: (...args: readonly string[]) => Promise<void>,
  onFound: (found: Findings) => void,
): Promise<void> {
  await tools.run(process.execPath, 'scripts/build.js');
  const deployedAtMs = tools.nowMs();
  const deploy = () => cdk('deploy', '--all', '--require-approval', 'never');
  await deploy();
  let extras: Extras = {};
  const extend: Extend = async (more) => {
    extras = { ...extras, ...more };
    writeTrial(configFile, options, extras);
    await deploy();
  };
  for (const name of options.only) {
    tools.say(`measuring: ${name}`);
    onFound(await measures[name]({ tools, options, cleanup, configFile, deployedAtMs, extend }));
  }
}

function concludeWith(remains: readonly string[], options: Options, isSound: boolean): number {
  if (remains.length === 0) console.log('nothing is left in the account');
  else
    console.log(`left in the account:\n${remains.map((one) => `  ${one}`).join('\n')}\nagain: --clean ${options.name}`);
  return isSound && remains.length === 0 ? 0 : 1;
}
