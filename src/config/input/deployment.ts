// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { ServiceInput } from './service.ts';

/** The sites of each service, by name. Names of sites elsewhere are checked against these. */
export type SiteNames = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** All that a user says of one deployment. */
export interface DeploymentInput<Services extends SiteNames = SiteNames> {
  /**
   * Name of the deployment; every deployed name starts with it. Allowed: a name: 1 to 31 lower-case letters, digits and
   * hyphens, a letter first, not "constructor", and not "aws" or "ssm" first.
   */
  readonly name: string;
  /**
   * Regions that hold a watcher, an oracle and a state table. The first one has the dashboard, the first two check once
   * an hour whether a failover would work. Allowed: a list of 3 to 25 regions, an odd number.
   */
  readonly controlRegions: readonly string[];
  /** The services. Each fails over as one; one to fifty. */
  readonly services: { readonly [Name in keyof Services]: ServiceInput<Services[Name]> };
  /** Where messages for people and machines are sent. */
  readonly notify?: {
    /** Addresses that get messages. Allowed: a list of 0 to 20 e-mail addresses. Default: []. */
    readonly emails?: readonly string[] | undefined;
    /**
     * SNS topics of yours that get each message too, in any region and account. Name topics in two regions: a topic
     * hears nothing while its own region is lost. Allowed: a list of 0 to 10 topics, 4 of a region at most. Default:
     * [].
     */
    readonly topics?: readonly string[] | undefined;
    /**
     * Servers that are sent each message by HTTPS: yours, Slack or PagerDuty. Allowed: a list of 0 to 10 webhooks.
     * Default: [].
     */
    readonly webhooks?: readonly ({
      /**
       * What is sent. `json`: the event, signed after Standard Webhooks. `slack`: a text for an incoming webhook.
       * `pagerduty`: an event of the Events API v2. Default: "json".
       */
      readonly format?: 'json' | 'slack' | 'pagerduty' | undefined;
      /** Where to: an https:// URL, or a secret that holds it. For `pagerduty` it may be left out. */
      readonly url?: string | {
        /**
         * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
         * name of a secret, such as shop/probe.
         */
        readonly secret?: string | undefined;
        /**
         * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
         * such as /shop/probe.
         */
        readonly parameter?: string | undefined;
      } | undefined;
      /** Where the key of the signature is: `whsec_` and 24 to 64 bytes in base64. For `json`, and required there. */
      readonly signingKey?: {
        /**
         * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
         * name of a secret, such as shop/probe.
         */
        readonly secret?: string | undefined;
        /**
         * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
         * such as /shop/probe.
         */
        readonly parameter?: string | undefined;
      } | undefined;
      /** Where the integration key is. For `pagerduty`, and required there. */
      readonly routingKey?: {
        /**
         * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
         * name of a secret, such as shop/probe.
         */
        readonly secret?: string | undefined;
        /**
         * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
         * such as /shop/probe.
         */
        readonly parameter?: string | undefined;
      } | undefined;
    })[] | undefined;
  } | undefined;
  /** Where metrics and traces are sent for programs of yours. Left out: nowhere. */
  readonly telemetry?: {
    /** A collector of OpenTelemetry. It is sent JSON by HTTP, and nothing waits for it. See docs/notifications.md. */
    readonly otlp?: {
      /**
       * Where the collector takes OTLP over HTTP, without `/v1/metrics` and `/v1/traces`, which are put after it.
       * `http://` only to this machine, such as http://localhost:4318 in the lab. Allowed: an https:// URL without its
       * /v1/metrics, such as https://otlp.shop.example:4318.
       */
      readonly endpoint: string;
      /** Headers of each request. What is a secret is written as `{ secret: NAME }` or `{ parameter: /NAME }`. */
      readonly headers?: { readonly [name: string]: string | {
        /**
         * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
         * name of a secret, such as shop/probe.
         */
        readonly secret?: string | undefined;
        /**
         * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
         * such as /shop/probe.
         */
        readonly parameter?: string | undefined;
      } } | undefined;
      /**
       * What is sent. `metrics`: the state of each service, once a minute from each region. `traces`: each run.
       * Allowed: a list of 1 to 2 of metrics and traces. Default: ["metrics","traces"].
       */
      readonly signals?: readonly ('metrics' | 'traces')[] | undefined;
    } | undefined;
  } | undefined;
  /**
   * AWS account of the deployment. Commands refuse credentials of another account. Allowed: an AWS account id of twelve
   * digits in quotes, such as '222233334444'.
   */
  readonly account?: string | undefined;
  /**
   * Other accounts in which functions have something to do: those of sites with an `account` and with a fence, sizes,
   * work, measures, data, or a switch between them; and those of hosted zones with an `account`.
   */
  readonly accounts?: { readonly [name: string]: {
    /**
     * What the functions show when they take their roles in the account; the trust policies ask for it. Allowed: an
     * external id: 8 to 128 letters, digits and signs of +=,.@:/-, such as shop-8f3c1d92.
     */
    readonly externalId: string;
    /**
     * Region of the stack with the roles, which are known in every region. Left out: the first control region. Write it
     * before that one changes: the stack stays where it is. Allowed: an AWS region, such as us-east-1.
     */
    readonly region?: string | undefined;
  } } | undefined;
  /**
   * Region of the stack of health checks and records, which are known in every region. Left out: the first control
   * region. Write it before that one changes: the stack stays where it is. Allowed: an AWS region, such as us-east-1.
   */
  readonly recordsRegion?: string | undefined;
  /** Where the oracles are asked. Left out: at public function URLs. */
  readonly oracle?: {
    /**
     * By control region, the URL of a load balancer or an API of yours that hands its requests to the region's function
     * `<name>-failover-oracle`, path and all. Route 53's checkers ask there, and no public function URL is made.
     */
    readonly url: { readonly [name: string]: string };
  } | undefined;
  /** How the watchers run. */
  readonly watcher?: {
    /**
     * Memory of the function in MiB, which also sets its share of a processor. Left out: it follows from the number of
     * probes. Allowed: a whole number from 128 to 10240.
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
  /** What is checked by itself, besides the sites. */
  readonly doctor?: {
    /**
     * Whether what `cdk-failover doctor` checks is checked once an hour in AWS, too, in the first two control regions.
     * The alarm `doctor-red` hears of what is bad. Default: true.
     */
    readonly hourly?: boolean | undefined;
  } | undefined;
  /** Findings of the fault-domain lint that are accepted, by name, each with the reason. */
  readonly accept?: { readonly [name: string]: string } | undefined;
  /** Services that fail over together, to sites of the same name. */
  readonly groups?: { readonly [name: string]: {
    /**
     * Services of the group, each with the services that must have arrived before it. The first service in that order
     * decides for all, by its own `failover` and `failback`; those of the other services are not used for that.
     */
    readonly members: { readonly [name: string]: readonly string[] };
    /** Time within which all must have arrived; otherwise an alarm is raised. Allowed: 1s to 24h. */
    readonly recoveryTimeMs?: number | string | undefined;
  } } | undefined;
}
