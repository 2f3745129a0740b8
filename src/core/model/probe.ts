/** One check of a site from outside. */
export type Probe = NetProbe | AwsProbe;

/** A check over the network, at an address of the site. */
export type NetProbe = HttpProbe | TcpProbe | TlsProbe | UdpProbe | DnsProbe | GrpcProbe;

/** A check that an AWS API answers for the site, in one region. */
export type AwsProbe = AlarmProbe | MetricProbe | FunctionProbe;

/** Types of probes that an AWS API answers. */
const awsProbeTypes: readonly Probe['type'][] = ['cloudwatch-alarm', 'cloudwatch-metric', 'function'];

/** Whether an AWS API answers a probe. When its region is lost, the answer is missing, which is no failure. */
export function isAwsProbe(probe: Probe): probe is AwsProbe {
  return awsProbeTypes.includes(probe.type);
}

/** Types of DNS records that a probe can ask for. */
export const dnsProbeRecords = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT'] as const;

interface ProbeBase {
  /** Deadline of the whole probe, from the first byte of name resolution to the last byte read. */
  readonly timeoutMs: number;
  /** A corroborating probe never makes a site `down`. When it passes, it turns `down` into `degraded`. */
  readonly corroborating: boolean;
  /**
   * Name of something behind the site that other sites depend on too. When it fails for several sites, the fault is not
   * in the sites.
   */
  readonly dependency?: string | undefined;
}

/** Statuses from one to another, both ends included. */
export type StatusRange = readonly [from: number, to: number];

/** A text that has to be contained, or a regular expression that the linear-time matcher takes. */
export type BodyText = string | { readonly regex: string; readonly ignoreCase: boolean };

/** A value of JSON that has no parts. */
export type JsonScalar = string | number | boolean | null;

/** Where a secret is kept, by name: in Secrets Manager, or in Parameter Store. Each region has its own copy. */
export type SecretReference = { readonly secret: string } | { readonly parameter: string };

/** Name of a secret with what keeps it, such as `secret shop/probe`. */
export function secretName(reference: SecretReference): string {
  return 'secret' in reference ? `secret ${reference.secret}` : `parameter ${reference.parameter}`;
}

/**
 * Name under which Parameter Store gives a secret. It hands those of Secrets Manager through, so that one client reads
 * both. Source: Systems Manager User Guide, "Referencing AWS Secrets Manager secrets from Parameter Store parameters".
 */
export function parameterOf(reference: SecretReference): string {
  return 'secret' in reference ? `/aws/reference/secretsmanager/${reference.secret}` : reference.parameter;
}

/** How a request says whom it is from. */
export type HttpAuth = { readonly bearer: SecretReference } | { readonly basic: SecretReference };

/** The secret of a probe; null for a probe without one. */
export function secretOf(probe: Probe): SecretReference | null {
  if (!('auth' in probe) || probe.auth === undefined) return null;
  return 'bearer' in probe.auth ? probe.auth.bearer : probe.auth.basic;
}

/** Where the JSON of an answer says what a site knows of itself. What has no path is read from the headers. */
export interface ReportPaths {
  readonly role?: string | undefined;
  /** Roles, in lower case, that mean `active`. */
  readonly activeRoles: readonly string[];
  readonly lag?: string | undefined;
  /** Milliseconds in one unit of the lag. */
  readonly lagUnitMs: number;
  readonly load?: string | undefined;
  readonly ready?: string | undefined;
}

/** A request that is good only if status, body, role and certificate are as expected. */
export interface HttpProbe extends ProbeBase {
  readonly type: 'http' | 'https';
  /** Where to connect, and the path. */
  readonly url: string;
  /** Name that is asked for, with a port if it has one; absent: that of the URL. */
  readonly host?: string | undefined;
  /** Name for TLS and of the certificate; absent: that of `host`, else that of the URL. */
  readonly serverName?: string | undefined;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  /** Whom the request says that it is from; absent: nobody. */
  readonly auth?: HttpAuth | undefined;
  /** None of those that frame the request: the schema refuses them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of a `POST`. */
  readonly send?: string | undefined;
  /** Whether a redirect within the host is followed. Otherwise it is judged by its own status. */
  readonly followRedirects: boolean;
  /** `write`: a POST with a fresh number, which the answer must repeat: the write canary. */
  readonly canary: 'none' | 'write';
  readonly expect: {
    /** In ascending order, none touching another. */
    readonly status: readonly StatusRange[];
    /** What the body must contain; absent accepts any body. */
    readonly body?: BodyText | undefined;
    /** Values of the body as JSON, by path. */
    readonly json?: Readonly<Record<string, JsonScalar>> | undefined;
    /**
     * `active`: when the site that serves says `x-failover-role: standby`, the probe fails. `any`: the header is not
     * judged.
     */
    readonly role: 'active' | 'any';
  };
  /** Absent: role, lag, load and readiness are those of the headers alone. */
  readonly report?: ReportPaths | undefined;
  /** PEM of the authority that signed the site's certificate; absent uses the public authorities. */
  readonly authorityPem?: string | undefined;
}

/**
 * A plain `GET` that expects 200.
 *
 * @param body - what the answer must contain; left out accepts any
 */
export function plainProbe(url: string, timeoutMs: number, body?: string): HttpProbe {
  return {
    type: 'http',
    url,
    method: 'GET',
    headers: {},
    followRedirects: false,
    timeoutMs,
    corroborating: false,
    canary: 'none',
    expect: { status: [[200, 200]], role: 'any', ...(body === undefined ? {} : { body }) },
  };
}

