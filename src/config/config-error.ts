import { FailoverError } from '../core/errors.ts';

/** One thing that is wrong in a file. */
export interface Finding {
  /** Dotted path to the value; empty for the file as a whole. */
  readonly path: string;
  /** 1-based; null where it is not known. */
  readonly line: number | null;
  /** The value that was found, as it would be written in the file; null when there is none. */
  readonly found: string | null;
  /** What may stand there. */
  readonly allowed: string;
  /** What to write instead; null when `allowed` says enough. */
  readonly hint: string | null;
}

/** Most findings of one file that are reported at once. */
export const findingsMax = 20;

/** A configuration or scenario file that cannot be used. Its message has one line a finding. */
export class ConfigError extends FailoverError {
  /** Tells it apart where `instanceof` cannot. */
  override readonly name = 'ConfigError';
  /** The first `findingsMax` of them. */
  readonly findings: readonly Finding[];

  constructor(fileName: string, findings: readonly Finding[], code: 'CONFIG' | 'SCENARIO' = 'CONFIG') {
    const shown = findings.slice(0, findingsMax);
    const lines = shown.map((finding) => lineFor(fileName, finding));
    const more = findings.length - shown.length;
    super(code, [...lines, ...(more > 0 ? [`${fileName}: and ${more} more`] : [])].join('\n'));
    this.findings = shown;
  }
}

function lineFor(fileName: string, { path, line, found, allowed, hint }: Finding): string {
  const place = line === null ? fileName : `${fileName}:${line}`;
  const subject = path === '' ? '' : `${path}: `;
  const seen = found === null ? allowed : `found ${found}, allowed ${allowed}`;
  return `${place}: ${subject}${seen}${hint === null ? '' : `; ${hint}`}`;
}
