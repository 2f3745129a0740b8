// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
import type { PageProbeInput } from './page-probe.ts';

/** One check of a site. */
export type ProbeInput =
  | PageProbeInput
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
      readonly type: 'cloudwatch-metric';
      /** Namespace of the metric, such as AWS/ApplicationELB. Allowed: a namespace of 1 to 255 characters. */
      readonly namespace: string;
      /** Name of the metric. Allowed: the name of a metric of 1 to 255 characters. */
      readonly name: string;
      /** All its dimensions: with one left out it is another metric. */
      readonly dimensions?: { readonly [name: string]: string } | undefined;
      /**
       * Statistic over the values of a period. Allowed: Average, Maximum, Minimum, Sum, SampleCount or a percentile
       * such as p99. Default: "Average".
       */
      readonly statistic?: string | undefined;
      /**
       * Period of the statistic: whole minutes, or 10 s or 30 s for a metric of high resolution. Allowed: 10s to 1h.
       * Default: 1m.
       */
      readonly periodMs?: number | string | undefined;
      /** A value whose period ended longer ago is missing. Allowed: 1m to 1h. Default: 5m. */
      readonly maxAgeMs?: number | string | undefined;
      /**
       * What a good value is: `atLeast` or `above`, `atMost` or `below`, or one of each. Any other value fails the
       * probe.
       */
      readonly expect: {
        /** Least good value. Allowed: a number. */
        readonly atLeast?: number | undefined;
        /** A good value is larger than this. Allowed: a number. */
        readonly above?: number | undefined;
        /** Largest good value. Allowed: a number. */
        readonly atMost?: number | undefined;
        /** A good value is smaller than this. Allowed: a number. */
        readonly below?: number | undefined;
      };
      /**
       * What it means that CloudWatch answers, and has no value. `unknown` moves nothing. What cannot be read is
       * unknown in any case. Default: "unknown".
       */
      readonly missing?: 'unknown' | 'down' | 'up' | undefined;
      /** Region of the metric. Left out: that of the site. Allowed: an AWS region, such as us-east-1. */
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
