import type { LabEvent } from './lab-event.ts';

/** One request of the drill's client: it resolves the name, and fetches the page from where the answer leads. */
export interface ClientAnswer {
  /** When it asked, in milliseconds since the fault. */
  readonly sentMs: number;
  /** When it had its answer, or had given up. */
  readonly endedMs: number;
  /** Site that the name led to; null when it led nowhere. */
  readonly site: string | null;
  readonly isGood: boolean;
  /** Why the request was lost; null for a good answer. */
  readonly reason: string | null;
}

/** What a fault should do to a deployment that works. */
export type Expectation =
  /** The site is gone: traffic is back, from another site, within the bound. */
  | 'back-in-time'
  /**
   * Clients still reach the site, a majority of watchers does not: traffic moves within the bound and loses nothing.
   */
  | 'moves-without-loss'
  /** The site is well: traffic stays where it is and loses nothing. */
  | 'stays';

/** Milliseconds since the fault at which a phase was reached; null when it was not. */
export interface DrillPhases {
  readonly fault: 0;
  /** A quorum of watchers holds the site down. */
  readonly detected: number | null;
  /** A majority of state tables holds the new epoch. */
  readonly decided: number | null;
  /** The name server answers with the new site. */
  readonly shifted: number | null;
  /** The first good answer after the last lost request. */
  readonly answered: number | null;
  /** The watcher that carried the move out has seen the new answer itself. */
  readonly verified: number | null;
}

/** What a site of the user's own answered before the drill. */
export interface FirstAnswer {
  readonly site: string;
  /** Its region, or its location outside AWS. */
  readonly place: string;
  /** It comes first by priority, so it is active when the drill begins. */
  readonly isActive: boolean;
  /** Clients are sent to it when the drill begins: it is active, or in the pool. */
  readonly isServing: boolean;
  readonly outcome: 'pass' | 'fail' | 'unknown';
  /** The probe that tells most: the first that does not pass, else the first. */
  readonly asked: string;
  readonly saw: string;
}

/** What a site is when the drill begins, in a word or three. */
export function startRole({ isActive, isServing }: FirstAnswer): string {
  if (isActive) return 'active';
  return isServing ? 'in the pool' : 'standby';
}

/** How a stopped site was started again. */
export interface Mending {
  readonly command: string;
  /** Why the site is not back; null when it is. */
  readonly fault: string | null;
  readonly tookMs: number;
  /** From the end of the command to the first good answer; null without one. */
  readonly backMs: number | null;
}

/** Everything that a drill found out: `out/drill.json`. */
export interface DrillResult {
  readonly fault: string;
  /** What was done, in one sentence. */
  readonly faultDetail: string;
  /** The user's command that stopped the site; null where it was the lab or a person. */
  readonly stopCommand: string | null;
  /** Null where the drill had no command for it. */
  readonly mending: Mending | null;
  /** Of the user's own sites; none for the lab's. */
  readonly firstAnswers: readonly FirstAnswer[];
  /** The command line that does the same again. */
  readonly repeat: string;
  readonly expectation: Expectation;
  /** Whether what was expected came true. */
  readonly isAsExpected: boolean;
  /** What was expected, and what was seen, in a sentence each. */
  readonly expected: string;
  readonly seen: string;

  readonly service: string;
  /** Name that the client resolves. */
  readonly record: string;
  readonly sites: readonly string[];
  readonly controlRegions: readonly string[];
  /** Site that was active before the fault, and after the drill. */
  readonly from: string;
  readonly to: string;

  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly faultAt: string;
  /**
   * From the fault to the end of the first good answer after the last lost request; 0 without any, null without an end.
   */
  readonly recoveryMs: number | null;
  /** Longest that it may take here, where no resolver keeps the name. */
  readonly boundMs: number;
  /** The same with Route 53's own intervals instead of the lab's, and behind resolvers that keep the name. */
  readonly awsBoundMs: number;
  /** How long a resolver may keep the name. */
  readonly ttlSeconds: number;
  /** How often the lab's health checkers look at an oracle; Route 53's look every 10 s. */
  readonly checkIntervalMs: number;
  readonly requests: number;
  readonly lostRequests: number;
  readonly phases: DrillPhases;
  /** In order; times since the fault. */
  readonly events: readonly LabEvent[];
  readonly answers: readonly ClientAnswer[];
}
