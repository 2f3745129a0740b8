// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { FenceInput } from './fence.ts';
import type { MeasuresInput } from './measures.ts';
import type { ProbeInput } from './probe.ts';
import type { ScaleInput } from './scale.ts';

/** A place where a service runs. */
export interface SiteInput {
  /** Its AWS region. This or `location`. Allowed: an AWS region, such as us-east-1. */
  readonly region?: string | undefined;
  /**
   * Where it is outside AWS, by a name of your own: a datacenter, another cloud. Nothing of AWS is there. See
   * docs/sites/outside.md. Allowed: a name as sites have, such as frankfurt-dc, and no AWS region.
   */
  readonly location?: string | undefined;
  /**
   * The site's earlier name in the configuration. Remove this key once every region is deployed. Allowed: a name: 1 to
   * 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
   */
  readonly renamedFrom?: string | undefined;
  /**
   * AWS account that it is in, where that is not the account of the deployment. See docs/sites/accounts.md. Allowed: an
   * AWS account id of twelve digits in quotes, such as '222233334444'.
   */
  readonly account?: string | undefined;
  /** Its availability zone, in its region. Allowed: an availability zone, such as us-east-1a. */
  readonly zone?: string | undefined;
  /** Higher is preferred; 0 is never chosen. Allowed: a whole number from 0 to 1000. */
  readonly priority: number;
  /**
   * In active-active: whether the site waits, and gets traffic only while the others cannot carry it or none of them is
   * up. By location, a site in reserve has an empty list of locations instead.
   */
  readonly reserve?: boolean | undefined;
  /**
   * How ready the site is while it waits. `warm`: it runs at a smaller size. `cold`: it is stopped. In active-active, a
   * `warm` site is raised when it has to carry more. Default: "hot".
   */
  readonly standby?: 'hot' | 'warm' | 'cold' | undefined;
  /**
   * What is raised or started before the site gets traffic, and put back when it is a standby again. Allowed: a list of
   * 0 to 10 things to scale. Default: [].
   */
  readonly scale?: readonly ScaleInput[] | undefined;
  /**
   * What only one site may do: schedules and consumers. On at the active site, off at the others, and off there first.
   * See docs/standby.md. Allowed: a list of 0 to 20 rules, schedules and event source mappings. Default: [].
   */
  readonly work?: readonly ({
    /** What it is: a rule with a schedule or a pattern. */
    readonly kind: 'eventbridge-rule';
    /** Name of the rule. Allowed: the name of a rule, without its ARN. */
    readonly name: string;
    /**
     * Event bus of the rule. Rules with a schedule are on `default`. Allowed: the name of an event bus. Default:
     * "default".
     */
    readonly bus?: string | undefined;
    /**
     * Whether it shall be turned on as `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`: it takes events of calls that
     * only read, too. Left out, it is turned on as `ENABLED`, whatever it was before.
     */
    readonly allManagementEvents?: boolean | undefined;
  } | {
    /** What it is: a schedule of EventBridge Scheduler. */
    readonly kind: 'eventbridge-schedule';
    /** Name of the schedule. Allowed: the name of a schedule, without its ARN. */
    readonly name: string;
    /** Group of the schedule. Allowed: the name of a schedule group. Default: "default". */
    readonly group?: string | undefined;
    /**
     * Role in which the schedule begins its target, by path and name. Whoever writes a schedule back hands that role
     * on, so the site's function may do so. Allowed: the name of a role without its ARN, such as nightly-invoker or
     * shop/nightly-invoker.
     */
    readonly role: string;
  } | {
    /** What it is: what has a Lambda function read a queue or a stream. */
    readonly kind: 'event-source-mapping';
    /**
     * UUID of the mapping, as `aws lambda list-event-source-mappings` shows it. Allowed: the UUID of an event source
     * mapping.
     */
    readonly uuid: string;
  })[] | undefined;
  /** Longest time from the order to start until the site is ready. Allowed: 1s to 1h. Default: 5m. */
  readonly bootMs?: number | string | undefined;
  /** Sources of facts that its probes cannot see. */
  readonly measures?: MeasuresInput | undefined;
  /**
   * How much it can carry, in any unit that all sites of the service share. Allowed: a number above 0, at most 1000000.
   * Default: 100.
   */
  readonly capacity?: number | undefined;
  /**
   * How its health is checked. What the answers can say besides is in docs/health-answers.md. Allowed: a list of 1 to
   * 10 probes.
   */
  readonly probes: readonly ProbeInput[];
  /** How many of its plain probes (not corroborating) must pass. Allowed: all, any or {atLeast: n}. Default: "all". */
  readonly require?: 'all' | 'any' | {
    /** Plain probes that must pass. Allowed: a whole number from 1 to 10. */
    readonly atLeast: number;
  } | undefined;
  /** How the site is cut off from clients before another takes over. Left out: it is not cut off. */
  readonly fence?: FenceInput | undefined;
}
