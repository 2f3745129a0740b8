import { z } from 'zod';
import { fenceSchema } from '../kinds/fence.ts';
import { scaleSchema } from '../kinds/start.ts';
import { duration } from './duration.ts';
import { choice, flag, list, nameField, pattern, positiveNumber, regionField, text, wholeNumber } from './fields.ts';
import { measuresSchema } from './measures.ts';
import { strict } from './strict-object.ts';

/** Five minutes. Source: `HealthCheckGracePeriod` of Auto Scaling groups made in the console. */
const bootMsDefault = 5 * 60_000;
/** Three quarters of the default tick. Source: our own; a round trip between the farthest regions takes 0.3 s. */
const probeTimeoutMsDefault = 1_500;
/** A site is as good as any other. Source: our own; weights of 100 read as a percentage. */
const capacityDefault = 100;
/** Source: RFC 9110, "200 OK"; what load balancers expect by default. */
const statusDefault = 200;

const timeoutMs = duration(50, 30_000)
  .default(probeTimeoutMsDefault)
  .describe('Deadline of the whole probe, name resolution included; it ends inside its tick.');
const dependency = nameField
  .optional()
  .describe('Something behind the site that other sites lean on too. When it fails for several, nothing moves.');
const corroborating = flag()
  .default(false)
  .describe('A probe that never condemns the site: while it passes, the site is degraded instead of down.');

const expectation = strict({
  status: wholeNumber(100, 599).default(statusDefault).describe('Status that a good answer has.'),
  body: text(1_000).optional().describe('Text that a good answer contains; any body when left out.'),
  role: choice(['active', 'any'])
    .default('active')
    .describe(
      '`active`: the active site fails when it answers `x-failover-role: standby`. `any`: the header is not judged.',
    ),
});

const httpProbe = strict({
  type: choice(['https', 'http']).describe('What kind of probe it is.'),
  url: text(2_000, 'a URL').describe(
    'What is asked for, with `GET`, each time over a new connection; redirects are not followed.',
  ),
  timeoutMs,
  corroborating,
  dependency,
  canary: choice(['none', 'write'])
    .default('none')
    .describe('`write`: a `POST` with a fresh number, which a good answer repeats: shows that writes work.'),
  expect: expectation.prefault({}).describe('What a good answer looks like.'),
  authorityPem: text(20_000, 'a PEM certificate')
    .regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/, 'a PEM certificate')
    .optional()
    .describe('Authority that signed the certificate of the site; the public ones when left out.'),
}).superRefine(({ type, url }, context) => {
  if (isProbeUrl(url, type)) return;
  context.addIssue({ code: 'custom', path: ['url'], message: `a URL that begins with ${type}://, without user name` });
});

function isProbeUrl(text: string, type: string): boolean {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === `${type}:` && username === '' && password === '';
}

const tcpProbe = strict({
  type: choice(['tcp']).describe('What kind of probe it is.'),
  host: pattern(/^[^\s/@]{1,253}$/, 'a host name or an address').describe('Name or address.'),
  port: wholeNumber(1, 65_535).describe('Port.'),
  timeoutMs,
  corroborating,
  dependency,
  expectBanner: text(1_000)
    .optional()
    .describe('Text that the first bytes from the server contain; an established connection is enough when left out.'),
});

const probeSchema = z.discriminatedUnion('type', [httpProbe, tcpProbe], {
  error: (issue) => (issue.code === 'invalid_union' ? 'https, http or tcp' : 'a mapping with type: https, http or tcp'),
});

/** A place where a service runs. */
export const siteSchema = strict({
  region: regionField.describe('Its AWS region.'),
  renamedFrom: nameField
    .optional()
    .describe('The name that the site had in the configuration before; take it out once every region is deployed.'),
  zone: pattern(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone, such as us-east-1a')
    .optional()
    .describe('Its availability zone, in its region.'),
  priority: wholeNumber(0, 1_000).describe('Higher is preferred; 0 is never chosen.'),
  standby: choice(['hot', 'warm', 'cold'])
    .default('hot')
    .describe(
      'How ready the site is while it waits. `warm`: it runs at a smaller size. `cold`: it is stopped. In active-active, `warm` is raised when it has to carry more.',
    ),
  scale: scaleSchema
    .default([])
    .describe('What is raised or started before the site gets traffic, and put back when it waits again.'),
  bootMs: duration(1_000, 3_600_000)
    .default(bootMsDefault)
    .describe('Longest time from the order to start to being ready.'),
  measures: measuresSchema.prefault({}).describe('Where facts come from that its probes do not tell.'),
  capacity: positiveNumber(1_000_000)
    .default(capacityDefault)
    .describe('How much it can carry, in any unit that all sites of the service share.'),
  probes: list(probeSchema, 1, 10, 'probes').describe('How its health is checked.'),
  require: z
    .union([choice(['all', 'any']), strict({ atLeast: wholeNumber(1, 10).describe('Plain probes that must pass.') })], {
      error: 'all, any or {atLeast: n}',
    })
    .meta({ allowed: 'all, any or {atLeast: n}' })
    .default('all')
    .describe('How many of its plain probes (not corroborating) must pass.'),
  fence: fenceSchema
    .optional()
    .describe('How the site is cut off from clients before another takes over; left out, it is not.'),
});

/** Name of a site. Marked as such: what is published of the schema says which names are those of sites. */
export const siteName = nameField.meta({ ...nameField.meta(), names: 'site' });
