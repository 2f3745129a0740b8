import { FailoverError } from '../../core/errors.ts';
import { configFileNames, findConfigFile } from '../deploy/config-file.ts';
import { type LabFile, labFileDefault } from '../lab/lab-file.ts';
import { connectToLab, findLab, type LabFound } from './lab-target.ts';
import type { Target } from './target.ts';

/** Where to look for the deployment that a verb is about. */
export interface ConnectOptions {
  /** File of a running lab. */
  readonly lab?: string | undefined;
  /** Configuration of a deployment on AWS. */
  readonly config?: string | undefined;
  /** Folder in which both are looked for when neither is given. */
  readonly folder?: string;
  /** Ends the search. */
  readonly signal?: AbortSignal;
}

/** The deployment that a verb is about, before anybody has talked to it. */
export type Place =
  | { readonly kind: 'lab'; readonly lab: LabFile }
  /** On AWS, by its configuration file. */
  | { readonly kind: 'aws'; readonly file: string };

/**
 * Finds the deployment that an operator talks to: the one that is named; else a lab that runs here; else, where
 * there is no trace of a lab, the one whose configuration is here, on AWS.
 *
 * @throws {FailoverError} USAGE when both are named, NOT_RUNNING when there is none, or a lab's
 *   file is here and the lab is not
 */
export async function findPlace({ lab, config, folder = '.' }: Omit<ConnectOptions, 'signal'>): Promise<Place> {
  if (lab !== undefined && config !== undefined) {
    throw new FailoverError('USAGE', '--lab and --config name two deployments: give one of them');
  }
  if (config !== undefined) return { kind: 'aws', file: config };

  const found = await findLab(lab ?? (folder === '.' ? labFileDefault : `${folder}/${labFileDefault}`));
  if (found.kind === 'lab') return found;
  if (lab !== undefined) throw noLab(lab, found);
  const file = findConfigFile(folder);
  // A lab was here. Whoever still means it must not be taken to AWS.
  if (found.kind !== 'absent') throw lostLab(found, file);
  if (file !== null) return { kind: 'aws', file };
  throw new FailoverError(
    'NOT_RUNNING',
    `nothing to talk to: no lab is running (${found.why}), and there is no ${configFileNames.join(' or ')} here; start a lab with "cdk-failover lab", or name a deployment on AWS with --config FILE`,
  );
}

/**
 * Connects to the deployment that {@link findPlace} finds.
 *
 * @throws {FailoverError} as `findPlace` does; CONFIG and TARGET as `connectToAws` does
 */
export async function connect({ signal = new AbortController().signal, ...options }: ConnectOptions): Promise<Target> {
  const place = await findPlace(options);
  if (place.kind === 'lab') return connectToLab(place.lab);
  return (await import('./aws-target.ts')).connectToAws(place.file, signal);
}

function lostLab({ kind, why }: Exclude<LabFound, { readonly kind: 'lab' }>, file: string | null): FailoverError {
  const what = kind === 'wrong' ? `${labFileDefault} is not the file of a lab: ${why}` : why;
  const other = file === null ? 'name a deployment on AWS with --config FILE' : `say --config ${file} to work on AWS`;
  return new FailoverError(
    'NOT_RUNNING',
    `the lab that was here cannot be reached (${what}): start it again with "cdk-failover lab", ${other}, or remove ${labFileDefault}`,
  );
}

function noLab(path: string, { kind, why }: Exclude<LabFound, { readonly kind: 'lab' }>) {
  const what = kind === 'wrong' ? `${path} is not the file of a lab (${why})` : `no lab is running (${why})`;
  return new FailoverError('NOT_RUNNING', `${what}: start one with "cdk-failover lab"`);
}
