// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** A record that follows the serving sites. */
export interface DnsInput<Sites = Readonly<Record<string, unknown>>> {
  /** The hosted zone of the record. */
  readonly zone: {
    /**
     * Id of the hosted zone: as it is, with `/hostedzone/` before it, or as its ARN. Allowed: a hosted zone id, such as
     * Z0123456789ABCDEFGHIJ.
     */
    readonly id: string;
    /** Name of the hosted zone. Allowed: a domain name, such as shop.example. */
    readonly name: string;
    /**
     * AWS account that the zone is in, where that is not the account of the deployment. It is then under `accounts`,
     * and records are made and edited by roles there. See docs/sites/accounts.md. Allowed: an AWS account id of twelve
     * digits in quotes, such as '222233334444'.
     */
    readonly account?: string | undefined;
    /**
     * Whether it is a private zone, answered inside its networks alone. Then every control region has a network in
     * `watcher.vpc` that is associated with it, because a watcher elsewhere cannot see what the name answers.
     */
    readonly private?: boolean | undefined;
  };
  /**
   * Name that clients use, or several with one answer, which cost one tree of records, in the zone: in full, one label
   * such as `www`, or `@` for the zone itself. `*` as the first label stands for every name below that has no record of
   * its own. Allowed: a name in the zone, such as www.shop.example; www or @ for short; or a list of up to 8.
   */
  readonly record: string | readonly string[];
  /** How long resolvers may keep an answer, in seconds. Allowed: a whole number from 0 to 86400. Default: 30. */
  readonly ttlSeconds?: number | undefined;
  /**
   * How long clients, or a load balancer before the sites, keep a connection to a site open after the name has another
   * answer, in seconds. Used by the lint only. Left out: unknown. Allowed: a whole number from 1 to 86400.
   */
  readonly clientKeepAliveSeconds?: number | undefined;
  /**
   * `oracle`: health checks ask the oracle of each control region, and no record is edited. `memory`: health checks
   * follow metrics that the watchers write, and no record is edited; nothing is public, and a move shows a minute or
   * two later. `records`: the record is edited, through a control plane that is in us-east-1 only, and an edit takes up
   * to a minute to all name servers. Default: "oracle".
   */
  readonly mode?: 'oracle' | 'memory' | 'records' | undefined;
  /**
   * How the name chooses among serving sites. Left out: `failover`, the chain by priority, in active-passive;
   * `weighted` by capacity in active-active.
   */
  readonly policy?: 'failover' | 'weighted' | 'latency' | 'geolocation' | 'multivalue' | undefined;
  /**
   * With policy `geolocation`: where the clients of each site are; one site has `*`, everywhere else. A site with an
   * empty list is a reserve: it answers only for sites that are down.
   */
  readonly locations?: { readonly [Name in NoInfer<keyof Sites>]?: readonly string[] } | undefined;
  /** Steps in which record weights are shifted; policy `weighted` with mode `records` only. */
  readonly ramp?: {
    /**
     * Percentages of its own share that a site gets, rising; the last one is 100. A single entry shifts all traffic at
     * once. Allowed: a list of 1 to 20 percentages. Default: [100].
     */
    readonly stepsPercent?: readonly number[] | undefined;
    /**
     * Pause after each step, in which health and load are checked; when they get worse, the shift is turned back.
     * Allowed: 1s to 1h. Default: 30s.
     */
    readonly pauseMs?: number | string | undefined;
  } | undefined;
  /**
   * Whether DNS keeps in mind which sites were left, a minute or two after a move, for when a majority of oracles is
   * dark or throttled: a metric, an alarm and a health check more for each guarded site and control region. Clients
   * come back to such a site a few minutes later. For `mode: oracle`. Left out: true, but for policy `multivalue`,
   * which cannot.
   */
  readonly memory?: boolean | undefined;
  /** A static endpoint that the name answers with when every site is down; see `failover.allDown`. */
  readonly lastResort?: {
    /** Its IPv4 address, or several that are answered together. Allowed: an IPv4 address, or a list of up to 8. */
    readonly a?: string | readonly string[] | undefined;
    /** Its IPv6 address, or several that are answered together. Allowed: an IPv6 address, or a list of up to 8. */
    readonly aaaa?: string | readonly string[] | undefined;
    /**
     * Instead of addresses, the name of a load balancer, a custom domain name of API Gateway, a website of S3, a
     * CloudFront distribution or a Global Accelerator. An API and a bucket have the name of the record. Resolvers keep
     * its answers for 60 seconds, whatever `ttlSeconds` says. Its own health checks are not used: they would move
     * traffic without a quorum.
     */
    readonly alias?: {
      /** Name that AWS gave it. Allowed: a domain name, such as shop.example. */
      readonly dnsName: string;
      /**
       * Hosted zone of that name, which belongs to AWS: `CanonicalHostedZoneId` of a load balancer,
       * `regionalHostedZoneId` of an API, Z2FDTNDATAQYW2 for CloudFront. Allowed: a hosted zone id, such as
       * Z0123456789ABCDEFGHIJ.
       */
      readonly zoneId: string;
      /** Whether it has IPv6 addresses too, so that an AAAA record is made. Default: false. */
      readonly ipv6?: boolean | undefined;
    } | undefined;
    /**
     * Instead of addresses, a name of anybody: a database endpoint, a host of your own network, a provider. All sites
     * of the service have one, because the record is then of type CNAME. Not at the apex of the zone, and not with
     * policy `multivalue`. Resolvers keep the answer of that name as long as its owner says. Allowed: a domain name,
     * such as shop.example.
     */
    readonly cname?: string | undefined;
  } | undefined;
  /** What the name answers while a site serves; every site. */
  readonly addresses: { readonly [Name in NoInfer<keyof Sites>]?: {
    /** Its IPv4 address, or several that are answered together. Allowed: an IPv4 address, or a list of up to 8. */
    readonly a?: string | readonly string[] | undefined;
    /** Its IPv6 address, or several that are answered together. Allowed: an IPv6 address, or a list of up to 8. */
    readonly aaaa?: string | readonly string[] | undefined;
    /**
     * Instead of addresses, the name of a load balancer, a custom domain name of API Gateway, a website of S3, a
     * CloudFront distribution or a Global Accelerator. An API and a bucket have the name of the record. Resolvers keep
     * its answers for 60 seconds, whatever `ttlSeconds` says. Its own health checks are not used: they would move
     * traffic without a quorum.
     */
    readonly alias?: {
      /** Name that AWS gave it. Allowed: a domain name, such as shop.example. */
      readonly dnsName: string;
      /**
       * Hosted zone of that name, which belongs to AWS: `CanonicalHostedZoneId` of a load balancer,
       * `regionalHostedZoneId` of an API, Z2FDTNDATAQYW2 for CloudFront. Allowed: a hosted zone id, such as
       * Z0123456789ABCDEFGHIJ.
       */
      readonly zoneId: string;
      /** Whether it has IPv6 addresses too, so that an AAAA record is made. Default: false. */
      readonly ipv6?: boolean | undefined;
    } | undefined;
    /**
     * Instead of addresses, a name of anybody: a database endpoint, a host of your own network, a provider. All sites
     * of the service have one, because the record is then of type CNAME. Not at the apex of the zone, and not with
     * policy `multivalue`. Resolvers keep the answer of that name as long as its owner says. Allowed: a domain name,
     * such as shop.example.
     */
    readonly cname?: string | undefined;
  } };
  /**
   * Route 53's own check of each site but the last in the chain, besides the vote: for services without data. It moves
   * clients when all watchers are dead, and also when the register says otherwise: DNS may then name a standby that was
   * never promoted.
   */
  readonly directCheck?: {
    /**
     * How each site is checked, at the first of its addresses. An answer of 2xx or 3xx is good; for tcp, an established
     * connection. The certificate is not verified.
     */
    readonly type: 'https' | 'http' | 'tcp';
    /** Port. Allowed: a whole number from 1 to 65535. */
    readonly port: number;
    /**
     * Path of the request, `/` when left out; not with tcp. Allowed: a path of up to 255 characters that begins with /,
     * without # and spaces.
     */
    readonly path?: string | undefined;
  } | undefined;
}
