import type { Deployment } from '../core/deployment.ts';
import { ConfigError } from './config-error.ts';
import { dotted, findingsMax, findingsOf, type ParsedDocument, parseDocument } from './document.ts';
import { findBreaches } from './rules.ts';
import { type DeploymentInput, readDeployment } from './schema.ts';

/** Reads a deployment from YAML; throws {@link ConfigError} with everything that is wrong, by path and line. */
export function parseDeployment(text: string, fileName: string): Deployment {
  const { value, lineOf } = parseDocument(text, fileName);
  return parseDeploymentValue(value, fileName, lineOf);
}

/** Checks a deployment written in TypeScript; throws {@link ConfigError} with everything that is wrong. */
export function defineDeployment(input: DeploymentInput): Deployment {
  return parseDeploymentValue(input, 'failover.config.ts');
}

/** Reads a deployment from a plain value, by the schema and by the rules. */
export function parseDeploymentValue(
  value: unknown,
  fileName: string,
  lineOf: ParsedDocument['lineOf'] = nowhere,
): Deployment {
  const deployment = parseShape(value, fileName, lineOf);
  const findings = findBreaches(deployment).map(({ path, ...rest }) => ({
    path: dotted(path),
    line: lineOf(path),
    ...rest,
  }));
  if (findings.length > 0) throw new ConfigError(fileName, findings.slice(0, findingsMax));
  return deployment;
}

/** Reads a deployment by the schema alone: what it says is well formed, and may still break a rule. */
export function parseShape(value: unknown, fileName: string, lineOf: ParsedDocument['lineOf'] = nowhere): Deployment {
  const parsed = readDeployment(value);
  if (!parsed.success) throw new ConfigError(fileName, findingsOf(parsed.error, value, lineOf));
  return parsed.data;
}

function nowhere(): null {
  return null;
}

/**
 * A copy of a plain value with parts replaced.
 *
 * @param overrides - by dotted path; what a path leads through is made where it is missing
 */
export function applyOverrides(value: unknown, overrides: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(overrides).reduce<unknown>(
    (changed, [path, part]) => replaceAt(changed, path.split('.'), part),
    value,
  );
}

function replaceAt(value: unknown, path: readonly string[], part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaceAt(item, rest, part) : item));
  const fields = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  return { ...fields, [key]: replaceAt(fields[key], rest, part) };
}
