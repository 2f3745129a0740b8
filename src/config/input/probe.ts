// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** One check of a site. */
export type ProbeInput =
  | {
      /** What kind of probe it is. */
      readonly type: 'https' | 'http';
      /**
       * The URL that is requested with `GET`, each time over a new connection; redirects are not followed. Allowed: a
       * URL, such as https://eu.shop.example/healthz.
       */
      readonly url: string;
      /**
       * Deadline of the whole probe, name resolution included; it ends inside its tick. Allowed: 50ms to 30s. Default:
       * 1500ms.
       */
      readonly timeoutMs?: number | string | undefined;
      /**
       * Whether the probe only corroborates. It never makes the site down; while it passes, the site is degraded
       * instead of down. Default: false.
       */
      readonly corroborating?: boolean | undefined;
      /**
       * Name of something behind the site that other sites depend on too. When it fails for several sites, nothing
       * moves. Allowed: a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
       */
      readonly dependency?: string | undefined;
      /**
       * `write`: the probe sends a `POST` with a new number, and a good answer repeats it. This shows that writes work.
       * Default: "none".
       */
      readonly canary?: 'none' | 'write' | undefined;
      /** What a good answer looks like. */
      readonly expect?: {
        /** Status of a good answer. Allowed: a whole number from 100 to 599. Default: 200. */
        readonly status?: number | undefined;
        /** Text that a good answer contains. Left out: any body is good. Allowed: a text of 1 to 1000 characters. */
        readonly body?: string | undefined;
        /**
         * `active`: the probe of the active site fails when the answer has `x-failover-role: standby`. `any`: the
         * header is not judged. Default: "active".
         */
        readonly role?: 'active' | 'any' | undefined;
      } | undefined;
      /**
       * Authority that signed the certificate of the site. Left out: the public authorities. Allowed: a PEM certificate
       * of 1 to 20000 characters.
       */
      readonly authorityPem?: string | undefined;
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'tcp';
      /** Name or address. Allowed: a host name or an address. */
      readonly host: string;
      /** Port. Allowed: a whole number from 1 to 65535. */
      readonly port: number;
      /**
       * Deadline of the whole probe, name resolution included; it ends inside its tick. Allowed: 50ms to 30s. Default:
       * 1500ms.
       */
      readonly timeoutMs?: number | string | undefined;
      /**
       * Whether the probe only corroborates. It never makes the site down; while it passes, the site is degraded
       * instead of down. Default: false.
       */
      readonly corroborating?: boolean | undefined;
      /**
       * Name of something behind the site that other sites depend on too. When it fails for several sites, nothing
       * moves. Allowed: a name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
       */
      readonly dependency?: string | undefined;
      /**
       * Text that the first bytes from the server contain. Left out: an established connection is enough. Allowed: a
       * text of 1 to 1000 characters.
       */
      readonly expectBanner?: string | undefined;
    };