/** A connection that is good once it is established, or once the server has sent the expected text. */
export interface TcpProbe extends ProbeBase {
  readonly type: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Text that the first bytes from the server must contain; absent accepts an established connection. */
  readonly expectBanner?: string | undefined;
  /** Text that is sent as soon as the connection is established; only together with `expectBanner`. */
  readonly send?: string | undefined;
}

/** A TLS handshake that is good when the certificate is. */
export interface TlsProbe extends ProbeBase {
  readonly type: 'tls';
  readonly host: string;
  readonly port: number;
  /** Name for TLS and of the certificate; absent: `host`. */
  readonly serverName?: string | undefined;
  readonly authorityPem?: string | undefined;
}

/** A datagram that is answered. */
export interface UdpProbe extends ProbeBase {
  readonly type: 'udp';
  readonly host: string;
  readonly port: number;
  /** What is sent, as text; either this or `sendHex`. */
  readonly send?: string | undefined;
  readonly sendHex?: string | undefined;
  /** What the answer must contain, as text or in hexadecimal digits; absent accepts any answer. */
  readonly expect?: string | undefined;
  readonly expectHex?: string | undefined;
}

/** A question to a name server. */
export interface DnsProbe extends ProbeBase {
  readonly type: 'dns';
  /** Name or address of the name server. */
  readonly server: string;
  readonly port: number;
  readonly name: string;
  readonly record: (typeof dnsProbeRecords)[number];
  /** Values that must be among the answers; absent accepts any answer with a value. */
  readonly expect?: readonly string[] | undefined;
}

/** A call of `grpc.health.v1.Health/Check` that is answered with `SERVING`. */
export interface GrpcProbe extends ProbeBase {
  readonly type: 'grpc';
  readonly host: string;
  readonly port: number;
  /** Service that is asked about; empty for the server as a whole. */
  readonly service: string;
  /** Whether it is spoken over TLS; otherwise HTTP/2 begins at once, in the clear. */
  readonly tls: boolean;
  /** Name for TLS and of the certificate; absent: `host`. */
  readonly serverName?: string | undefined;
  /** Name that is asked for, with a port if it has one; absent: `serverName`, else `host`, with the port. */
  readonly authority?: string | undefined;
  readonly authorityPem?: string | undefined;
}

/**
 * Least time between two reads of an alarm, in milliseconds.
 *
 * CloudWatch itself evaluates an alarm at most every 10 s, and takes 9 `DescribeAlarms` a second from all of an account
 * in a region. Sources: CloudWatch User Guide, "Alarm evaluation" (high-resolution alarms) and "CloudWatch service
 * quotas".
 */
export const alarmReadIntervalMs = 10_000;

/** A CloudWatch alarm about the site, in the account of the deployment. `ALARM` is a failure. */
export interface AlarmProbe extends ProbeBase {
  readonly type: 'cloudwatch-alarm';
  readonly name: string;
  /** Region of the alarm. */
  readonly region: string;
  /** IAM shows a composite alarm only to who may read every alarm of the region. */
  readonly composite: boolean;
}

/**
 * Time between two reads of a metric, in milliseconds: three in each of its periods, and no more than of an alarm.
 * Source: our own; each metric that is asked for is paid for.
 */
export function metricReadIntervalMs({ periodMs }: Pick<MetricProbe, 'periodMs'>): number {
  return Math.max(alarmReadIntervalMs, periodMs / 3);
}

/** What the value of a metric is compared with; all that are there must hold. */
export interface MetricRange {
  readonly atLeast?: number | undefined;
  readonly above?: number | undefined;
  readonly atMost?: number | undefined;
  readonly below?: number | undefined;
}

/** A CloudWatch metric about the site, in the account of the deployment. A value out of its range is a failure. */
export interface MetricProbe extends ProbeBase {
  readonly type: 'cloudwatch-metric';
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** As CloudWatch names it, such as `Average` or `p99`. */
  readonly statistic: string;
  readonly periodMs: number;
  /** A value whose period ended longer ago counts as missing. */
  readonly maxAgeMs: number;
  readonly expect: MetricRange;
  /** What it means that CloudWatch answers, and has no value. What cannot be read is unknown in any case. */
  readonly missing: 'unknown' | 'down' | 'up';
  /** Region of the metric. */
  readonly region: string;
}

/** Name of a metric with what it is of, such as `AWS/ApplicationELB HealthyHostCount (LoadBalancer app/eu/1)`. */
export function metricName({ namespace, name, dimensions }: Pick<MetricProbe, 'namespace' | 'name' | 'dimensions'>) {
  const of = Object.entries(dimensions).map(([key, value]) => `${key} ${value}`);
  return `${namespace} ${name}${of.length === 0 ? '' : ` (${of.sort().join(', ')})`}`;
}

/** A function of the user's that says how the site is, in the account of the deployment. */
export interface FunctionProbe extends ProbeBase {
  readonly type: 'function';
  readonly functionName: string;
  /** Alias that is invoked; absent: the newest code. */
  readonly alias?: string | undefined;
  /** Region in which the function runs. */
  readonly region: string;
}

/** Name of the function of a probe, with its alias as Lambda writes it. */
export function qualifiedName({ functionName, alias }: Pick<FunctionProbe, 'functionName' | 'alias'>): string {
  return alias === undefined ? functionName : `${functionName}:${alias}`;
}

/** Whether the answers to a probe can say what the site knows of itself: role, lag, load, readiness. */
export function reportsOnSite({ type }: Probe): boolean {
  return type === 'http' || type === 'https' || type === 'function';
}

/** Whether the probe of an active site fails when its answer says that the site is no active one. */
export function judgesRole(probe: Probe): boolean {
  return (
    probe.type === 'function' || ((probe.type === 'http' || probe.type === 'https') && probe.expect.role === 'active')
  );
}
