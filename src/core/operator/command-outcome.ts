import type { GroupView } from '../decision/decision-input.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import { type Register, withHistory } from '../register/register.ts';
import type { Dispute } from '../tables/dispute.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';

/** What a command is judged by. */
export interface CommandContext {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  /** What each watcher holds of each site; absent where nothing was read of them. */
  readonly testimonies?: ServiceView['testimonies'] | undefined;
  /** Waiting times as the watchers have counted them. */
  readonly stopwatches: Stopwatches;
  /** Null when the service fails over alone. */
  readonly group: GroupView | null;
  /** The parts for which living watchers have another configuration than the operator. */
  readonly disputes: readonly Dispute[];
  /** Name of the operator, for the history. */
  readonly by: string;
  readonly wallMs: number;
  /** The time by the clocks of a majority of the voters, in epoch milliseconds; null where fewer are heard. */
  readonly votersMs: number | null;
}

/** The outcome of a command: the next register value, or why there is none. A refusal changes nothing. */
export type CommandOutcome =
  | { readonly outcome: 'accepted'; readonly register: Register; readonly message: string }
  /** Nothing to do: the register is already as asked for. */
  | { readonly outcome: 'unchanged'; readonly message: string }
  /** `isMistake`: the line itself is wrong, whatever the state of the service. */
  | { readonly outcome: 'refused'; readonly message: string; readonly isMistake?: true };

/** The command is obeyed: the next value, with a line in the history. */
export function accept(register: Register, what: string, context: CommandContext, message: string): CommandOutcome {
  const entry = { epoch: register.epoch, atMs: context.wallMs, by: context.by, what };
  return { outcome: 'accepted', register: withHistory(register, entry), message };
}

/** Nothing is to be done. */
export function unchanged(message: string): CommandOutcome {
  return { outcome: 'unchanged', message };
}

/** The command can never be obeyed as it was given, and what to write instead. */
export function mistaken(message: string): CommandOutcome {
  return { outcome: 'refused', message, isMistake: true };
}

/** The command is refused, and why. */
export function refuse(message: string): CommandOutcome {
  return { outcome: 'refused', message };
}
