import { FailoverError } from '../../core/errors.ts';
import { configFileNames, findConfigFile } from '../deploy/config-file.ts';
import { labFileDefault } from '../lab/lab-file.ts';
import { connectToLab, findLab } from './lab-target.ts';
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

/**
 * Finds the deployment that an operator talks to: the one that is named; else a lab that runs here; else the one whose
 * configuration is here, on AWS.
 *
 * @throws {FailoverError} USAGE when both are named, NOT_RUNNING when there is none, CONFIG as `connectToAws` does
 */
export async function connect(options: ConnectOptions): Promise<Target> {
  const { lab, config, folder = '.', signal = new AbortController().signal } = options;
  if (lab !== undefined && config !== undefined) {
    throw new FailoverError('USAGE', '--lab and --config name two deployments: give one of them');
  }
  const toAws = async (file: string) => (await import('./aws-target.ts')).connectToAws(file, signal);
  if (config !== undefined) return toAws(config);

  const found = await findLab(lab ?? (folder === '.' ? labFileDefault : `${folder}/${labFileDefault}`));
  if (found.kind === 'lab') return connectToLab(found.lab);
  if (lab !== undefined) throw noLab(lab, found);
  const file = findConfigFile(folder);
  if (file !== null) return toAws(file);
  const why = found.kind === 'wrong' ? `${labFileDefault} is not the file of a lab: ${found.why}` : found.why;
  throw new FailoverError(
    'NOT_RUNNING',
    `nothing to talk to: no lab is running (${why}), and there is no ${configFileNames.join(' or ')} here; start a lab with "cdk-failover lab", or name a deployment on AWS with --config FILE`,
  );
}

function noLab(path: string, { kind, why }: { readonly kind: 'absent' | 'wrong'; readonly why: string }) {
  const what = kind === 'wrong' ? `${path} is not the file of a lab (${why})` : `no lab is running (${why})`;
  return new FailoverError('NOT_RUNNING', `${what}: start one with "cdk-failover lab"`);
}
