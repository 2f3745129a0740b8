// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { DnsInput } from './dns.ts';

/** What steers the clients of a service. */
export interface TrafficInput<Sites = Readonly<Record<string, unknown>>> {
  /** A DNS name that follows the active site. */
  readonly dns?: DnsInput<Sites> | undefined;
  /** Elastic IPs, or addresses of network interfaces, that move between instances of one region. */
  readonly address?: {
    /**
     * The Elastic IP by its allocation id, or several addresses that move as one. A secondary private IPv4 address, an
     * IPv6 address, or a prefix moves between interfaces of its subnet; the system on the instance must have it, too.
     * Allowed: an allocation id, such as eipalloc-0123456789abcdef0, a secondary private address, an IPv6 address, or a
     * prefix of /28 or /80, or a list of up to 8.
     */
    readonly allocationId: string | readonly string[];
    /** Its region, a control region; an address cannot leave it. Allowed: an AWS region, such as us-east-1. */
    readonly region: string;
    /**
     * Where it is while a site is active: an instance, a network interface, or one of them with the private address,
     * such as `{ instanceId: i-1, privateIpAddress: 10.0.1.12 }`. An instance stands for the primary private address of
     * its primary interface. With several Elastic IPs, a list with one place for each, in the order of `allocationId`:
     * a private address holds one. Where no address is an Elastic IP, one place stands for all.
     */
    readonly instances: { readonly [Name in NoInfer<keyof Sites>]?: string | {
      /**
       * Instance; without `privateIpAddress`, its primary interface. Allowed: an instance id, such as
       * i-0123456789abcdef0.
       */
      readonly instanceId: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /** Network interface. Allowed: a network interface id, such as eni-0123456789abcdef0. */
      readonly networkInterfaceId: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /**
       * Tag of the instance, looked up whenever it is needed. Exactly one instance that runs must have it; with none or
       * several nothing is moved, and that is said.
       */
      readonly tag: {
        /** Its key. Allowed: the key of a tag of 1 to 128 characters. */
        readonly key: string;
        /** Its value. Allowed: the value of a tag of 1 to 256 characters. */
        readonly value: string;
      };
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /**
       * Group with one instance, found by the tag that EC2 Auto Scaling gives it. Allowed: the name of an Auto Scaling
       * group of 1 to 255 characters.
       */
      readonly autoScalingGroup: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | readonly (string | {
      /**
       * Instance; without `privateIpAddress`, its primary interface. Allowed: an instance id, such as
       * i-0123456789abcdef0.
       */
      readonly instanceId: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /** Network interface. Allowed: a network interface id, such as eni-0123456789abcdef0. */
      readonly networkInterfaceId: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /**
       * Tag of the instance, looked up whenever it is needed. Exactly one instance that runs must have it; with none or
       * several nothing is moved, and that is said.
       */
      readonly tag: {
        /** Its key. Allowed: the key of a tag of 1 to 128 characters. */
        readonly key: string;
        /** Its value. Allowed: the value of a tag of 1 to 256 characters. */
        readonly value: string;
      };
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    } | {
      /**
       * Group with one instance, found by the tag that EC2 Auto Scaling gives it. Allowed: the name of an Auto Scaling
       * group of 1 to 255 characters.
       */
      readonly autoScalingGroup: string;
      /** Private address of it that holds the Elastic IP; its primary one when left out. */
      readonly privateIpAddress?: string | undefined;
    })[] };
    /**
     * What happens when the address cannot be moved. `dns`: the DNS record leads clients to the new site, so these
     * sites need DNS addresses of their own. Default: "none".
     */
    readonly fallback?: 'dns' | 'none' | undefined;
  } | undefined;
  /** Routes of EC2 route tables that move between targets of one region. */
  readonly route?: {
    /** Region of the tables, a control region. Allowed: an AWS region, such as us-east-1. */
    readonly region: string;
    /**
     * The route tables. Your template must already have made a route for every destination in each of them. Allowed: a
     * list of 1 to 20 route table ids.
     */
    readonly tables: readonly string[];
    /**
     * Destinations of the routes, IPv4 or IPv6, as the tables have them. Allowed: a list of 1 to 10 blocks of
     * addresses.
     */
    readonly destinations: readonly string[];
    /**
     * Where the routes lead while a site is active. The source/destination check of an instance that forwards packets
     * must be off.
     */
    readonly targets: { readonly [Name in NoInfer<keyof Sites>]?: {
      /** Instance with one network interface. Allowed: an instance id, such as i-0123456789abcdef0. */
      readonly instanceId: string;
    } | {
      /**
       * Network interface; of an instance with several, that one. Allowed: a network interface id, such as
       * eni-0123456789abcdef0.
       */
      readonly networkInterfaceId: string;
    } };
  } | undefined;
  /** Weights of target groups behind one load balancer. */
  readonly targets?: {
    /**
     * A listener, whose default action is set, or a listener rule; or several of one region, such as those of ports 80
     * and 443, which all get the same weights. Not one with an action `authenticate-cognito`: to write it, Elastic Load
     * Balancing requires permission to read the user pool client with its secret. Allowed: the ARN of a listener or of
     * a listener rule, or a list of up to 8.
     */
    readonly listenerArn: string | readonly string[];
    /** Its region, a control region; taken from the ARN when left out. Allowed: an AWS region, such as us-east-1. */
    readonly region?: string | undefined;
    /** Target group of each site behind it. */
    readonly targetGroups: { readonly [Name in NoInfer<keyof Sites>]?: string };
    /**
     * Whether a site that is down counts as degraded while the load balancer finds targets of it healthy. The load
     * balancer's view may be half a minute old, and a move waits that long. Default: false.
     */
    readonly corroborating?: boolean | undefined;
    /**
     * How long clients stay at the target group that they were sent to, by a cookie of an Application Load Balancer.
     * Such a cookie wins over weights, so it is switched off with the write that gives a group the weight 0, and on
     * again once every group has a share. Left out: as it is there, but switched off in the same way. Allowed: a whole
     * number from 1 to 604800.
     */
    readonly stickinessSeconds?: number | undefined;
    /** Steps in which traffic is shifted in planned moves. */
    readonly ramp?: {
      /**
       * Percentages of its own share that a site gets, rising; the last one is 100. A single entry shifts all traffic
       * at once. Allowed: a list of 1 to 20 percentages. Default: [100].
       */
      readonly stepsPercent?: readonly number[] | undefined;
      /**
       * Pause after each step, in which health and load are checked; when they get worse, the shift is turned back.
       * Allowed: 1s to 1h. Default: 30s.
       */
      readonly pauseMs?: number | string | undefined;
    } | undefined;
  } | undefined;
  /**
   * Traffic dials of a Global Accelerator, whose control plane is in us-west-2 only: while that is lost, nothing is
   * moved by it.
   */
  readonly accelerator?: {
    /**
     * Endpoint group of each site, all of one listener. Its traffic dial is 100 while the active site is in it, else 0.
     * Sites of one region have the same group, and `endpointIds`.
     */
    readonly endpointGroupArns: { readonly [Name in NoInfer<keyof Sites>]?: string };
    /**
     * Endpoints of each site in its group, for several sites in one region. Their weight is 128 while the site is
     * active, else 0; other endpoints stay as they are. Left out: all weights stay as they are.
     */
    readonly endpointIds?: { readonly [Name in NoInfer<keyof Sites>]?: string | readonly string[] } | undefined;
  } | undefined;
  /** Routing controls of Application Recovery Controller, for those who have a cluster of it. */
  readonly controls?: {
    /**
     * The five endpoints of the cluster by their regions, as `aws route53-recovery-control-config describe-cluster`
     * gives them. Any one that answers is enough.
     */
    readonly endpoints: { readonly [name: string]: string };
    /**
     * Routing control of each site. It is on while the site is active, else off, in one call for all. Safety rules are
     * never overridden.
     */
    readonly routingControlArns: { readonly [Name in NoInfer<keyof Sites>]?: string };
    /**
     * TTL of the records that the controls lead; the bound on a recovery reckons with it. Allowed: a whole number from
     * 0 to 86400. Default: 60.
     */
    readonly ttlSeconds?: number | undefined;
  } | undefined;
  /** A key of a KeyValueStore by which a CloudFront Function of yours chooses the origin; see docs/traffic/edge.md. */
  readonly edge?: {
    /**
     * The KeyValueStore that the function of the distribution reads, in the account of the deployment. Allowed: the ARN
     * of a key value store of CloudFront.
     */
    readonly storeArn: string;
    /** The key whose value names the origin. Allowed: a key, 1 to 512 visible characters. */
    readonly key: string;
    /** What the value is while a site is active: the id of its origin in the distribution. */
    readonly originIds: { readonly [Name in NoInfer<keyof Sites>]?: string };
  } | undefined;
  /** Zonal shifts of Application Recovery Controller, for a pool of zones behind one load balancer. */
  readonly zonal?: {
    /**
     * The load balancer that reaches all zones, or several of one region. Zonal shift must be enabled for it. Allowed:
     * the ARN of an Application or a Network Load Balancer, or a list of up to 8.
     */
    readonly resourceArns: string | readonly string[];
    /** Its region, a control region; taken from the ARN when left out. Allowed: an AWS region, such as us-east-1. */
    readonly region?: string | undefined;
    /** Id of the zone that each site is. Traffic is shifted away from it while the site is out of the pool. */
    readonly zoneIds: { readonly [Name in NoInfer<keyof Sites>]?: string };
    /**
     * Time after which a shift ends by itself when nobody renews it; it is renewed at half of that while it is owed.
     * Allowed: 30m to 72h. Default: NaNms.
     */
    readonly expiryMs?: number | string | undefined;
  } | undefined;
}
