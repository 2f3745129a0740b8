import type { z } from 'zod';
import { closest } from '../config/closest-word.ts';
import { ConfigError, type Finding } from '../config/config-error.ts';
import { findingAt, type ParsedDocument, type Path } from '../config/document.ts';
import { findingsOf, shown } from '../config/findings.ts';
import { eventKinds, eventShape, makeEvent } from './events.ts';
import { expectationShape, makeExpectation } from './expectations.ts';
import type { NameUse } from './name-uses.ts';
import { instantsOf, repetitionShape, splitRepetition } from './repetition.ts';
import type { Expectation, ScenarioEvent } from './scenario.ts';

/** Stands in for a part that could not be read; the file is refused before it could count. */
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

  /** An event, as often as it happens; nothing for one that cannot be read. */
  event(value: unknown, index: number): readonly ScenarioEvent[] {
    const path = ['events', index];
    const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : null;
    const kind = eventKinds.find((name) => keys?.includes(name));
    if (kind === undefined || value === null || typeof value !== 'object') {
      const written = keys?.find((key) => key !== 'at');
      const near = written === undefined ? null : closest(written, eventKinds);
      const hint = near === null ? null : `did you mean "${near}"?`;
      this.note(path, shown(written ?? value), `an event with at and one of ${eventKinds.join(', ')}`, hint);
      return [];
    }
    const { repetition, event } = splitRepetition(value);
    const parsed = eventShape(kind).safeParse(event);
    if (!parsed.success) {
      this.#noteAll(parsed.error, value, path);
      return [];
    }
    const often = repetitionShape.safeParse(repetition);
    if (!often.success) {
      this.#noteAll(often.error, value, path);
      return [];
    }
    const made = makeEvent(kind, parsed.data as never, this.#document.lineOf(path));
    return instantsOf(often.data).map((atMs) => ({ ...made, atMs }));
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
