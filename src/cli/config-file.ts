import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseDeployment, parseDeploymentValue } from '../config/load.ts';
import type { Deployment } from '../core/deployment.ts';
import { FailoverError } from '../core/errors.ts';
import { readText } from './files.ts';

/** Configuration files that are looked for in the working folder, the first one found is taken. */
export const configFileNames = ['failover.config.ts', 'failover.config.yaml'] as const;

/** Endings of files that are programs, and are run to learn what they export. */
const programEndings = ['.ts', '.mts', '.js', '.mjs'];

/** The part of tsx that is used: imports a module of the user, TypeScript or not. */
interface Tsx {
  readonly tsImport: (specifier: string, parentUrl: string) => Promise<Readonly<Record<string, unknown>>>;
}

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
  const { tsImport } = await findTsx(path, url);
  try {
    return await tsImport(url, url);
  } catch (error) {
    // The program brings its own copy of this project, whose errors are of other classes than ours.
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
    const says = name === 'ConfigError' ? message : `${path}: could not be loaded: ${message.split('\n')[0]}`;
    throw new FailoverError('CONFIG', says, { cause: error });
  }
}

/** tsx as the file's own project has it, else as this program has it. */
async function findTsx(path: string, url: string): Promise<Tsx> {
  for (const from of [url, import.meta.url]) {
    try {
      return (await import(moduleOfTsx(createRequire(from).resolve('tsx/package.json')))) as Tsx;
    } catch {}
  }
  throw new FailoverError(
    'CONFIG',
    `${path}: reading TypeScript takes the package tsx, which is not installed: run "npm install --save-dev tsx", or write the configuration in YAML`,
  );
}

/** URL of tsx's ES module: `require` would resolve to its other half, which cannot be imported from a bundle. */
function moduleOfTsx(manifest: string): string {
  const { exports } = JSON.parse(readText(manifest)) as {
    readonly exports: { readonly './esm/api': { readonly import: { readonly default: string } } };
  };
  return pathToFileURL(resolve(dirname(manifest), exports['./esm/api'].import.default)).href;
}
