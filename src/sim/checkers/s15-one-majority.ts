import type { Ballot } from '../../core/register/ballot.ts';
import { applied } from '../../core/register/membership.ts';
import { majorityAmong } from '../../core/register/quorum.ts';
import type { Register, Voter } from '../../core/register/register.ts';
import { originOf } from '../../core/register/turn.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { checkerKind, isSelfFence, type NoteStake, Spells } from './checker.ts';

type Stake = 'list changed' | 'founded anew' | 'stranger accepts' | 'outsider accepts' | 'outsider lives' | 'order';
type EventOf<T extends SimEvent['type']> = Extract<SimEvent, { readonly type: T }>;

/** Longest that an order is on its way, and a step goes on, after its giver has left the list. */
const leavingMsMax = 60_000;

/** The newest decided value of a service, and since when each region has had no vote on it. */
interface Known {
  readonly ballot: Ballot;
  readonly register: Register;
  readonly outSinceMs: ReadonlyMap<string, number>;
}

/**
 * S15: no two majorities: not while voters join and leave, nor with configurations of different ages.
 *
 * Judged by the tables themselves: a value is decided when a majority of the voters that it names has truly accepted
 * it, each the very table that was named.
 *
 * - Two lists of which one follows the other differ by one voter, and that change was decided before: so any majority
 *   of the one shares a table with any of the other.
 * - A register is founded anew only when no majority of its voters is left.
 * - Nothing is decided, and after a while nothing ordered, by a region that has no vote.
 * - No actuator is given an epoch that was never decided: whoever gave it took something else for a majority. But a
 *   region that cuts off its own site asks no majority, and goes by whatever its own table holds.
 */
export const oneMajority = checkerKind({
  property: 'S15',
  stakes: ['list changed', 'founded anew', 'stranger accepts', 'outsider accepts', 'outsider lives', 'order'],
  make: (world, stake: NoteStake<Stake>) => {
    const known = new Map<string, Known>();
    const spells = new Spells();
    /** Functions that carry out a region's order against its own site. */
    const selfFencing = new Set<number>();
    return {
      hear: (event) => {
        switch (event.type) {
          case 'order':
            if (isSelfFence(event.order)) selfFencing.add(event.by.serial);
            return null;
          case 'accept':
            noteStrangers(event, stake);
            return null;
          case 'voice':
            for (const [service, { outSinceMs }] of known) {
              const isOut = outSinceMs.has(event.watcher);
              if (spells.begins(`${service} ${event.watcher} ${event.serial}`, isOut)) stake('outsider lives');
            }
            return null;
          case 'decided': {
            const before = known.get(event.service);
            if (before !== undefined && isOlder(event, before, world)) return null;
            if (before !== undefined && isFounded(before) && !isSameList(before.register, event.register))
              stake(event.register.stage === 'founded' ? 'list changed' : 'founded anew');
            known.set(event.service, next(event, before, world));
            return before === undefined || !isFounded(before) ? null : breachOf(event, before.register, world);
          }
          case 'claim':
            if (!event.isGranted || selfFencing.has(event.by.serial)) return null;
            stake('order');
            return breachOfOrder(event, known.get(event.service), world);
          default:
            return null;
        }
      },
    };
  },
});

const isFounded = ({ register }: Known) => register.stage === 'founded';

/**
 * Ballots rise within one history. A register that is founded again begins its ballots anew, in a later epoch or, where
 * the service is at home, in the first.
 */
function isOlder({ service, ballot, register }: EventOf<'decided'>, known: Known, world: World): boolean {
  const { epoch } = register;
  const { epoch: newest, voters } = known.register;
  const remembering = voters.filter((voter) => isThere(voter, service, world)).length;
  if (register.stage !== 'founded' && isFounded(known) && remembering < majorityAmong(voters.length)) return false;
  return epoch < newest || (epoch === newest && ballot < known.ballot);
}

/** Counts accepts of tables that the value does not name. */
function noteStrangers({ region, incarnation, register }: EventOf<'accept'>, stake: NoteStake<Stake>): void {
  const listed = register.voters.find((voter) => voter.region === region);
  if (listed === undefined) stake('outsider accepts');
  else if (listed.incarnation !== incarnation) stake('stranger accepts');
}

function next({ ballot, register, atMs }: EventOf<'decided'>, before: Known | undefined, world: World): Known {
  const regions = new Set([...world.deployment.controlRegions, ...world.previousDeployment.controlRegions]);
  for (const { region } of before?.register.voters ?? []) regions.add(region);
  for (const region of before?.outSinceMs.keys() ?? []) regions.add(region);
  const out = [...regions].filter((region) => !register.voters.some((voter) => voter.region === region));
  const since = (region: string) => before?.outSinceMs.get(region) ?? atMs;
  return { ballot, register, outSinceMs: new Map(out.map((region) => [region, since(region)])) };
}

function breachOf({ service, ballot, register }: EventOf<'decided'>, before: Register, world: World): string | null {
  if (register.stage !== 'founded') {
    const remembering = before.voters.filter((voter) => isThere(voter, service, world)).length;
    return remembering >= majorityAmong(before.voters.length)
      ? `${service} was founded anew while ${remembering} of ${before.voters.length} voters remembered`
      : null;
  }
  const origin = originOf(ballot);
  // Whoever goes on from a list that nobody has decided yet may have joined by it.
  const mayChange = [...before.voters, ...register.voters].some(({ region }) => region === origin);
  if (world.tables.has(origin) && !mayChange) return `${service} was changed by ${origin}, which has no vote`;
  if (isSameList(before, register)) return null;
  const expected = before.voterChange === null ? null : applied(before.voters, before.voterChange);
  if (expected !== null && isSameList({ voters: expected }, register)) return null;
  return `${service}'s voters went from ${namesOf(before)} to ${namesOf(register)}, and that was not decided before`;
}

/** Whether a voter's very table is there still. */
function isThere({ region, incarnation }: Voter, service: string, { tables }: World): boolean {
  return tables.has(region) && tables.read(region, [service]).acceptors[service]?.incarnation === incarnation;
}

function breachOfOrder(
  { service, token, by, atMs }: EventOf<'claim'>,
  newest: Known | undefined,
  world: World,
): string | null {
  if (newest === undefined || token.epoch > newest.register.epoch)
    return `an actuator in ${by.place} was given epoch ${token.epoch} of ${service}, which no majority holds`;
  const giver = by.watcher ?? by.place;
  const outSinceMs = newest.outSinceMs.get(giver);
  // A region whose own table is dark, too, cannot know that it has left.
  if (outSinceMs === undefined || atMs - outSinceMs <= leavingMsMax || !world.contact.canUseTable(giver, giver))
    return null;
  return `${giver} has no vote on ${service}, and gave an order`;
}

function isSameList(one: Pick<Register, 'voters'>, other: Pick<Register, 'voters'>): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ voters }: Pick<Register, 'voters'>): string {
  return voters
    .map(({ region, incarnation }) => `${region}=${incarnation}`)
    .sort()
    .join(' ');
}

function namesOf({ voters }: Register): string {
  return voters.map(({ region }) => region).join(', ');
}
