// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { DataInput } from './data.ts';
import type { DetectionInput } from './detection.ts';
import type { FailoverInput } from './failover.ts';
import type { SiteInput } from './site.ts';
import type { TrafficInput } from './traffic.ts';

/** What fails over as one. */
export interface ServiceInput<Sites = Readonly<Record<string, unknown>>> {
  /**
   * How the sites share the work. `active-passive`: one serves, the others wait. `active-active`: all healthy sites
   * serve.
   */
  readonly mode: 'active-passive' | 'active-active';
  /** The places where the service runs; two to ten, or one with a static page. */
  readonly sites: { readonly [Name in keyof Sites]: SiteInput };
  /** When a site counts as down, and when as up again. */
  readonly detection?: DetectionInput | undefined;
  /** When and how far the service may move by itself. */
  readonly failover?: FailoverInput | undefined;
  /** Whether and when the service returns to its preferred site. */
  readonly failback?: {
    /**
     * Whether the service returns to its preferred site by itself, or readmits a site to the pool by itself. Left out:
     * `manual` in active-passive, `automatic` in active-active.
     */
    readonly mode?: 'manual' | 'automatic' | undefined;
    /**
     * How long a site must have been up before an automatic return. Left out: ten minutes in active-passive, one minute
     * in active-active. Allowed: 0 to 168h.
     */
    readonly healthyForMs?: number | string | undefined;
    /**
     * Site to return to. Left out: the site of highest priority. Allowed: a name: 1 to 31 lower-case letters, digits
     * and hyphens, a letter first, not "constructor".
     */
    readonly to?: NoInfer<keyof Sites> | undefined;
  } | undefined;
  /** What steers the clients. A service that has `data` may have none of its keys, or no `traffic` at all. */
  readonly traffic?: TrafficInput<Sites> | undefined;
  /** How much the sites that are left must be able to carry. */
  readonly capacity?: {
    /**
     * Percentage of its capacity up to which traffic is shifted to a site. Allowed: a whole number from 1 to 100.
     * Default: 100.
     */
    readonly limitPercent?: number | undefined;
    /**
     * Number of sites that may be lost while the others can carry the load (1 is N-1, 2 is N-2). When they could not,
     * an alarm is raised. Left out: 1 in active-active, 0 in active-passive. Allowed: a whole number from 0 to 2.
     */
    readonly spareSites?: number | undefined;
    /**
     * What happens to traffic that the other sites cannot carry even after scaling. `shed`: it stays with the site that
     * fails. `shift`: it is moved anyway. Default: "shed".
     */
    readonly shortage?: 'shed' | 'shift' | undefined;
  } | undefined;
  /**
   * Times of work at a site. While one is open no automatic move chooses the site, and a pool does without it; an
   * active site is not left for it. Allowed: a list of 0 to 20 windows.
   */
  readonly maintenance?: readonly ({
    /**
     * When it opens, in UTC. Clocks of watchers may differ by seconds. Allowed: five fields of cron in UTC: minute,
     * hour, day, month, weekday, such as "0 3 * * 6" for Saturdays at 03:00.
     */
    readonly cron: string;
    /** How long it is open. Allowed: 1m to 744h. */
    readonly forMs: number | string;
    /** The site. Allowed: a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor". */
    readonly site: NoInfer<keyof Sites>;
  })[] | undefined;
  /**
   * Times in which nothing planned moves by itself, or nothing at all. A person may move it all the same. Allowed: a
   * list of 0 to 20 windows.
   */
  readonly freeze?: readonly ({
    /**
     * When it opens, in UTC. Clocks of watchers may differ by seconds. Allowed: five fields of cron in UTC: minute,
     * hour, day, month, weekday, such as "0 3 * * 6" for Saturdays at 03:00.
     */
    readonly cron: string;
    /** How long it is open. Allowed: 1m to 744h. */
    readonly forMs: number | string;
    /**
     * What does not move by itself. `planned`: failbacks and readmissions. `all`: failovers neither, so that a dead
     * site stays the one that clients are sent to. Default: "planned".
     */
    readonly moves?: 'planned' | 'all' | undefined;
  })[] | undefined;
  /**
   * Times at which the watchers move the service to another site by a planned switchover, and back before the time is
   * over. Only for active-passive. Allowed: a list of 0 to 20 windows.
   */
  readonly gameDays?: readonly ({
    /**
     * When it opens, in UTC. Clocks of watchers may differ by seconds. Allowed: five fields of cron in UTC: minute,
     * hour, day, month, weekday, such as "0 3 * * 6" for Saturdays at 03:00.
     */
    readonly cron: string;
    /** How long it is open. In its first half the service moves, in its second half it returns. Allowed: 10m to 24h. */
    readonly forMs: number | string;
    /**
     * The site that takes over. Left out: the one that would in a failover. Allowed: a name: 1 to 31 lower-case
     * letters, digits and hyphens, a letter first, not "constructor".
     */
    readonly to?: NoInfer<keyof Sites> | undefined;
  })[] | undefined;
  /** Data that is promoted before a site serves. Left out: there is none. */
  readonly data?: DataInput<Sites> | undefined;
  /** What is published for clients inside the account, by a function and in a parameter of each control region. */
  readonly clients?: {
    /** Where clients inside the account find each site: a URL or host:port. */
    readonly endpoints: { readonly [Name in NoInfer<keyof Sites>]?: string };
    /**
     * Most programs that ask at once where the sites are. The function that they ask is sized for twice as many, in
     * each control region; more are answered with 429, and keep the list that they have. Allowed: a whole number from 1
     * to 100000. Default: 100.
     */
    readonly fleet?: number | undefined;
    /**
     * Time between two questions of one program. The default is that of `createEndpoints`; an `ActiveGuard` asks in a
     * fifth of its lease. Allowed: 1s to 1h. Default: 5s.
     */
    readonly askMs?: number | string | undefined;
  } | undefined;
}
