/**
 * Reads the part of JavaScript's regular expressions that can be matched in linear time. Backreferences and looking
 * ahead or behind cannot, and are refused.
 */

/** What one place of a text has to be. Ranges are code units, both ends included. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly isNegated: boolean;
}

/** A condition on a place between two characters. */
export type Edge = 'start' | 'end' | 'word-edge' | 'no-word-edge';

/** A regular expression as a tree. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly item: PatternNode; readonly min: number; readonly max: number };

/** Thrown by the parser and the compiler alone; {@link readPattern} turns it into an answer. */
export class PatternRefused extends Error {
  override readonly name = 'PatternRefused';
}

/** Longest regular expression, in characters. Source: our own; a health answer is judged by less. */
export const patternLengthMax = 500;
/** Most repetitions that `{n,m}` may ask for: each is a copy of what it repeats. Source: our own. */
const repetitionsMax = 100;
/** Deepest nesting of groups. Source: our own; it bounds the recursion. */
const depthMax = 20;

const digits: CharacterSet['ranges'] = [[0x30, 0x39]];
const wordCharacters: CharacterSet['ranges'] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
/** Source: ECMA-262, `WhiteSpace` and `LineTerminator`. */
const spaces: CharacterSet['ranges'] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
/** What `.` leaves out. Source: ECMA-262, `LineTerminator`. */
const lineEnds: CharacterSet['ranges'] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const classes: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: digits, isNegated: false },
  D: { ranges: digits, isNegated: true },
  w: { ranges: wordCharacters, isNegated: false },
  W: { ranges: wordCharacters, isNegated: true },
  s: { ranges: spaces, isNegated: false },
  S: { ranges: spaces, isNegated: true },
};
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, '0': 0 };
const lastCodeUnit = 0xffff;

/** Whether a code unit is a letter, a digit or `_`, as `\w` and `\b` have it. */
export function isWordCharacter(code: number): boolean {
  return wordCharacters.some(([from, to]) => code >= from && code <= to);
}

