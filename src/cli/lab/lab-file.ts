import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Deployment } from '../../core/model/deployment.ts';
import { fileFaultWords } from '../files.ts';
import { makeFolder } from './out-folder.ts';

/** Where `cdk-failover lab` writes what the other verbs need to find it. */
export const labFileDefault = 'out/lab.json';

/** A running lab as it describes itself. */
export interface LabFile {
  /** The process that keeps the lab; when it is gone, so is the lab. */
  readonly pid: number;
  readonly startedAtMs: number;
  /** Validated by whoever wrote it. */
  readonly deployment: Deployment;
  /** URL of the DynamoDB API of each control region. */
  readonly tables: Readonly<Record<string, string>>;
  /** URL of the oracle of each control region. */
  readonly oracles?: Readonly<Record<string, string>>;
  readonly dns: { readonly host: string; readonly port: number };
  /** How often the lab's health checkers read an oracle. */
  readonly checkIntervalMs: number;
}

/** What was found where a lab file was looked for. */
export type LabFileFound =
  | { readonly kind: 'lab'; readonly lab: LabFile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'wrong'; readonly why: string };

/** Writes the file in one piece: a reader sees the old one or the new one. Makes its folder. */
export async function writeLabFile(path: string, lab: LabFile): Promise<void> {
  await makeFolder(dirname(path));
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(lab, null, 2)}\n`);
  await rename(draft, path);
}

/** Removes the file; one that is not there is no error. */
export async function removeLabFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Reads the file as far as the verbs rely on it; never throws for what the file is or holds. */
export async function readLabFile(path: string): Promise<LabFileFound> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'wrong', why: fileFaultWords(error) };
  }
  try {
    const json: unknown = JSON.parse(text);
    const fault = findFault(json);
    return fault === null ? { kind: 'lab', lab: json as LabFile } : { kind: 'wrong', why: fault };
  } catch {
    return { kind: 'wrong', why: 'not JSON' };
  }
}

/** The first field that is not what it must be; null when the file can be relied on. */
function findFault(json: unknown): string | null {
  if (!isObject(json)) return 'not an object';
  const { pid, startedAtMs, deployment, tables, dns, checkIntervalMs } = json;
  if (!isCount(pid) || pid < 1) return 'pid: not a process number';
  if (!isCount(startedAtMs)) return 'startedAtMs: not a time';
  if (!isObject(deployment) || typeof deployment.name !== 'string' || !isObject(deployment.services)) {
    return 'deployment: not a deployment';
  }
  const regions = deployment.controlRegions;
  if (!Array.isArray(regions) || regions.length === 0) return 'deployment.controlRegions: not a list of regions';
  if (!isObject(tables)) return 'tables: not URLs by region';
  const lacking = regions.find((region) => typeof tables[String(region)] !== 'string');
  if (lacking !== undefined) return `tables: no URL of ${lacking}`;
  if (!isObject(dns) || typeof dns.host !== 'string' || !isCount(dns.port)) return 'dns: not a host and a port';
  return isCount(checkIntervalMs) ? null : 'checkIntervalMs: not a number of milliseconds';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
