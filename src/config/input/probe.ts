// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** One check of a site. */
export type ProbeInput =
  | {
      /** What kind of probe it is. */
      readonly type: 'https' | 'http';
      /**
       * The URL that is requested, each time over a new connection. Its host is where the probe connects to. Allowed: a
       * URL, such as https://eu.shop.example/healthz.
       */
      readonly url: string;
      /**
       * Name that is asked for, in the `Host` header and for TLS, where the URL has another: an address, or the own
       * name of a load balancer. Allowed: a host name, with or without a port, such as www.shop.example or
       * www.shop.example:8443.
       */
      readonly host?: string | undefined;
      /**
       * Name for TLS (SNI), which the certificate of the site must have. Left out: that of `host`, else that of the
       * URL. Allowed: a host name, such as www.shop.example; for an address leave it out.
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
           * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
           * name of a secret, such as shop/probe.
           */
          readonly secret?: string | undefined;
          /**
           * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a
           * parameter, such as /shop/probe.
           */
          readonly parameter?: string | undefined;
        } | undefined;
        /** Where `user:password` is, or JSON with `username` and `password`. */
        readonly basic?: {
          /**
           * Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them. Allowed: the
           * name of a secret, such as shop/probe.
           */
          readonly secret?: string | undefined;
          /**
           * Name of a SecureString in Parameter Store, which is in each control region. Allowed: the name of a
           * parameter, such as /shop/probe.
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
         * Values that a good answer has as JSON, by path: `status: UP`, `checks.db.ok: true`, `items[0].name: main`. It
         * has at most 64 KiB.
         */
        readonly json?: { readonly [name: string]: string | number | boolean | null } | undefined;
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
       * Text that is sent once the connection is established, such as "PING\r\n" to Redis. Allowed: a text of 1 to 1000
       * characters.
       */
      readonly send?: string | undefined;
      /**
       * Text that the first 4 KiB from the server contain: "220 " of SMTP, "+PONG" of Redis, "mysql_native_password" or
       * "caching_sha2_password" of MySQL. Left out: an established connection is enough. Allowed: a text of 1 to 1000
       * characters.
       */
      readonly expectBanner?: string | undefined;
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'tls';
      /** Name or address. Allowed: a host name or an address. */
      readonly host: string;
      /** Port. Allowed: a whole number from 1 to 65535. Default: 443. */
      readonly port?: number | undefined;
      /**
       * Name for TLS (SNI), which the certificate must have. Left out: `host`. Allowed: a host name, such as
       * www.shop.example; for an address leave it out.
       */
      readonly serverName?: string | undefined;
      /**
       * Authority that signed the certificate of the site. Left out: the public authorities. Allowed: a PEM certificate
       * of 1 to 20000 characters.
       */
      readonly authorityPem?: string | undefined;
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
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'udp';
      /** Name or address. Allowed: a host name or an address. */
      readonly host: string;
      /** Port. Allowed: a whole number from 1 to 65535. */
      readonly port: number;
      /** Text of the datagram that is sent: this or `sendHex`. Allowed: a text of 1 to 1000 characters. */
      readonly send?: string | undefined;
      /**
       * Bytes of the datagram that is sent. It is sent up to three times. Allowed: two hexadecimal digits for each of 1
       * to 500 bytes, such as 00ff.
       */
      readonly sendHex?: string | undefined;
      /** Text that the answer contains. Left out: any answer is good. Allowed: a text of 1 to 1000 characters. */
      readonly expect?: string | undefined;
      /** Bytes that the answer contains. Allowed: two hexadecimal digits for each of 1 to 500 bytes, such as 00ff. */
      readonly expectHex?: string | undefined;
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
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'dns';
      /** Name or address of the name server that is asked: the site. Allowed: a host name or an address. */
      readonly server: string;
      /** Port. Allowed: a whole number from 1 to 65535. Default: 53. */
      readonly port?: number | undefined;
      /** Name that is asked for. Allowed: a domain name, such as www.shop.example. */
      readonly name: string;
      /** Type of its records. Default: "A". */
      readonly record?: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT' | undefined;
      /**
       * Values that are among the answers; an MX as `10 mail.shop.example`. Left out: one value is enough. Allowed: a
       * list of 1 to 20 values.
       */
      readonly expect?: readonly string[] | undefined;
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
    }
  | {
      /** What kind of probe it is: `grpc.health.v1.Health/Check`. */
      readonly type: 'grpc';
      /** Name or address. Allowed: a host name or an address. */
      readonly host: string;
      /** Port. Allowed: a whole number from 1 to 65535. */
      readonly port: number;
      /**
       * Service that is asked about, such as shop.v1.Orders. Empty: the server as a whole. Allowed: a text of 0 to 255
       * characters. Default: "".
       */
      readonly service?: string | undefined;
      /** Whether it is spoken over TLS. `false`: HTTP/2 in the clear, as inside most clusters. Default: true. */
      readonly tls?: boolean | undefined;
      /**
       * Name for TLS (SNI), which the certificate must have. Left out: `host`. Allowed: a host name, such as
       * www.shop.example; for an address leave it out.
       */
      readonly serverName?: string | undefined;
      /**
       * Name that is asked for (`:authority`). Left out: `serverName`, else `host`, with the port. Allowed: a host
       * name, with or without a port, such as www.shop.example or www.shop.example:8443.
       */
      readonly authority?: string | undefined;
      /**
       * Authority that signed the certificate of the site. Left out: the public authorities. Allowed: a PEM certificate
       * of 1 to 20000 characters.
       */
      readonly authorityPem?: string | undefined;
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
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'cloudwatch-alarm';
      /**
       * Name of the alarm. `OK` is a good answer, `ALARM` a failure. `INSUFFICIENT_DATA` and an alarm that cannot be
       * read are unknown. Allowed: the name of an alarm.
       */
      readonly name: string;
      /** Region of the alarm. Left out: that of the site. Allowed: an AWS region, such as us-east-1. */
      readonly region?: string | undefined;
      /**
       * Whether it is a composite alarm. IAM shows those only to who may read every alarm of the region, so the
       * watchers may do that then. Default: false.
       */
      readonly composite?: boolean | undefined;
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
    }
  | {
      /** What kind of probe it is. */
      readonly type: 'function';
      /**
       * Name of a Lambda function of yours. It answers `{ ok: true }`, `{ ok: false, reason }` or `{ ok: null, reason
       * }`, the last when it cannot tell. Allowed: the name of a Lambda function.
       */
      readonly functionName: string;
      /** Alias that is invoked. Left out: the newest code. Allowed: the name of an alias. */
      readonly alias?: string | undefined;
      /** Region in which it runs. Left out: that of the site. Allowed: an AWS region, such as us-east-1. */
      readonly region?: string | undefined;
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
    };
