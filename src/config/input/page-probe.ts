// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** A request for a page. */
export interface PageProbeInput {
  /** What kind of probe it is. */
  readonly type: 'https' | 'http';
  /**
   * The URL that is requested, each time over a new connection. Its host is where the probe connects to. Allowed: a
   * URL, such as https://eu.shop.example/healthz.
   */
  readonly url: string;
  /**
   * Name that is asked for, in the `Host` header and for TLS, where the URL has another: an address, or the own name of
   * a load balancer. Allowed: a host name, with or without a port, such as www.shop.example or www.shop.example:8443.
   */
  readonly host?: string | undefined;
  /**
   * Name for TLS (SNI), which the certificate of the site must have. Left out: that of `host`, else that of the URL.
   * Allowed: a host name, such as www.shop.example; for an address leave it out.
   */
  readonly serverName?: string | undefined;
  /** Method of the request. An answer to `HEAD` has no body that could be expected. Default: "GET". */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | undefined;
  /** Headers that are sent too. `Host` is the same as the key `host`. */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** Whom the request says that it is from: the header `Authorization`, by a secret that is read at run time. */
  readonly auth?: {
    /** Where a token is: as it is, or as JSON with `token`. */
    readonly bearer?: {
      /**
       * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the name
       * of a secret, such as shop/probe.
       */
      readonly secret?: string | undefined;
      /**
       * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
       * such as /shop/probe.
       */
      readonly parameter?: string | undefined;
    } | undefined;
    /** Where `user:password` is, or JSON with `username` and `password`. */
    readonly basic?: {
      /**
       * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the name
       * of a secret, such as shop/probe.
       */
      readonly secret?: string | undefined;
      /**
       * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a parameter,
       * such as /shop/probe.
       */
      readonly parameter?: string | undefined;
    } | undefined;
  } | undefined;
  /** Body that a `POST` sends. Its type is the header `Content-Type`. Allowed: a text of 1 to 10000 characters. */
  readonly send?: string | undefined;
  /**
   * Whether up to five redirects are followed, within the host and within the deadline, never from HTTPS to HTTP.
   * Otherwise a redirect is judged by its own status. Default: false.
   */
  readonly followRedirects?: boolean | undefined;
  /**
   * Deadline of the whole probe, name resolution included; it ends inside its tick. Allowed: 50ms to 30s. Default:
   * 1500ms.
   */
  readonly timeoutMs?: number | string | undefined;
  /**
   * Whether the probe only corroborates. It never makes the site down; while it passes, the site is degraded instead of
   * down. Default: false.
   */
  readonly corroborating?: boolean | undefined;
  /**
   * Name of something behind the site that other sites depend on too. When it fails for several sites, nothing moves.
   * Allowed: a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
   */
  readonly dependency?: string | undefined;
  /**
   * `write`: the probe sends a `POST` with a new number, and a good answer repeats it. This shows that writes work.
   * Default: "none".
   */
  readonly canary?: 'none' | 'write' | undefined;
  /** What a good answer looks like. */
  readonly expect?: {
    /**
     * Status of a good answer: one, several, a range, a class. Allowed: a status from 100 to 599, a range such as
     * 200-399, a class such as 2xx, or a list of these. Default: 200.
     */
    readonly status?: number | string | readonly (number | string | readonly number[])[] | undefined;
    /**
     * What the first 64 KiB of a good answer contain. A regular expression has no references back and does not look
     * ahead or behind; it is matched in linear time. Left out: any body is good. Allowed: a text of 1 to 1000
     * characters, /a regular expression/, or { regex, ignoreCase }.
     */
    readonly body?: string | {
      /** The regular expression, without slashes. Allowed: a regular expression of 1 to 500 characters. */
      readonly regex: string;
      /** Whether A to Z and a to z are the same. Default: false. */
      readonly ignoreCase?: boolean | undefined;
    } | undefined;
    /**
     * Values that a good answer has as JSON, by path: `status: UP`, `checks.db.ok: true`, `items[0].name: main`. It has
     * at most 64 KiB.
     */
    readonly json?: { readonly [name: string]: string | number | boolean | null } | undefined;
    /**
     * `active`: the probe of the active site fails when the answer has `x-failover-role: standby`. `any`: the header is
     * not judged. Default: "active".
     */
    readonly role?: 'active' | 'any' | undefined;
  } | undefined;
  /**
   * Where the JSON of the answer says role, lag, load and readiness. What has no path here is read from the
   * `x-failover-*` headers.
   */
  readonly report?: {
    /** Path of its role. Allowed: a path, such as checks.db.ok. */
    readonly role?: string | undefined;
    /**
     * Roles that mean that it is the active one, such as primary, master or leader. Allowed: a list of 1 to 10 roles.
     * Default: ["active"].
     */
    readonly activeRoles?: readonly string[] | undefined;
    /** Path of its replication lag, a number. Allowed: a path, such as checks.db.ok. */
    readonly lag?: string | undefined;
    /** Milliseconds in one unit of the lag: 1000 for seconds. Allowed: a whole number from 1 to 3600000. Default: 1. */
    readonly lagUnitMs?: number | undefined;
    /** Path of its load, in the unit of `capacity`. Allowed: a path, such as checks.db.ok. */
    readonly load?: string | undefined;
    /** Path of whether it is ready: true or false. Allowed: a path, such as checks.db.ok. */
    readonly ready?: string | undefined;
  } | undefined;
  /**
   * Authority that signed the certificate of the site. Left out: the public authorities. Allowed: a PEM certificate of
   * 1 to 20000 characters.
   */
  readonly authorityPem?: string | undefined;
}
