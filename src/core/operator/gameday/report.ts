import type { Step } from '../../register/run.ts';
import type { Hit } from './blast-radius.ts';
import type { RehearsedStep } from './rehearsed-move.ts';
import type { Compared } from './unchanged.ts';

/** Version of a game day's report; `gameday.schema.json` is its schema. */
export const reportVersion = 1;

/** How far a game day goes: it looks, it asks the functions, or a fault really happens. */
export type GameDayManner = 'dry-run' | 'rehearsal' | 'full';

/** What should happen: by the rules of the engine, by the simulation, and by the documented bound. */
export interface ExpectedMove {
  readonly from: string;
  /** Null when no site could take over. */
  readonly to: string | null;
  readonly steps: readonly Pick<Step, 'name' | 'resource' | 'region'>[];
  /** Longest from the fault to the first good answer, in milliseconds. */
  readonly boundMs: number;
  /** Null when nothing could be predicted; `unpredicted` says why. */
  readonly predicted: Predicted | null;
  readonly unpredicted: string | null;
}

/** What the simulation of the loss gave, over all its seeds; times from the fault, in milliseconds. */
export interface Predicted {
  readonly seeds: number;
  /** In how many of them the service moved. */
  readonly movedCount: number;
  readonly decidedMs: Spread | null;
  /** The last bad answer of a client. */
  readonly backMs: Spread | null;
  /** The most writes that were lost, in milliseconds; null where nothing is promoted, or it is not known. */
  readonly lossMs: number | null;
  /** Bad answers in the end, in percent, at worst. */
  readonly badAtEndPercent: number;
}

/** The middle one of some values, and the worst. */
export interface Spread {
  readonly median: number;
  readonly worst: number;
}

/** What the functions said, and what the standby answered, without anything being written. */
export interface RehearsalReport {
  readonly steps: readonly RehearsedStep[];
  /** The standby's probes, from here. */
  readonly standby: { readonly site: string; readonly outcome: 'pass' | 'fail' | 'unknown'; readonly saw: string };
  /** The active side before and after. */
  readonly active: readonly Compared[];
}

/** The fault of a full game day. */
export interface FaultReport {
  readonly kind: 'fis' | 'command';
  /** What was started, in one sentence. */
  readonly what: string;
  /** Why it was ended before the move was seen; null when it was not. */
  readonly abortedBy: string | null;
  /** How it was ended, in one sentence; null when it never began. */
  readonly end: string | null;
  /** Whether nothing of it is left, as far as can be told. */
  readonly isOver: boolean;
  /** Alarms that were watched, and the worst state that each had. */
  readonly alarms: readonly { readonly name: string; readonly worst: string }[];
}

/** What was seen of a full game day; times from the fault, in milliseconds. */
export interface SeenMove {
  readonly to: string | null;
  readonly decidedMs: number | null;
  /** From the fault to the first good answer for good; null when there was none, or nobody asked. */
  readonly recoveryMs: number | null;
  /** Requests of the client from outside; null when it was not measured. */
  readonly requests: number | null;
  readonly lostRequests: number | null;
  /** Why nothing was measured from outside; null when it was. */
  readonly unmeasured: string | null;
  /** Writes that were lost at most, in milliseconds; null when nothing was promoted, or it is not known. */
  readonly lossMs: number | null;
}

/** Something that the game day changed, and whether it is as before. */
export interface Change {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** Null for what never goes back, such as the epoch. */
  readonly isBack: boolean | null;
}

/** The report of a game day, for auditors. */
export interface GameDayReport {
  readonly version: typeof reportVersion;
  readonly manner: GameDayManner;
  readonly deployment: string;
  /** Where it is, in one line. */
  readonly where: string;
  readonly target: 'lab' | 'aws';
  readonly service: string;
  /** Name that clients use; null where nothing steers them. */
  readonly record: string | null;
  /** Who asked. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly isAsExpected: boolean;
  /** What came of it, in one sentence. */
  readonly verdict: string;
  readonly expected: ExpectedMove;
  /** What would hold a failover back; empty when nothing would. */
  readonly obstacles: readonly string[];
  /** Other services that the fault reaches. */
  readonly blastRadius: readonly Hit[];
  readonly rehearsal: RehearsalReport | null;
  readonly fault: FaultReport | null;
  readonly seen: SeenMove | null;
  readonly changes: readonly Change[];
  /** The command line that does the same again. */
  readonly repeat: string;
}
