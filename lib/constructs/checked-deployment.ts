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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}