/** @throws {PatternRefused} with what is wrong, or cannot be matched in linear time */
export function parsePattern(source: string): PatternNode {
  if (source.length > patternLengthMax) throw new PatternRefused(`longer than ${patternLengthMax} characters`);
  return new Parser(source).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly source: string) {}

  whole(): PatternNode {
    const node = this.choice();
    if (this.at < this.source.length) throw new PatternRefused('a ) without its (');
    return node;
  }

  private choice(): PatternNode {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  private sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.at < this.source.length && this.peek() !== '|' && this.peek() !== ')') items.push(this.repeated());
    return { kind: 'sequence', items };
  }

  private repeated(): PatternNode {
    const item = this.single();
    const bounds = this.bounds();
    if (bounds === null) return item;
    // What is lazy and what is greedy finds the same texts; only what is captured differs, and nothing is.
    this.take('?');
    if (item.kind === 'edge' || this.bounds() !== null) throw new PatternRefused('nothing to repeat');
    return { kind: 'repeat', item, ...bounds };
  }

  private bounds(): { readonly min: number; readonly max: number } | null {
    if (this.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { min: 0, max: 1 };
    const [text, least, comma, most] = /^\{(\d{1,4})(,)?(\d{1,4})?\}/.exec(this.source.slice(this.at)) ?? [];
    if (text === undefined) return null;
    this.at += text.length;
    const min = Number(least);
    const max = comma === undefined ? min : most === undefined ? Number.POSITIVE_INFINITY : Number(most);
    if (max < min) throw new PatternRefused(`${text} ends before it begins`);
    if (min > repetitionsMax || (max !== Number.POSITIVE_INFINITY && max > repetitionsMax))
      throw new PatternRefused(`${text} repeats more than ${repetitionsMax} times`);
    return { min, max };
  }

  private single(): PatternNode {
    const letter = this.next();
    switch (letter) {
      case '^':
        return { kind: 'edge', edge: 'start' };
      case '$':
        return { kind: 'edge', edge: 'end' };
      case '.':
        return { kind: 'set', set: { ranges: lineEnds, isNegated: true } };
      case '(':
        return this.group();
      case '[':
        return { kind: 'set', set: this.characterClass() };
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw new PatternRefused('nothing to repeat');
      default:
        return { kind: 'set', set: setOf(letter.charCodeAt(0)) };
    }
  }

  private group(): PatternNode {
    this.depth += 1;
    if (this.depth > depthMax) throw new PatternRefused(`groups more than ${depthMax} deep`);
    if (this.take('?') && !this.take(':')) {
      throw new PatternRefused('(?= (?! (?<= (?<! and named groups; only (...) and (?:...) are matched in linear time');
    }
    const node = this.choice();
    if (!this.take(')')) throw new PatternRefused('a ( without its )');
    this.depth -= 1;
    return node;
  }

  private escape(): PatternNode {
    const letter = this.peek();
    if (letter === 'b' || letter === 'B') {
      this.at += 1;
      return { kind: 'edge', edge: letter === 'b' ? 'word-edge' : 'no-word-edge' };
    }
    const named = classes[letter];
    if (named !== undefined) {
      this.at += 1;
      return { kind: 'set', set: named };
    }
    return { kind: 'set', set: setOf(this.escapedCode()) };
  }

  /** The code unit that follows a backslash. */
  private escapedCode(): number {
    const letter = this.next();
    if (/[1-9]/.test(letter)) throw new PatternRefused(`\\${letter}: what refers back is not matched in linear time`);
    const control = controls[letter];
    if (control !== undefined) return control;
    const width = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
    if (width > 0) {
      const hex = this.source.slice(this.at, this.at + width);
      if (hex.length < width || !/^[0-9a-f]+$/i.test(hex)) throw new PatternRefused(`\\${letter} without its digits`);
      this.at += width;
      return Number.parseInt(hex, 16);
    }
    if (/[a-z]/i.test(letter)) throw new PatternRefused(`\\${letter} is not known`);
    return letter.charCodeAt(0);
  }

  private characterClass(): CharacterSet {
    const isNegated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.take(']')) {
      const from = this.classMember();
      if (typeof from !== 'number') {
        ranges.push(...from);
        continue;
      }
      const isRange = this.peek() === '-' && this.source[this.at + 1] !== ']' && this.at + 1 < this.source.length;
      if (!isRange) {
        ranges.push([from, from]);
        continue;
      }
      this.at += 1;
      const to = this.classMember();
      if (typeof to !== 'number' || to < from) throw new PatternRefused('a range in [...] that ends before it begins');
      ranges.push([from, to]);
    }
    return { ranges, isNegated };
  }

  private classMember(): number | CharacterSet['ranges'] {
    const letter = this.next();
    if (letter !== '\\') return letter.charCodeAt(0);
    const named = classes[this.peek()];
    if (named !== undefined) {
      this.at += 1;
      return named.isNegated ? others(named.ranges) : named.ranges;
    }
    if (this.take('b')) return 0x08;
    return this.escapedCode();
  }

  private peek(): string {
    return this.source[this.at] ?? '';
  }

  private next(): string {
    const letter = this.source[this.at];
    if (letter === undefined) throw new PatternRefused('it ends too early');
    this.at += 1;
    return letter;
  }

  private take(letter: string): boolean {
    const isThere = this.peek() === letter;
    if (isThere) this.at += 1;
    return isThere;
  }
}

function setOf(code: number): CharacterSet {
  return { ranges: [[code, code]], isNegated: false };
}

/** Every code unit that is in none of these ranges, which are in order. */
function others(ranges: CharacterSet['ranges']): CharacterSet['ranges'] {
  const found: (readonly [number, number])[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    if (start > from) found.push([from, start - 1]);
    from = end + 1;
  }
  return from > lastCodeUnit ? found : [...found, [from, lastCodeUnit]];
}
