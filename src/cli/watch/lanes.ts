import { columns, type Page, secondOfDay, type Tone, wrap } from '../show/layout.ts';
import { type Change, changeText, type Fact, unknownValue } from './facts.ts';

/** What stood in each lane at one look. */
interface Slice {
  readonly values: ReadonlyMap<string, Pick<Fact, 'value' | 'tone'>>;
}

/** Marks of opinions and verdicts: legible without colour. */
const marks: Readonly<Record<string, string>> = { up: '-', suspect: '?', degraded: '?', down: 'X' };
const unknownMark = '.';
/** Fills a lane behind a name. */
const fill = '=';
/** Most slices that are kept, whatever the width: more than any terminal shows. */
const slicesMax = 400;
/** Most changes that are shown below the lanes. */
const changesShown = 6;
/** Least room for a lane, in characters; names give way to it. */
const laneMin = 20;

/** The course of a deployment as lanes of time, the newest at the right, in as many characters as a page is wide. */
export class Lanes {
  readonly #page: Page;
  readonly #sliceMs: number;
  #slices: readonly Slice[] = [];
  #facts: readonly Fact[] = [];
  #changes: readonly Change[] = [];

  /** @param sliceMs - the time that one character stands for */
  constructor(page: Page, sliceMs: number) {
    this.#page = page;
    this.#sliceMs = sliceMs;
  }

  /**
   * Adds a look.
   *
   * @param facts - null for a look that found nothing out
   * @param slices - how many characters of time it ends, at least one
   */
  add(facts: readonly Fact[] | null, changes: readonly Change[], slices = 1): void {
    if (facts !== null) this.#facts = facts;
    const values = new Map((facts ?? []).map((fact) => [keyOf(fact), fact] as const));
    const last = this.#slices.at(-1) ?? { values };
    const missed = Array.from({ length: Math.min(slices, slicesMax) - 1 }, () => last);
    this.#slices = [...this.#slices, ...missed, { values }].slice(-slicesMax);
    this.#changes = [...this.#changes, ...changes].slice(-changesShown);
  }

  /** The picture of now. */
  draw(head: readonly string[]): string {
    const { width } = this.#page;
    const drawn = this.#facts.filter(({ lane }) => lane !== null);
    const services = [...new Set(drawn.map(({ service }) => service))];
    const labelOf = ({ service, name }: Fact) => (services.length > 1 ? `${service} ${name}` : name);
    const longest = Math.max(0, ...drawn.map((fact) => labelOf(fact).length));
    const labelWidth = Math.max(1, Math.min(longest, width - laneMin - 1));
    const room = Math.max(1, width - labelWidth - 1);
    const lanes = drawn.map((fact) => {
      const label = labelOf(fact);
      const short = label.length <= labelWidth ? label : `${label.slice(0, Math.max(0, labelWidth - 1))}~`;
      return `${short.padEnd(labelWidth)} ${this.#lane(fact, room)}`;
    });
    const seconds = this.#sliceMs / 1_000;
    const legend = `each mark ${seconds} s, newest at the right: - up  ? suspect  X down  . not known`;
    const rows = this.#changes.map((change) => [secondOfDay(change.atMs), changeText(change)]);
    return [
      ...head.map((line) => wrap(line, width, '  ')),
      '',
      ...lanes,
      wrap(legend, width, '  '),
      ...(rows.length === 0 ? [] : ['', columns(rows, '', width)]),
    ].join('\n');
  }

  #lane(fact: Fact, room: number): string {
    const shown = this.#slices.slice(-room).map(({ values }) => values.get(keyOf(fact)));
    const stretches: { readonly value: string; readonly tone: Tone | null; readonly length: number }[] = [];
    for (const each of shown) {
      const { value, tone } = each ?? { value: unknownValue, tone: null };
      const last = stretches.at(-1);
      if (last?.value === value) stretches[stretches.length - 1] = { ...last, length: last.length + 1 };
      else stretches.push({ value, tone, length: 1 });
    }
    const drawn = stretches.map(({ value, tone, length }) => {
      const text = fact.lane === 'names' ? nameStretch(value, length) : (marks[value] ?? unknownMark).repeat(length);
      return tone === null ? text : this.#page.mark(tone, text);
    });
    return `${' '.repeat(room - shown.length)}${drawn.join('')}`;
  }
}

function nameStretch(value: string, length: number): string {
  if (value === unknownValue) return unknownMark.repeat(length);
  return value.slice(0, length).padEnd(length, fill);
}

function keyOf({ service, name }: Pick<Fact, 'service' | 'name'>): string {
  return `${service} ${name}`;
}
