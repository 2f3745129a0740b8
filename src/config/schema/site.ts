import { z } from 'zod';
import { fenceSchema } from '../kinds/fence.ts';
import { scaleSchema } from '../kinds/start.ts';
import { workSchema } from '../kinds/work.ts';
import { accountField } from './aws-id.ts';
import { duration } from './duration.ts';
import { choice, flag, list, nameField, pattern, positiveNumber, wholeNumber } from './fields.ts';
import { measuresSchema } from './measures.ts';
import { locationField, placeFault, sitePlaceOf, siteRegionField } from './place.ts';
import { probeSchema } from './probe.ts';
import { strict } from './strict-object.ts';

/** Five minutes. Source: `HealthCheckGracePeriod` of Auto Scaling groups made in the console. */
const bootMsDefault = 5 * 60_000;
/** All sites are equal. Source: our own; weights of 100 can be read as percentages. */
const capacityDefault = 100;
/** A place where a service runs. */
export const siteSchema = strict({
  region: siteRegionField.optional().describe('Its AWS region. This or `location`.'),
  location: locationField
    .optional()
    .describe(
      'Where it is outside AWS, by a name of your own: a datacenter, another cloud. Nothing of AWS is there. See docs/sites/outside.md.',
    ),
  renamedFrom: nameField
    .optional()
    .describe("The site's earlier name in the configuration. Remove this key once every region is deployed."),
  account: accountField
    .optional()
    .describe(
      'AWS account that it is in, where that is not the account of the deployment. See docs/sites/accounts.md.',
    ),
  zone: pattern(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone, such as us-east-1a')
    .optional()
    .describe('Its availability zone, in its region.'),
  priority: wholeNumber(0, 1_000).describe('Higher is preferred; 0 is never chosen.'),
  reserve: flag()
    .optional()
    .describe(
      'In active-active: whether the site waits, and gets traffic only while the others cannot carry it or none of them is up. By location, a site in reserve has an empty list of locations instead.',
    ),
  standby: choice(['hot', 'warm', 'cold'])
    .default('hot')
    .describe(
      'How ready the site is while it waits. `warm`: it runs at a smaller size. `cold`: it is stopped. In active-active, a `warm` site is raised when it has to carry more.',
    ),
  scale: scaleSchema
    .default([])
    .describe('What is raised or started before the site gets traffic, and put back when it is a standby again.'),
  work: workSchema
    .default([])
    .describe(
      'What only one site may do: schedules and consumers. On at the active site, off at the others, and off there first. See docs/standby.md.',
    ),
  bootMs: duration(1_000, 3_600_000)
    .default(bootMsDefault)
    .describe('Longest time from the order to start until the site is ready.'),
  measures: measuresSchema.prefault({}).describe('Sources of facts that its probes cannot see.'),
  capacity: positiveNumber(1_000_000)
    .default(capacityDefault)
    .describe('How much it can carry, in any unit that all sites of the service share.'),
  probes: list(probeSchema, 1, 10, 'probes').describe(
    'How its health is checked. What the answers can say besides is in docs/health-answers.md.',
  ),
  require: z
    .union([choice(['all', 'any']), strict({ atLeast: wholeNumber(1, 10).describe('Plain probes that must pass.') })], {
      error: 'all, any or {atLeast: n}',
    })
    .meta({ allowed: 'all, any or {atLeast: n}' })
    .default('all')
    .describe('How many of its plain probes (not corroborating) must pass.'),
  fence: fenceSchema
    .optional()
    .describe('How the site is cut off from clients before another takes over. Left out: it is not cut off.'),
}).transform(({ probes, region, location, ...site }, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.issues.push({ code: 'custom', path, message, input: undefined });
  const fault = placeFault({ region, location });
  if (fault !== null) refuse(fault.path, fault.message);
  const placed = probes.map((probe, index) => {
    if (probe.type !== 'cloudwatch-alarm' && probe.type !== 'cloudwatch-metric' && probe.type !== 'function') {
      return probe;
    }
    const where = probe.region ?? region;
    if (where === undefined && fault === null) {
      refuse(
        ['probes', index, 'region'],
        'the region in which it is answered, such as region: us-east-1; the site is outside AWS',
      );
    }
    return { ...probe, region: where ?? '' };
  });
  return { ...site, ...sitePlaceOf({ region, location }), probes: placed };
});

/** Name of a site. It is marked as one, so that the published schema shows which names are names of sites. */
export const siteName = nameField.meta({ ...nameField.meta(), names: 'site' });
