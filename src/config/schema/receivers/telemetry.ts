import { z } from 'zod';
import { telemetrySignals } from '../../../core/model/telemetry.ts';
import { choice, list } from '../fields.ts';
import { secretReference } from '../http-request.ts';
import { spelled } from '../spelling.ts';
import { strict } from '../strict-object.ts';

/** Most headers. Source: our own. */
const headersMax = 10;
/** Headers that the sender writes itself. */
const ownHeaders = ['content-type', 'content-length', 'content-encoding', 'host', 'user-agent', 'connection'];
/** Hosts of this machine. */
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])$/;

const endpointField = spelled((written) => {
  const url = written.trim().replace(/\/+$/, '');
  if (/^[\w.-]+(:\d+)?$/.test(url)) return { hint: `write https://${url}` };
  if (!URL.canParse(url)) return { hint: null };
  const { protocol, hostname, port, username, password, search, hash } = new URL(url);
  if (port === '4317') return { hint: `4317 is the port of gRPC: write ${url.replace(':4317', ':4318')}` };
  if (/^(xray|logs|monitoring)\.[a-z0-9-]+\.amazonaws\.com$/.test(hostname)) {
    return { hint: 'AWS takes requests there that are signed by IAM, which these are not: name a collector of yours' };
  }
  const isClear = protocol === 'http:' && !loopback.test(hostname);
  if (isClear) return { hint: `write ${url.replace(/^http:/i, 'https:')}; in the clear only to this machine` };
  if (protocol !== 'https:' && protocol !== 'http:') return { hint: null };
  if (username !== '' || password !== '') return { hint: 'write headers: { authorization: { secret: NAME } } instead' };
  if (search !== '' || hash !== '') return { hint: 'leave out what follows ? or #' };
  const suffix = /\/v1\/(metrics|traces|logs)$/.exec(url);
  if (suffix !== null) return { hint: `write ${url.slice(0, suffix.index)}: the path is put after it` };
  return { value: url };
}, 'an https:// URL without its /v1/metrics, such as https://otlp.shop.example:4318');

const headerAllowed = `a mapping of at most ${headersMax} headers, each a text or { secret: NAME }`;

const valueAllowed = 'a text of 1 to 1000 printable characters, or { secret: NAME }';

const headerValue = z
  .union([z.string().regex(/^[\t\x20-\x7e]{1,1000}$/, valueAllowed), secretReference], { error: valueAllowed })
  .meta({ allowed: valueAllowed });

const headersField = z
  .record(z.string(), headerValue, { error: headerAllowed })
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (names.length > headersMax) refuse([], headerAllowed);
    for (const name of names) {
      if (ownHeaders.includes(name.toLowerCase())) refuse([name], `no ${name}: the sender writes it`);
      else if (!/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)) refuse([name], 'the name of a header, such as x-api-key');
      else if (names.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()))
        refuse([name], 'each header once, in upper or lower case');
    }
  })
  .meta({ allowed: headerAllowed });

const otlpSchema = strict({
  endpoint: endpointField.describe(
    'Where the collector takes OTLP over HTTP, without `/v1/metrics` and `/v1/traces`, which are put after it. `http://` only to this machine, such as http://localhost:4318 in the lab.',
  ),
  headers: headersField
    .default({})
    .describe('Headers of each request. What is a secret is written as `{ secret: NAME }` or `{ parameter: /NAME }`.'),
  signals: list(choice(telemetrySignals), 1, telemetrySignals.length, 'of metrics and traces')
    .default([...telemetrySignals])
    .describe(
      'What is sent. `metrics`: the state of each service, once a minute from each region. `traces`: each run.',
    ),
});

/** Whom else programs are told by. */
export const telemetrySchema = strict({
  otlp: otlpSchema
    .optional()
    .describe(
      'A collector of OpenTelemetry. It is sent JSON by HTTP, and nothing waits for it. See docs/notifications.md.',
    ),
});
