import type { z } from 'zod';
import { closest } from '../config/closest-word.ts';
import { ConfigError, type Finding } from '../config/config-error.ts';
import { findingAt, type ParsedDocument, type Path } from '../config/document.ts';
import { findingsOf, shown } from '../config/findings.ts';
import { eventKinds, eventShape, makeEvent } from './events.ts';
import { expectationShape, makeExpectation } from './expectations.ts';
import type { NameUse } from './name-uses.ts';
import type { Expectation, ScenarioEvent } from './scenario.ts';

/** Stands in for a part that could not be read; the file is refused before it could count. */
const noEvent: ScenarioEvent = { atMs: 0, line: null, kind: 'skew', region: '', byMs: 0 };
const noExpectation: Expectation = { line: null, when: { kind: 'end' } };

/** Reads the parts of one scenario file and collects what is wrong with them. */
export class PartReader {
  readonly #fileName: string;
  readonly #document: ParsedDocument;
  readonly #findings: Finding[] = [];

  constructor(fileName: string, document: ParsedDocument) {
    this.#fileName = fileName;
    this.#document = document;
  }

  event(value: unknown, index: number): ScenarioEvent {
    const path = ['events', index];
    const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : null;
    const kind = eventKinds.find((name) => keys?.includes(name));
    if (kind === undefined) {
      const written = keys?.find((key) => key !== 'at');
      const near = written === undefined ? null : closest(written, eventKinds);
      const hint = near === null ? null : `did you mean "${near}"?`;
      this.note(path, shown(written ?? value), `an event with at and one of ${eventKinds.join(', ')}`, hint);
      return noEvent;
    }
    const parsed = eventShape(kind).safeParse(value);
    if (parsed.success) return makeEvent(kind, parsed.data as never, this.#document.lineOf(path));
    this.#noteAll(parsed.error, value, path);
    return noEvent;
  }

  expectation(value: unknown, index: number): Expectation {
    const path = ['expect', index];
    const parsed = expectationShape.safeParse(value);
    if (parsed.success) return makeExpectation(parsed.data, this.#document.lineOf(path));
    this.#noteAll(parsed.error, value, path);
    return noExpectation;
  }

  /** Notes each name that stands for nothing. */
  checkNames(path: Path, uses: readonly NameUse[]): void {
    for (const { key, what, name, known } of uses) {
      if (known.includes(name)) continue;
      const near = closest(name, known);
      const allowed = `a known ${what}: ${known.join(', ') || 'there is none'}`;
      this.note([...path, key], shown(name), allowed, near === null ? null : `did you mean "${near}"?`);
    }
  }

  note(path: Path, found: string, allowed: string, hint: string | null): void {
    this.#findings.push(findingAt(path, this.#document.lineOf, { found, allowed, hint }));
  }

  /** @throws {ConfigError} when anything was noted */
  throwIfWrong(): void {
    if (this.#findings.length > 0) throw new ConfigError(this.#fileName, this.#findings, 'SCENARIO');
  }

  #noteAll(error: z.ZodError, value: unknown, above: Path): void {
    const found = findingsOf(error, value, (path) => this.#document.lineOf([...above, ...path]));
    const inFile = (path: string) => [...above, path].filter((part) => part !== '').join('.');
    this.#findings.push(...found.map((finding) => ({ ...finding, path: inFile(finding.path) })));
  }
}
