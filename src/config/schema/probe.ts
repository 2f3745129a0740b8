import { z } from 'zod';
import { duration } from './duration.ts';
import { choice, flag, nameField, text, wholeNumber } from './fields.ts';
import { probeHostField, probeUrlField } from './probe-target.ts';
import { strict } from './strict-object.ts';

/** Three quarters of the default tick. Source: our own; a round trip between the farthest regions takes 0.3 s. */
const probeTimeoutMsDefault = 1_500;
/** Source: RFC 9110, "200 OK"; what load balancers expect by default. */
const statusDefault = 200;

const timeoutMs = duration(50, 30_000)
  .default(probeTimeoutMsDefault)
  .describe('Deadline of the whole probe, name resolution included; it ends inside its tick.');
const dependency = nameField
  .optional()
  .describe(
    'Name of something behind the site that other sites depend on too. When it fails for several sites, nothing moves.',
  );
const corroborating = flag()
  .default(false)
  .describe(
    'Whether the probe only corroborates. It never makes the site down; while it passes, the site is degraded instead of down.',
  );

const expectation = strict({
  status: wholeNumber(100, 599).default(statusDefault).describe('Status of a good answer.'),
  body: text(1_000).optional().describe('Text that a good answer contains. Left out: any body is good.'),
  role: choice(['active', 'any'])
    .default('active')
    .describe(
      '`active`: the probe of the active site fails when the answer has `x-failover-role: standby`. `any`: the header is not judged.',
    ),
});

const httpProbe = strict({
  type: choice(['https', 'http']).describe('What kind of probe it is.'),
  url: probeUrlField.describe(
    'The URL that is requested with `GET`, each time over a new connection; redirects are not followed.',
  ),
  timeoutMs,
  corroborating,
  dependency,
  canary: choice(['none', 'write'])
    .default('none')
    .describe(
      '`write`: the probe sends a `POST` with a new number, and a good answer repeats it. This shows that writes work.',
    ),
  expect: expectation.prefault({}).describe('What a good answer looks like.'),
  authorityPem: text(20_000, 'a PEM certificate')
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'a PEM certificate')
    .optional()
    .describe('Authority that signed the certificate of the site. Left out: the public authorities.'),
}).superRefine(({ type, url }, context) => {
  if (url.startsWith(`${type}://`)) return;
  context.addIssue({ code: 'custom', path: ['url'], message: `a URL that begins with ${type}://` });
});

const tcpProbe = strict({
  type: choice(['tcp']).describe('What kind of probe it is.'),
  host: probeHostField.describe('Name or address.'),
  port: wholeNumber(1, 65_535).describe('Port.'),
  timeoutMs,
  corroborating,
  dependency,
  expectBanner: text(1_000)
    .optional()
    .describe('Text that the first bytes from the server contain. Left out: an established connection is enough.'),
});

/** One check of a site. */
export const probeSchema = z.discriminatedUnion('type', [httpProbe, tcpProbe], {
  error: (issue) => (issue.code === 'invalid_union' ? 'https, http or tcp' : 'a mapping with type: https, http or tcp'),
});
