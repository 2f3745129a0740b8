import type { Register } from '../../register/register.ts';
import type { ObservedThing } from './rehearsed-move.ts';

/** What was read of a service at one time. */
export interface Snapshot {
  /** Null when no majority of state tables answered. */
  readonly register: Register | null;
  readonly things: readonly ObservedThing[];
  /** Addresses that its name leads to; null without a name, or where no resolver answers. */
  readonly answers: readonly string[] | null;
  /** What the active site's probes answered from here. */
  readonly active: string;
}

/** One fact, before and after; null is unknown. */
export interface Compared {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Whether both are the same; null where one of them is unknown. */
  readonly isSame: boolean | null;
}

/** Whether anything changed between two readings, fact by fact. */
export interface Unchanged {
  readonly facts: readonly Compared[];
  /** Facts that differ. */
  readonly differing: readonly Compared[];
  /** Facts that could not be read both times: of these nothing is proven. */
  readonly unknown: readonly Compared[];
}

/** Compares two readings of a service. */
export function compareSnapshots(before: Snapshot, after: Snapshot): Unchanged {
  const facts = [
    ...registerFacts(before.register, after.register),
    ...thingFacts(before.things, after.things),
    compare('DNS answer', addressesOf(before), addressesOf(after)),
    compare('probes of the active site', before.active, after.active),
  ];
  return {
    facts,
    differing: facts.filter(({ isSame }) => isSame === false),
    unknown: facts.filter(({ isSame }) => isSame === null),
  };
}

function compare(what: string, before: string | null, after: string | null): Compared {
  return { what, before, after, isSame: before === null || after === null ? null : before === after };
}

function addressesOf({ answers }: Snapshot): string | null {
  return answers === null ? null : answers.join(', ') || 'no address';
}

/** Every field of the register counts, and each is named. */
function registerFacts(before: Register | null, after: Register | null): readonly Compared[] {
  if (before === null || after === null) {
    const word = (register: Register | null) => (register === null ? null : `epoch ${register.epoch}`);
    return [compare('register', word(before), word(after))];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Register)[];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const short = ({ epoch, active, serving }: Register) =>
    `epoch ${epoch}, active ${active}, serving ${serving.join('+')}`;
  return [
    compare('register', short(before), short(after)),
    ...changed.map((name) => ({
      what: `register: ${name}`,
      before: textOf(before[name]),
      after: textOf(after[name]),
      isSame: false,
    })),
  ];
}

/** Longest value of a field that is shown, in characters. */
const shownMax = 120;

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > shownMax ? `${text.slice(0, shownMax)}...` : text;
}

function thingFacts(before: readonly ObservedThing[], after: readonly ObservedThing[]): readonly Compared[] {
  const keyOf = ({ name, region }: ObservedThing) => `${name} in ${region}`;
  const later = new Map(after.map((thing) => [keyOf(thing), thing]));
  return before.map((thing) => compare(keyOf(thing), thing.state, later.get(keyOf(thing))?.state ?? null));
}
