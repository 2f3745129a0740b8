import { z } from 'zod';
import { jsonPathOf } from '../../core/detection/answer.ts';
import type { BodyText, HttpAuth, ReportPaths, SecretReference } from '../../core/model/probe.ts';
import { patternLengthMax } from '../../core/pattern/parser.ts';
import { readPattern } from '../../core/pattern/pattern.ts';
import { flag, list, named, text, wholeNumber } from './fields.ts';
import { spelled } from './spelling.ts';
import { strict } from './strict-object.ts';

const headersMax = 20;

/**
 * Headers that frame a request or its connection, in lower case, each with what to do instead. A wrong one would make
 * a good site fail.
 */
const framing: Readonly<Record<string, string>> = {
  'content-length': 'it follows from `send`',
  'transfer-encoding': 'the request is sent as a whole',
  connection: 'each probe has a new connection, which closes after the answer',
  'keep-alive': 'each probe has a new connection, which closes after the answer',
  'proxy-connection': 'a probe goes through no proxy',
  te: 'trailers are not read',
  trailer: 'the request has none',
  upgrade: 'the answer is read as HTTP/1.1',
  expect: 'the request is sent as a whole',
  'accept-encoding': 'the body is read as it is sent',
};

const headerAllowed = `a mapping of at most ${headersMax} headers, each a text of at most 1000 printable characters`;

/** Headers of a request. Those that frame it are refused, each with the reason. */
export const headersField = z
  .record(z.string(), z.string(), { error: headerAllowed })
  .superRefine((headers, context) => {
    const refuse = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const names = Object.keys(headers);
    if (names.length > headersMax) refuse([], headerAllowed);
    for (const [name, value] of Object.entries(headers)) {
      const why = framing[name.toLowerCase()];
      if (why !== undefined) refuse([name], `no ${name}: ${why}`);
      else if (!/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)) refuse([name], 'the name of a header, such as X-Api-Key');
      else if (!/^[\t\x20-\x7e]{0,1000}$/.test(value)) refuse([name], 'at most 1000 printable characters on one line');
      else if (names.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()))
        refuse([name], 'each header once, in upper or lower case');
    }
  })
  .meta({ allowed: headerAllowed });

const regexAllowed = `a regular expression of 1 to ${patternLengthMax} characters that is matched in linear time`;

const regexField = text(patternLengthMax, 'a regular expression').describe('The regular expression, without slashes.');

/** What a body contains: a text, or a regular expression as `{ regex }` or between slashes. */
export const bodyField = z
  .union([
    text(1_000),
    strict({
      regex: regexField,
      ignoreCase: flag().default(false).describe('Whether A to Z and a to z are the same.'),
    }),
  ])
  .transform((value, context): BodyText => {
    const body = typeof value === 'string' ? betweenSlashes(value) : value;
    if (typeof body === 'string') return body;
    const reading = readPattern(body.regex, body.ignoreCase);
    if (!reading.isRefused) return body;
    context.issues.push({ code: 'custom', message: `${regexAllowed}; this one: ${reading.why}`, input: value });
    return z.NEVER;
  })
  .meta({ allowed: 'a text of 1 to 1000 characters, /a regular expression/, or { regex, ignoreCase }' });

function betweenSlashes(value: string): BodyText {
  const [, regex, flags] = /^\/(.+)\/(i?)$/s.exec(value) ?? [];
  return regex === undefined ? value : { regex, ignoreCase: flags === 'i' };
}

const jsonPathAllowed = 'a path of keys and indexes, such as checks.db.ok or items[0].name';

const jsonPath = z
  .string({ error: jsonPathAllowed })
  .refine((path) => path.length <= 200 && jsonPathOf(path) !== null, {
    error: jsonPathAllowed,
  })
  .meta({ allowed: 'a path, such as checks.db.ok' });

const jsonValue = z
  .union([z.string(), z.number(), z.boolean(), z.null()], {
    error: 'a text, a number, true, false or null; of what lies deeper, write the whole path: checks.db.ok',
  })
  .meta({ allowed: 'a text, a number, true, false or null' });

/** Values of a body as JSON, by path. */
export const jsonField = named(jsonPath, jsonValue, 'values');

const secretField = spelled((written) => {
  const arn = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]*:\d*:secret:(.+?)(-[A-Za-z0-9]{6})?$/.exec(written);
  if (arn !== null) return { hint: `write secret: ${arn[1]}, and replicate it to each control region` };
  return /^[\w/+=.@-]{1,512}$/.test(written) ? { value: written } : { hint: null };
}, 'the name of a secret, such as shop/probe');

const parameterField = spelled((written) => {
  const arn = /^arn:[a-z-]+:ssm:[a-z0-9-]*:\d*:parameter(\/.+)$/.exec(written);
  if (arn !== null) return { hint: `write parameter: ${arn[1]}, and make it in each control region` };
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(written)) return { hint: `write /${written}` };
  const isParameter = /^(\/[\w.-]+){1,15}$/.test(written) && !/^\/aws\//i.test(written);
  return isParameter ? { value: written } : { hint: null };
}, 'the name of a parameter, such as /shop/probe');

/** A secret by its name, in Secrets Manager or in Parameter Store. */
export const secretReference = strict({
  secret: secretField
    .optional()
    .describe('Name of a secret in Secrets Manager. Each control region reads its own: replicate it to them.'),
  parameter: parameterField
    .optional()
    .describe('Name of a SecureString in Parameter Store, which is in each control region.'),
}).transform(({ secret, parameter }, context): SecretReference => {
  if (secret !== undefined && parameter === undefined) return { secret };
  if (parameter !== undefined && secret === undefined) return { parameter };
  context.addIssue({ code: 'custom', message: 'either `secret` or `parameter`' });
  return z.NEVER;
});

/** Whom a request says that it is from. */
export const authField = strict({
  bearer: secretReference.optional().describe('Where a token is: as it is, or as JSON with `token`.'),
  basic: secretReference.optional().describe('Where `user:password` is, or JSON with `username` and `password`.'),
}).transform(({ bearer, basic }, context): HttpAuth => {
  if (bearer !== undefined && basic === undefined) return { bearer };
  if (basic !== undefined && bearer === undefined) return { basic };
  context.addIssue({ code: 'custom', message: 'either `bearer` or `basic`' });
  return z.NEVER;
});

const role = text(32, 'a role').transform((written) => written.trim().toLowerCase());

/** Where the JSON of an answer says what a site knows of itself. */
export const reportField = strict({
  role: jsonPath.optional().describe('Path of its role.'),
  activeRoles: list(role, 1, 10, 'roles')
    .default(['active'])
    .describe('Roles that mean that it is the active one, such as primary, master or leader.'),
  lag: jsonPath.optional().describe('Path of its replication lag, a number.'),
  lagUnitMs: wholeNumber(1, 3_600_000).default(1).describe('Milliseconds in one unit of the lag: 1000 for seconds.'),
  load: jsonPath.optional().describe('Path of its load, in the unit of `capacity`.'),
  ready: jsonPath.optional().describe('Path of whether it is ready: true or false.'),
}).superRefine((report: ReportPaths, context) => {
  const { role, lag, load, ready } = report;
  if (role === undefined && lag === undefined && load === undefined && ready === undefined)
    context.addIssue({ code: 'custom', message: 'a path of role, lag, load or ready, such as { lag: db.lagMs }' });
});
