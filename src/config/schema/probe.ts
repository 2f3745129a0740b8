import { z } from 'zod';
import { dnsProbeRecords } from '../../core/model/probe.ts';
import { choice, flag, list, pattern, text, wholeNumber } from './fields.ts';
import { authField, bodyField, headersField, jsonField, reportField } from './http-request.ts';
import { alarmProbe, functionProbe, metricProbe } from './probe-aws.ts';
import { probeFields } from './probe-fields.ts';
import {
  askedHostField,
  askedNameField,
  probeHostField,
  probeUrlField,
  readAskedHost,
  serverNameField,
} from './probe-target.ts';
import { statusField } from './status.ts';
import { strict } from './strict-object.ts';

/** Source: RFC 9110, "200 OK"; what load balancers expect by default. */
const statusDefault = 200;

const httpsPort = 443;
const dnsPort = 53;

const expectation = strict({
  status: statusField.prefault(statusDefault).describe('Status of a good answer: one, several, a range, a class.'),
  body: bodyField
    .optional()
    .describe(
      'What the first 64 KiB of a good answer contain. A regular expression has no references back and does not look ahead or behind; it is matched in linear time. Left out: any body is good.',
    ),
  json: jsonField
    .optional()
    .describe(
      'Values that a good answer has as JSON, by path: `status: UP`, `checks.db.ok: true`, `items[0].name: main`. It has at most 64 KiB.',
    ),
  role: choice(['active', 'any'])
    .default('active')
    .describe(
      '`active`: the probe of the active site fails when the answer has `x-failover-role: standby`. `any`: the header is not judged.',
    ),
});

const httpProbe = strict({
  type: choice(['https', 'http']).describe('What kind of probe it is.'),
  url: probeUrlField.describe(
    'The URL that is requested, each time over a new connection. Its host is where the probe connects to.',
  ),
  host: askedHostField
    .optional()
    .describe(
      'Name that is asked for, in the `Host` header and for TLS, where the URL has another: an address, or the own name of a load balancer.',
    ),
  serverName: serverNameField
    .optional()
    .describe(
      'Name for TLS (SNI), which the certificate of the site must have. Left out: that of `host`, else that of the URL.',
    ),
  method: choice(['GET', 'HEAD', 'POST', 'OPTIONS'])
    .default('GET')
    .describe('Method of the request. An answer to `HEAD` has no body that could be expected.'),
  headers: headersField.default({}).describe('Headers that are sent too. `Host` is the same as the key `host`.'),
  auth: authField
    .optional()
    .describe(
      'Whom the request says that it is from: the header `Authorization`, by a secret that is read at run time.',
    ),
  send: text(10_000).optional().describe('Body that a `POST` sends. Its type is the header `Content-Type`.'),
  followRedirects: flag()
    .default(false)
    .describe(
      'Whether up to five redirects are followed, within the host and within the deadline, never from HTTPS to HTTP. Otherwise a redirect is judged by its own status.',
    ),
  ...probeFields,
  canary: choice(['none', 'write'])
    .default('none')
    .describe(
      '`write`: the probe sends a `POST` with a new number, and a good answer repeats it. This shows that writes work.',
    ),
  expect: expectation.prefault({}).describe('What a good answer looks like.'),
  report: reportField
    .optional()
    .describe(
      'Where the JSON of the answer says role, lag, load and readiness. What has no path here is read from the `x-failover-*` headers.',
    ),
  authorityPem: text(20_000, 'a PEM certificate')
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'a PEM certificate')
    .optional()
    .describe('Authority that signed the certificate of the site. Left out: the public authorities.'),
})
  .superRefine((probe, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (!probe.url.startsWith(`${probe.type}://`)) refuse(['url'], `a URL that begins with ${probe.type}://`);
    for (const [path, message] of contradictionsOf(probe)) refuse([...path], message);
  })
  .transform(({ headers, ...probe }) => {
    const name = Object.keys(headers).find(isHost);
    if (name === undefined) return { ...probe, headers };
    const others = Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
    const reading = readAskedHost(headers[name] ?? '');
    return { ...probe, headers: others, host: 'value' in reading ? reading.value : undefined };
  });

