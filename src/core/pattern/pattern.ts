import { type AskedSet, askedSet, isInSet } from './asked-set.ts';
import {
  type CharacterSet,
  type Edge,
  isWordCharacter,
  type PatternNode,
  PatternRefused,
  parsePattern,
} from './parser.ts';

/** A regular expression that is ready to be used. */
export interface Pattern {
  /** Whether the text contains what the expression describes. Takes time in proportion to the text's length. */
  isIn(text: string): boolean;
}

/** A regular expression, or why it is refused. */
export type PatternReading =
  | { readonly isRefused: false; readonly pattern: Pattern }
  | { readonly isRefused: true; readonly why: string };

/**
 * Most instructions of a compiled expression. With each character of a text at most all of them are tried once, so this
 * bounds the time. Source: our own; ADR-0022 has what the costliest expressions take.
 */
const instructionsMax = 250;
/** Most parts that the compiler visits: what repeats nothing many times over costs no instruction. */
const visitsMax = 5_000;

type Instruction =
  | { readonly op: 'take'; readonly set: AskedSet }
  | { readonly op: 'edge'; readonly edge: Edge }
  | { readonly op: 'split'; other: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'match' };

/**
 * Reads a regular expression and prepares it.
 *
 * It is matched by following every way through it at once (Thompson 1968; Cox, "Regular Expression Matching Can Be
 * Simple And Fast"), never by going back. The regular expressions of JavaScript go back, and a page of a hostile site
 * could then hold a watcher for minutes.
 *
 * @param isCaseIgnored - whether A to Z and a to z are the same
 */
export function readPattern(source: string, isCaseIgnored: boolean): PatternReading {
  try {
    const program = new Compiler(isCaseIgnored).program(parsePattern(source));
    return { isRefused: false, pattern: { isIn: (text) => run(program, text) } };
  } catch (error) {
    if (error instanceof PatternRefused) return { isRefused: true, why: error.message };
    throw error;
  }
}

class Compiler {
  private readonly instructions: Instruction[] = [];
  private visits = 0;
  /** What is repeated is the same set each time. */
  private readonly sets = new Map<CharacterSet, AskedSet>();

  constructor(private readonly isCaseIgnored: boolean) {}

  program(node: PatternNode): readonly Instruction[] {
    this.add(node);
    this.emit({ op: 'match' });
    return this.instructions;
  }

  private add(node: PatternNode): void {
    this.visits += 1;
    if (this.visits > visitsMax) throw new PatternRefused('too much repetition');
    switch (node.kind) {
      case 'set':
        this.emit({ op: 'take', set: this.setOf(node.set) });
        return;
      case 'edge':
        this.emit({ op: 'edge', edge: node.edge });
        return;
      case 'sequence':
        for (const item of node.items) this.add(item);
        return;
      case 'choice':
        this.addChoice(node.options);
        return;
      case 'repeat':
        this.addRepeat(node.item, node.min, node.max);
    }
  }

  private setOf(set: CharacterSet): AskedSet {
    const known = this.sets.get(set);
    if (known) return known;
    const made = askedSet(this.isCaseIgnored ? withBothCases(set) : set);
    this.sets.set(set, made);
    return made;
  }

  private addChoice(options: readonly PatternNode[]): void {
    const ends: (Instruction & { op: 'jump' })[] = [];
    for (const [index, option] of options.entries()) {
      if (index === options.length - 1) {
        this.add(option);
        break;
      }
      const split = this.emit({ op: 'split', other: 0 });
      this.add(option);
      ends.push(this.emit({ op: 'jump', to: 0 }));
      split.other = this.instructions.length;
    }
    for (const end of ends) end.to = this.instructions.length;
  }

  private addRepeat(item: PatternNode, min: number, max: number): void {
    for (let count = 0; count < min; count += 1) this.add(item);
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.instructions.length;
      const split = this.emit({ op: 'split', other: 0 });
      this.add(item);
      this.emit({ op: 'jump', to: start });
      split.other = this.instructions.length;
      return;
    }
    const splits: (Instruction & { op: 'split' })[] = [];
    for (let count = min; count < max; count += 1) {
      splits.push(this.emit({ op: 'split', other: 0 }));
      this.add(item);
    }
    for (const split of splits) split.other = this.instructions.length;
  }

  private emit<I extends Instruction>(instruction: I): I {
    if (this.instructions.length >= instructionsMax) {
      throw new PatternRefused(`it needs more than ${instructionsMax} steps for a character`);
    }
    this.instructions.push(instruction);
    return instruction;
  }
}

/** The same set, with the other case of each of the letters A to Z and a to z that it names. */
function withBothCases({ ranges, isNegated }: CharacterSet): CharacterSet {
  const swapped = ranges.flatMap(([from, to]) => [
    ...shifted(Math.max(from, 0x41), Math.min(to, 0x5a), 0x20),
    ...shifted(Math.max(from, 0x61), Math.min(to, 0x7a), -0x20),
  ]);
  return { ranges: [...ranges, ...swapped], isNegated };
}

function shifted(from: number, to: number, by: number): readonly (readonly [number, number])[] {
  return from > to ? [] : [[from + by, to + by]];
}

/** Whether some part of the text is matched. At each place, each instruction is entered at most once. */
function run(program: readonly Instruction[], text: string): boolean {
  const enteredAt = new Int32Array(program.length).fill(-1);
  const pending: number[] = [];
  let current: number[] = [];
  let next: number[] = [];

  /** Follows what takes no character. Returns whether the end is reached. */
  const enter = (first: number, at: number, into: number[]): boolean => {
    pending.push(first);
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (enteredAt[place] === at) continue;
      enteredAt[place] = at;
      const instruction = program[place] as Instruction;
      if (instruction.op === 'match') return true;
      if (instruction.op === 'take') into.push(place);
      else if (instruction.op === 'jump') pending.push(instruction.to);
      else if (instruction.op === 'split') pending.push(instruction.other, place + 1);
      else if (isAtEdge(instruction.edge, text, at)) pending.push(place + 1);
    }
    return false;
  };

  if (enter(0, 0, current)) return true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    next.length = 0;
    for (const place of current) {
      const instruction = program[place] as Instruction & { op: 'take' };
      if (isInSet(instruction.set, code) && enter(place + 1, at + 1, next)) return true;
    }
    if (enter(0, at + 1, next)) return true;
    [current, next] = [next, current];
  }
  return false;
}

function isAtEdge(edge: Edge, text: string, at: number): boolean {
  if (edge === 'start') return at === 0;
  if (edge === 'end') return at === text.length;
  const isWordBefore = at > 0 && isWordCharacter(text.charCodeAt(at - 1));
  const isWordAfter = at < text.length && isWordCharacter(text.charCodeAt(at));
  return (isWordBefore !== isWordAfter) === (edge === 'word-edge');
}
