import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../config/config-error.ts';
import { parseDeployment, parseDeploymentValue } from '../../config/loader.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { readText } from '../files.ts';

/** Configuration files that are looked for in the working folder, the first one found is taken. */
export const configFileNames = ['failover.config.ts', 'failover.config.yaml'] as const;

/** Endings of files that are programs, and are run to learn what they export. */
const programEndings = ['.ts', '.mts', '.js', '.mjs'];

/** Path of the configuration in a folder, null when there is none. */
export function findConfigFile(folder: string): string | null {
  return configFileNames.map((name) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * Reads a deployment from a YAML or JSON file, or from a program that exports `deployment`.
 *
 * @throws {FailoverError} CONFIG with everything that is wrong with it
 */
export async function readConfigFile(path: string): Promise<Deployment> {
  if (!programEndings.includes(extname(path))) return parseDeployment(readText(path), path);
  readText(path);
  const { deployment } = await importProgram(path);
  if (deployment === undefined) {
    throw new FailoverError('CONFIG', `${path}: exports no "deployment"; write: export const deployment = ...`);
  }
  return parseDeploymentValue(deployment, path);
}

async function importProgram(path: string): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(resolve(path)).href;
  const { tsImport } = await loadTsx(path);
  try {
    return (await tsImport(url, url)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // The program brings its own copy of this project, whose errors are of other classes than ours.
    if (isConfigError(error)) throw new ConfigError(path, error.findings);
    const message = error instanceof Error ? error.message : String(error);
    throw new FailoverError('CONFIG', `${path}: could not be loaded: ${firstWords(message)}`, { cause: error });
  }
}

/** Whether it says what is wrong in the configuration. It does not know in which file. */
function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === 'ConfigError' && Array.isArray((error as ConfigError).findings);
}

/** The first line of a message; with the one below it where it is a heading: "Transform failed with 1 error:". */
function firstWords(message: string): string {
  const [first = '', second = ''] = message.split('\n');
  return first.endsWith(':') ? `${first} ${second.trim()}`.trim() : first;
}

/** Loaded only when it is needed: it takes longer to load than all the rest. */
async function loadTsx(path: string) {
  try {
    return await import('tsx/esm/api');
  } catch (error) {
    throw new FailoverError(
      'CONFIG',
      `${path}: reading TypeScript takes the package tsx, which is not installed: run "npm install tsx", or write the configuration in YAML`,
      { cause: error },
    );
  }
}