/** What of a request the contradictions are about. */
interface Request {
  readonly type: 'http' | 'https';
  readonly host?: string | undefined;
  readonly serverName?: string | undefined;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: unknown;
  readonly send?: string | undefined;
  readonly followRedirects: boolean;
  readonly canary: string;
  readonly expect: { readonly body?: unknown; readonly json?: unknown };
  readonly report?: unknown;
}

/** Keys of one probe that cannot both be meant. */
function contradictionsOf(probe: Request): readonly (readonly [path: readonly string[], message: string])[] {
  const { method, canary, expect } = probe;
  const hostHeader = Object.keys(probe.headers).find(isHost);
  const authHeader = Object.keys(probe.headers).find((header) => header.toLowerCase() === 'authorization');
  const isWrite = canary === 'write';
  const refusals: readonly (readonly [boolean, readonly string[], string])[] = [
    [
      hostHeader !== undefined && probe.host !== undefined,
      ['headers', hostHeader ?? ''],
      'nothing where `host` is set: both are the Host header',
    ],
    [
      hostHeader !== undefined && !('value' in readAskedHost(probe.headers[hostHeader] ?? '')),
      ['headers', hostHeader ?? ''],
      'a host name, with or without a port',
    ],
    [
      probe.auth !== undefined && authHeader !== undefined,
      ['headers', authHeader ?? ''],
      'nothing where `auth` is set: both are the Authorization header',
    ],
    [probe.type === 'http' && probe.serverName !== undefined, ['serverName'], 'nothing for http, which has no TLS'],
    [method === 'HEAD' && expect.body !== undefined, ['expect', 'body'], 'nothing for HEAD: its answer has no body'],
    [method === 'HEAD' && expect.json !== undefined, ['expect', 'json'], 'nothing for HEAD: its answer has no body'],
    [method === 'HEAD' && probe.report !== undefined, ['report'], 'nothing for HEAD: its answer has no body'],
    [probe.send !== undefined && method !== 'POST', ['send'], 'nothing, or method: POST'],
    [probe.send !== undefined && isWrite, ['send'], 'nothing for canary: write, which sends its number'],
    [isWrite && method !== 'GET' && method !== 'POST', ['method'], 'nothing for canary: write, which is a POST'],
    [
      probe.followRedirects && (isWrite || method === 'POST'),
      ['followRedirects'],
      'false for a POST: whether it is sent again after a redirect differs from server to server',
    ],
  ];
  return refusals.flatMap(([isWrong, path, message]) => (isWrong ? [[path, message] as const] : []));
}

function isHost(header: string): boolean {
  return header.toLowerCase() === 'host';
}

const hostField = probeHostField.describe('Name or address.');
const portField = wholeNumber(1, 65_535).describe('Port.');
const serverName = serverNameField
  .optional()
  .describe('Name for TLS (SNI), which the certificate must have. Left out: `host`.');
const authorityPem = text(20_000, 'a PEM certificate')
  .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'a PEM certificate')
  .optional()
  .describe('Authority that signed the certificate of the site. Left out: the public authorities.');

const tcpProbe = strict({
  type: choice(['tcp']).describe('What kind of probe it is.'),
  host: hostField,
  port: portField,
  ...probeFields,
  send: text(1_000)
    .optional()
    .describe('Text that is sent once the connection is established, such as "PING\\r\\n" to Redis.'),
  expectBanner: text(1_000)
    .optional()
    .describe(
      'Text that the first 4 KiB from the server contain: "220 " of SMTP, "+PONG" of Redis, "mysql_native_password" or "caching_sha2_password" of MySQL. Left out: an established connection is enough.',
    ),
}).superRefine(({ send, expectBanner }, context) => {
  if (send === undefined || expectBanner !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['send'],
    message: 'nothing, or expectBanner with what the server answers',
  });
});

const tlsProbe = strict({
  type: choice(['tls']).describe('What kind of probe it is.'),
  host: hostField,
  port: wholeNumber(1, 65_535).default(httpsPort).describe('Port.'),
  serverName,
  authorityPem,
  ...probeFields,
});

const hex = pattern(/^([0-9a-fA-F]{2}){1,500}$/, 'two hexadecimal digits for each of 1 to 500 bytes, such as 00ff');

