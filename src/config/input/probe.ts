// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** One check of a site. */
export type ProbeInput =
  | {
      /** What kind of probe it is. */
      readonly type: 'https' | 'http';
      /**
       * What is asked for, with `GET`, each time over a new connection; redirects are not followed. Allowed: a URL of 1
       * to 2000 characters.
       */
      readonly url: string;
      /**
       * Deadline of the whole probe, name resolution included; it ends inside its tick. Allowed: 50ms to 30s. Default:
       * 1500ms.
       */
      readonly timeoutMs?: number | string | undefined;
      /**
       * A probe that never condemns the site: while it passes, the site is degraded instead of down. Default: false.
       */
      readonly corroborating?: boolean | undefined;
      /**
       * Something behind the site that other sites lean on too. When it fails for several, nothing moves. Allowed: a
       * name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
       */
      readonly dependency?: string | undefined;
      /**
       * `write`: a `POST` with a fresh number, which a good answer repeats: shows that writes work. Default: "none".
       */
      readonly canary?: 'none' | 'write' | undefined;
      /** What a good answer looks like. */
      readonly expect?: {
        /** Status that a good answer has. Allowed: a whole number from 100 to 599. Default: 200. */
        readonly status?: number | undefined;
        /** Text that a good answer contains; any body when left out. Allowed: a text of 1 to 1000 characters. */
        readonly body?: string | undefined;
        /**
         * `active`: the active site fails when it answers `x-failover-role: standby`. `any`: the header is not judged.
         * Default: "active".
         */
        readonly role?: 'active' | 'any' | undefined;
      } | undefined;
      /**
       * Authority that signed the certificate of the site; the public ones when left out. Allowed: a PEM certificate of
       * 1 to 20000 characters.
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
       * A probe that never condemns the site: while it passes, the site is degraded instead of down. Default: false.
       */
      readonly corroborating?: boolean | undefined;
      /**
       * Something behind the site that other sites lean on too. When it fails for several, nothing moves. Allowed: a
       * name: 1 to 31 lower-case letters, digits and hyphens, a letter first, not "constructor".
       */
      readonly dependency?: string | undefined;
      /**
       * Text that the first bytes from the server contain; an established connection is enough when left out. Allowed:
       * a text of 1 to 1000 characters.
       */
      readonly expectBanner?: string | undefined;
    };
