// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { ServiceInput } from './service.ts';

/** Sites by name, of each service by name: what names of sites are checked against. */
export type SiteNames = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** All that a user says of one deployment. */
export interface DeploymentInput<Services extends SiteNames = SiteNames> {
  /**
   * Name of the deployment; every deployed name starts with it. Allowed: a name: 1 to 31 lower-case letters, digits and
   * hyphens, a letter first, not "constructor".
   */
  readonly name: string;
  /**
   * Regions that hold a watcher, an oracle and a state table: three or more, an odd number. A deployed order must be
   * kept. Allowed: a list of 1 to 25 regions.
   */
  readonly controlRegions: readonly string[];
  /** What fails over, each as one; one to fifty. */
  readonly services: { readonly [Name in keyof Services]: ServiceInput<Services[Name]> };
  /** Where messages to people go. */
  readonly notify?: {
    /** Who is told. Allowed: a list of 0 to 20 e-mail addresses. Default: []. */
    readonly emails?: readonly string[] | undefined;
  } | undefined;
  /**
   * Account that it belongs to; commands refuse to work with credentials of another. Allowed: an AWS account id of
   * twelve digits.
   */
  readonly account?: string | undefined;
  /** How the watchers run. */
  readonly watcher?: {
    /**
     * Memory of the function in MiB, which fixes its share of a processor; follows the number of probes when left out.
     * Allowed: a whole number from 128 to 10240.
     */
    readonly memoryMb?: number | undefined;
    /** Whether the functions send traces to X-Ray. Default: false. */
    readonly tracing?: boolean | undefined;
    /** VPC to run in, by control region, for sites without a public address. */
    readonly vpc?: { readonly [name: string]: {
      /** The VPC. Allowed: a VPC id, such as vpc-0123456789abcdef0. */
      readonly vpcId: string;
      /**
       * Subnets that reach the sites, the state tables and the functions of every control region. Allowed: a list of 1
       * to 16 subnets.
       */
      readonly subnetIds: readonly string[];
      /** Security groups of the watcher. Allowed: a list of 1 to 5 security groups. */
      readonly securityGroupIds: readonly string[];
    } } | undefined;
  } | undefined;
  /** Findings of the fault-domain lint that are accepted, by name, each with the reason. */
  readonly accept?: { readonly [name: string]: string } | undefined;
  /** Services that fail over together, to the site of one name. */
  readonly groups?: { readonly [name: string]: {
    /**
     * Services of the group, each with those that must have arrived before it. The first in that order decides for all,
     * by its own `failover` and `failback`; the others follow whatever theirs say.
     */
    readonly members: { readonly [name: string]: readonly string[] };
    /** Time within which all must have arrived; an alarm says when they have not. Allowed: 1s to 24h. */
    readonly recoveryTimeMs?: number | string | undefined;
  } } | undefined;
}