const udpProbe = strict({
  type: choice(['udp']).describe('What kind of probe it is.'),
  host: hostField,
  port: portField,
  send: text(1_000).optional().describe('Text of the datagram that is sent: this or `sendHex`.'),
  sendHex: hex.optional().describe('Bytes of the datagram that is sent. It is sent up to three times.'),
  expect: text(1_000).optional().describe('Text that the answer contains. Left out: any answer is good.'),
  expectHex: hex.optional().describe('Bytes that the answer contains.'),
  ...probeFields,
}).superRefine((probe, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  if ((probe.send === undefined) === (probe.sendHex === undefined)) {
    refuse(
      [],
      'either `send` or `sendHex`: a datagram that makes the server answer; without an answer nobody can tell',
    );
  }
  if (probe.expect !== undefined && probe.expectHex !== undefined)
    refuse(['expectHex'], 'either `expect` or `expectHex`');
});

const dnsProbe = strict({
  type: choice(['dns']).describe('What kind of probe it is.'),
  server: probeHostField.describe('Name or address of the name server that is asked: the site.'),
  port: wholeNumber(1, 65_535).default(dnsPort).describe('Port.'),
  name: askedNameField.describe('Name that is asked for.'),
  record: choice(dnsProbeRecords).default('A').describe('Type of its records.'),
  expect: list(text(1_000), 1, 20, 'values')
    .optional()
    .describe('Values that are among the answers; an MX as `10 mail.shop.example`. Left out: one value is enough.'),
  ...probeFields,
});

const grpcProbe = strict({
  type: choice(['grpc']).describe('What kind of probe it is: `grpc.health.v1.Health/Check`.'),
  host: hostField,
  port: portField,
  service: z
    .string({ error: 'a text of 0 to 255 characters' })
    .max(255, 'a text of 0 to 255 characters')
    .meta({ allowed: 'a text of 0 to 255 characters' })
    .default('')
    .describe('Service that is asked about, such as shop.v1.Orders. Empty: the server as a whole.'),
  tls: flag()
    .default(true)
    .describe('Whether it is spoken over TLS. `false`: HTTP/2 in the clear, as inside most clusters.'),
  serverName,
  authority: askedHostField
    .optional()
    .describe('Name that is asked for (`:authority`). Left out: `serverName`, else `host`, with the port.'),
  authorityPem,
  ...probeFields,
}).superRefine((probe, context) => {
  if (probe.tls) return;
  for (const key of ['serverName', 'authorityPem'] as const) {
    if (probe[key] === undefined) continue;
    const instead = key === 'serverName' ? ', or authority: the name that is asked for' : '';
    context.addIssue({ code: 'custom', path: [key], message: `nothing with tls: false${instead}` });
  }
});

const types = 'https, http, tcp, tls, udp, dns, grpc, cloudwatch-alarm, cloudwatch-metric or function';

/** What to take instead of a type that people look for. */
const insteadOf: Readonly<Record<string, string>> = {
  icmp: 'an echo needs a raw socket, which AWS Lambda does not give; take tcp or https at a port that the site serves',
  ping: 'an echo needs a raw socket, which AWS Lambda does not give; take tcp or https at a port that the site serves',
  redis: 'take tcp with send: "PING\\r\\n" and expectBanner: +PONG',
  smtp: 'take tcp with expectBanner: "220 "',
  mysql: 'take tcp with expectBanner: caching_sha2_password',
  lambda: 'write type: function, with functionName: the name of the function',
  http2: 'take https, or grpc for grpc.health.v1',
  alarm: 'write type: cloudwatch-alarm, with name: the name of the alarm',
  cloudwatch:
    'write type: cloudwatch-alarm, with name: the name of the alarm; or type: cloudwatch-metric, with namespace and name',
  metric: 'write type: cloudwatch-metric, with namespace and name',
};

/** One check of a site. */
export const probeSchema = z.discriminatedUnion(
  'type',
  [httpProbe, tcpProbe, tlsProbe, udpProbe, dnsProbe, grpcProbe, alarmProbe, metricProbe, functionProbe],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return `a mapping with type: ${types}`;
      const type = (issue.input as { readonly type?: unknown } | undefined)?.type;
      const instead = typeof type === 'string' && Object.hasOwn(insteadOf, type) ? insteadOf[type] : undefined;
      return instead === undefined ? types : `${types}; ${instead}`;
    },
  },
);
