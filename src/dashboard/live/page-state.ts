import type { Deployment } from '../../core/model/deployment.ts';
import type { DeploymentStatus } from '../../core/operator/answers.ts';
import type { Explanation } from '../../core/operator/explaining/explanation.ts';
import type { TargetKind } from '../band.ts';

/** The deployment that a page is about. It stays the same while the page's server runs. */
export interface PageTarget {
  readonly kind: TargetKind;
  /** One line: which deployment, and where. */
  readonly where: string;
  readonly deployment: Deployment;
  /** Who answers what a name leads to, such as `the lab's name server`. */
  readonly resolver: string;
}

/** What a name led to when it was last asked for. */
export interface NameReading {
  /** Addresses of the last good answer; null before there was one. */
  readonly addresses: readonly string[] | null;
  /** Sites that have these addresses. */
  readonly sites: readonly string[];
  /** Since when no good answer has come, and why; null while they come. Epoch milliseconds. */
  readonly trouble: Trouble | null;
}

/** What a region's oracle, or its memory, said when it was last read. */
export interface Said {
  /** Whether it says that a site is left, by `service/site`; absent where it never could be read. */
  readonly isOff: Readonly<Record<string, boolean>>;
  /** Since when some of it cannot be read, and why; null while all can. What was read before is kept, and is old. */
  readonly trouble: Trouble | null;
}

/** Something that cannot be read. */
export interface Trouble {
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  readonly why: string;
}

/** What a page is read from; each is read on its own. */
export type Source = 'tables' | 'names' | 'dns';

/** A fault that somebody made in the lab, and that has not been healed. */
export interface Breakage {
  readonly kind: 'site' | 'region';
  readonly name: string;
  readonly fault: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** All that changes on a page. What is unknown is null, or says so; nothing is guessed. */
export interface PageState {
  /** As `status --json` gives it; null until the watchers have been listened to once. */
  readonly status: DeploymentStatus | null;
  /** Why the newest move of each service was made, as `explain` says it; null where nothing has moved. */
  readonly explanations: Readonly<Record<string, Explanation | null>>;
  /** When each watcher was last seen to write, epoch milliseconds; null for one that was not seen to. */
  readonly heardAtMs: Readonly<Record<string, number | null>>;
  /** By service; a service without a name in DNS is absent. */
  readonly names: Readonly<Record<string, NameReading>>;
  /** Votes by control region; null where there are none, or this page cannot ask for them. */
  readonly oracles: Readonly<Record<string, Said>> | null;
  /** What DNS remembers, by control region; null where it remembers nothing, and in a lab. */
  readonly memories: Readonly<Record<string, Said>> | null;
  /** What cannot be read from here at all, since when and why. What was read of it before is kept, and is old. */
  readonly troubles: Readonly<Partial<Record<Source, Trouble>>>;
  /** Empty outside the lab. */
  readonly broken: readonly Breakage[];
}

/** The state of a page before anything was read. */
export const unreadState: PageState = {
  status: null,
  explanations: {},
  heardAtMs: {},
  names: {},
  oracles: null,
  memories: null,
  troubles: {},
  broken: [],
};

/** One line of the timeline. */
export interface TimelineRow {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly who: string;
  readonly words: string;
  readonly tone: 'plain' | 'fault' | 'good' | 'doubtful' | 'bad';
}
