import { ChangeSignal } from './change-signal.ts';
import type { TimelineRow } from './page-state.ts';
import { rowHtml } from './timeline.ts';

/** Rows that a page keeps; older ones are in `cdk-failover history` and in the lab's own output. */
const rowsMax = 300;

/** A row as it is sent: its number rises by one with each row. */
interface NumberedRow {
  readonly number: number;
  readonly html: string;
}

/** What has changed since a reader last asked. */
interface Change {
  /** Inner HTML of each part that differs, by its name. */
  readonly parts: Readonly<Record<string, string>>;
  /** Rows that are new, oldest first. */
  readonly rows: readonly string[];
}

/** How far a reader has read. */
interface Position {
  readonly version: number;
  readonly row: number;
}

/** Nothing has been read yet. */
export const startPosition: Position = { version: 0, row: 0 };

/**
 * What the page shows now, for any number of readers, each at its own pace. A reader that is slow misses what has been
 * overwritten meanwhile, and nothing else.
 */
export class Feed {
  readonly #parts = new Map<string, { readonly html: string; readonly version: number }>();
  #rows: readonly NumberedRow[] = [];
  #position = startPosition;
  #readAtMs: number | null = null;
  /** Rings with each change. */
  readonly changes = new ChangeSignal();

  /** When what is shown was read, epoch milliseconds; null before that. */
  get readAtMs(): number | null {
    return this.#readAtMs;
  }

  /** Inner HTML of a part; empty for one that nobody has shown. */
  part(name: string): string {
    return this.#parts.get(name)?.html ?? '';
  }

  /**
   * Shows parts; those that are the same as before cost nothing.
   *
   * @param readAtMs - when what they show was read, epoch milliseconds; null for nothing yet
   */
  show(parts: Readonly<Record<string, string>>, readAtMs: number | null): void {
    this.#readAtMs = readAtMs;
    const changed = Object.entries(parts).filter(([name, html]) => this.#parts.get(name)?.html !== html);
    if (changed.length === 0) return;
    const version = this.#position.version + 1;
    for (const [name, html] of changed) this.#parts.set(name, { html, version });
    this.#position = { ...this.#position, version };
    this.changes.raise();
  }

  /** Adds rows to the timeline, oldest first. */
  add(rows: readonly TimelineRow[]): void {
    if (rows.length === 0) return;
    const first = this.#position.row + 1;
    const added = rows.map((row, index) => ({ number: first + index, html: rowHtml(row) }));
    this.#rows = [...this.#rows, ...added].slice(-rowsMax);
    this.#position = { ...this.#position, row: this.#position.row + rows.length };
    this.changes.raise();
  }

  /** What is new to a reader, and where it stands then. */
  since({ version, row }: Position): Change & { readonly position: Position } {
    const parts = [...this.#parts].filter(([, part]) => part.version > version);
    return {
      parts: Object.fromEntries(parts.map(([name, { html }]) => [name, html])),
      rows: this.#rows.filter(({ number }) => number > row).map(({ html }) => html),
      position: this.#position,
    };
  }
}
