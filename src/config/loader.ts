import type { Deployment } from '../core/model/deployment.ts';
import { ConfigError } from './config-error.ts';
import { findingAt, type ParsedDocument, parseDocument } from './document.ts';
import { findingsOf } from './findings.ts';
import type { DeploymentInput, SiteNames } from './input/deployment.ts';
import { findBreaches } from './rules/rules.ts';
import { readDeployment } from './schema/schema.ts';
import { unresolvedIn } from './unresolved.ts';

/**
 * Reads a deployment from YAML.
 *
 * @param fileName - the name of the file in messages
 * @throws {ConfigError} with every error, by path and line
 */
export function parseDeployment(text: string, fileName: string): Deployment {
  const { value, lineOf } = parseDocument(text, fileName);
  return parseDeploymentValue(value, fileName, lineOf);
}

/**
 * Checks a deployment written in TypeScript and fills in its defaults. The name of a site that is not among the
 * service's own is an error of the compiler already.
 *
 * @example export const deployment = defineDeployment({ name: 'shop', controlRegions: [...], services: { ... } });
 *
 * @throws {ConfigError} with every error, by path
 */
export function defineDeployment<Services extends SiteNames>(input: DeploymentInput<Services>): Deployment {
  return parseDeploymentValue(input, labelOf(input));
}

/** An app may define several, in files of any name: messages name the deployment. */
function labelOf(input: unknown): string {
  const name = typeof input === 'object' && input !== null && 'name' in input ? input.name : undefined;
  return typeof name === 'string' && name.length <= labelNameMax ? `deployment ${name}` : 'deployment';
}

/** Longest name that a message repeats, in characters. */
const labelNameMax = 40;

/** Reads a deployment from a plain value, by the schema and by the rules. */
export function parseDeploymentValue(
  value: unknown,
  fileName: string,
  lineOf: ParsedDocument['lineOf'] = nowhere,
  code: 'CONFIG' | 'SCENARIO' = 'CONFIG',
): Deployment {
  const deployment = parseShape(value, fileName, lineOf, code);
  const findings = findBreaches(deployment).map((found) => findingAt(found.path, lineOf, found));
  if (findings.length > 0) throw new ConfigError(fileName, findings, code);
  return deployment;
}

/** Reads a deployment by the schema alone. The result is well formed, and may still break a rule. */
export function parseShape(
  value: unknown,
  fileName: string,
  lineOf: ParsedDocument['lineOf'] = nowhere,
  code: 'CONFIG' | 'SCENARIO' = 'CONFIG',
): Deployment {
  const unresolved = unresolvedIn(value, lineOf);
  if (unresolved.length > 0) throw new ConfigError(fileName, unresolved, code);
  const parsed = readDeployment(value);
  if (!parsed.success) throw new ConfigError(fileName, findingsOf(parsed.error, value, lineOf), code);
  return parsed.data;
}

function nowhere(): null {
  return null;
}
