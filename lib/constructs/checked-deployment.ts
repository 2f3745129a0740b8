import { type Environment, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ConfigError } from '../../src/config/config-error.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';

/** What only the defaults bring: whoever writes a configuration by hand leaves some of these out. */
const parts = ['controlRegions', 'services', 'notify', 'watcher', 'doctor', 'accept', 'groups'] as const;

/**
 * The deployment that a construct was given. JavaScript, and a cast, also hand over a path, a configuration that nobody
 * has checked, or nothing.
 *
 * @param what - the construct that asks, for the message
 * @throws {ConfigError} with one line that says what makes a deployment
 */
export function checkedDeployment(deployment: Deployment, what: string): Deployment {
  const given: unknown = deployment;
  if (isObject(given) && parts.every((part) => isObject(given[part]))) return deployment;
  const found =
    typeof given === 'string' ? JSON.stringify(given) : isObject(given) ? 'one that was not checked' : 'none';
  const allowed = "a deployment from readDeployment('failover.config.yaml') or defineDeployment({ ... })";
  throw new ConfigError(what, [{ path: 'deployment', line: null, found, allowed, hint: null }]);
}

/**
 * Refuses a stack of another account than the deployment's: what functions may do names the account of the deployment.
 *
 * @throws {ConfigError} where the stack has an account, and the deployment another one
 */
export function checkAccount(scope: IConstruct, { account }: Deployment): void {
  const stack = Stack.of(scope);
  if (account === undefined || Token.isUnresolved(stack.account) || stack.account === account) return;
  const hint = 'give the stack env: { account }, or change account in the configuration';
  const allowed = `${account}, the account of the deployment`;
  throw new ConfigError(`stack ${stack.stackName}`, [
    { path: 'env.account', line: null, found: stack.account, allowed, hint },
  ]);
}

/**
 * Where a stack of a deployment goes: its account, or else that of its stage, in one region.
 *
 * A stage's account is what its stacks take unless they have one. The deployment's would silently win, and a stage for
 * one account would deploy into another one.
 *
 * @throws {ConfigError} where the stage has an account, and the deployment another one
 */
export function environmentOf(scope: IConstruct, { account }: Deployment, region: string | undefined): Environment {
  // `Stage.of` looks above a construct alone.
  const stage = Stage.isStage(scope) ? scope : Stage.of(scope);
  const found = stage?.account;
  if (account !== undefined && found !== undefined && !Token.isUnresolved(found) && found !== account) {
    const hint = 'give the stage env: { account }, or leave account out of the configuration';
    const allowed = `${account}, the account of the deployment`;
    throw new ConfigError(`stage ${stage?.node.path}`, [{ path: 'env.account', line: null, found, allowed, hint }]);
  }
  return { ...(region === undefined ? {} : { region }), ...(account === undefined ? {} : { account }) };
}

/** Constructs that are there, by app, and by kind, place and deployment. */
const taken = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Refuses a second construct of a deployment whose names the first one has. CloudFormation would find out in the middle
 * of a deployment.
 *
 * @throws {ConfigError} with the path of the first one
 */
export function claimNames(construct: IConstruct, { name }: Deployment, kind: string): void {
  const { account, region } = Stack.of(construct);
  // Where a stack says no account, each stage may be deployed into one of its own.
  const within = Token.isUnresolved(account) ? `stage ${Stage.of(construct)?.node.path ?? ''}` : account;
  const key = [kind, within, Token.isUnresolved(region) ? '' : region, name].join('|');
  const known = taken.get(construct.node.root) ?? new Map<string, string>();
  const first = known.get(key);
  if (first !== undefined) {
    const allowed = `one: names follow from the name of the deployment, and ${first} has them`;
    throw new ConfigError(construct.node.path, [
      { path: 'deployment', line: null, found: `a second ${kind} of ${name}`, allowed, hint: null },
    ]);
  }
  taken.set(construct.node.root, known.set(key, construct.node.path));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}
