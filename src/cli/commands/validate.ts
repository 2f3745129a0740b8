import { ConfigError, type Finding } from '../../config/config-error.ts';
import { parseDeployment } from '../../config/load.ts';
import type { Deployment } from '../../core/deployment.ts';
import { FailoverError } from '../../core/errors.ts';
import { readText } from '../files.ts';
import type { JsonFlag } from '../program.ts';
import { plural } from '../show/layout.ts';
import { printJson, type Terminal } from '../terminal.ts';

/** What `failover validate --json` prints of each file. */
export type FileReport =
  | {
      readonly file: string;
      readonly isValid: true;
      readonly services: number;
      readonly sites: number;
      readonly controlRegions: number;
    }
  | { readonly file: string; readonly isValid: false; readonly error: string; readonly findings: readonly Finding[] };

/**
 * Checks configuration files and lists everything that is wrong with any of them.
 *
 * @returns the exit code: 2 when one file is wrong
 */
export async function validate(files: readonly string[], flags: JsonFlag, terminal: Terminal): Promise<number> {
  const reports = files.map(check);
  if (flags.json) printJson(terminal, { files: reports });
  for (const report of reports) {
    if (!report.isValid) terminal.err(`${report.error}\n`);
    else if (!flags.json) terminal.out(`${describe(report)}\n`);
  }
  return reports.every((report) => report.isValid) ? 0 : 2;
}

function check(file: string): FileReport {
  try {
    return { file, isValid: true, ...sizeOf(parseDeployment(readText(file), file)) };
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    const findings = error instanceof ConfigError ? error.findings : [];
    return { file, isValid: false, error: error.message, findings };
  }
}

function sizeOf({ services, controlRegions }: Deployment) {
  const all = Object.values(services);
  const sites = all.reduce((count, service) => count + Object.keys(service.sites).length, 0);
  return { services: all.length, sites, controlRegions: controlRegions.length };
}

function describe({ file, services, sites, controlRegions }: FileReport & { readonly isValid: true }): string {
  const size = [plural(services, 'service'), plural(sites, 'site'), plural(controlRegions, 'control region')];
  return `${file}: ok (${size.join(', ')})`;
}
