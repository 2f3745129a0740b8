import { z } from 'zod';
import { thingPlaceOf } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import type { Work } from '../../core/model/site.ts';
import { breach, claimedTwice, type DeploymentRule, type ServiceRule } from '../rules/rule.ts';
import { choice, flag, list, pattern } from '../schema/fields.ts';
import { strict } from '../schema/strict-object.ts';

/** Most rules and mappings of a site: each is a call, and a step has ten seconds by default. */
const worksMax = 20;

const kinds = 'eventbridge-rule, eventbridge-schedule or event-source-mapping';

const schedule =
  'of EventBridge Scheduler write kind: eventbridge-schedule, with name and role; a rule with a schedule is kind: eventbridge-rule';

/** What to take instead of a kind that people look for. */
const insteadOf: Readonly<Record<string, string>> = {
  rule: 'write kind: eventbridge-rule',
  eventbridge: 'write kind: eventbridge-rule',
  cron: schedule,
  schedule,
  scheduler: schedule,
  'eventbridge-scheduler': schedule,
  'scheduler-schedule': schedule,
  esm: 'write kind: event-source-mapping, with uuid',
  'lambda-event-source-mapping': 'write kind: event-source-mapping, with uuid',
  sqs: 'write kind: event-source-mapping, with the uuid of the mapping that reads the queue',
  kinesis: 'write kind: event-source-mapping, with the uuid of the mapping that reads the stream',
};

const work = z.discriminatedUnion(
  'kind',
  [
    strict({
      kind: choice(['eventbridge-rule']).describe('What it is: a rule with a schedule or a pattern.'),
      name: pattern(/^[.\-_A-Za-z0-9]{1,64}$/, 'the name of a rule, without its ARN').describe('Name of the rule.'),
      bus: pattern(/^[.\-_A-Za-z0-9/]{1,256}$/, 'the name of an event bus')
        .default('default')
        .describe('Event bus of the rule. Rules with a schedule are on `default`.'),
      allManagementEvents: flag()
        .optional()
        .describe(
          'Whether it shall be turned on as `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`: it takes events of calls that only read, too. Left out, it is turned on as `ENABLED`, whatever it was before.',
        ),
    }),
    strict({
      kind: choice(['eventbridge-schedule']).describe('What it is: a schedule of EventBridge Scheduler.'),
      name: pattern(/^[.\-_A-Za-z0-9]{1,64}$/, 'the name of a schedule, without its ARN').describe(
        'Name of the schedule.',
      ),
      group: pattern(/^[.\-_A-Za-z0-9]{1,64}$/, 'the name of a schedule group')
        .default('default')
        .describe('Group of the schedule.'),
      role: pattern(
        /^(?!role\/)[\w+=,.@-]+(\/[\w+=,.@-]+)*$/,
        'the name of a role without its ARN, such as nightly-invoker or shop/nightly-invoker',
      ).describe(
        "Role in which the schedule begins its target, by path and name. Whoever writes a schedule back hands that role on, so the site's function may do so.",
      ),
    }),
    strict({
      kind: choice(['event-source-mapping']).describe(
        'What it is: what has a Lambda function read a queue or a stream.',
      ),
      uuid: pattern(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'the UUID of an event source mapping').describe(
        'UUID of the mapping, as `aws lambda list-event-source-mappings` shows it.',
      ),
    }),
  ],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return `a mapping with kind: ${kinds}`;
      const kind = (issue.input as { readonly kind?: unknown } | undefined)?.kind;
      const instead = typeof kind === 'string' && Object.hasOwn(insteadOf, kind) ? insteadOf[kind] : undefined;
      return instead === undefined ? kinds : `${kinds}; ${instead}`;
    },
  },
);

/** What only the active site may do. */
export const workSchema = list(work, 0, worksMax, 'rules, schedules and event source mappings');

const workOfOneSite: ServiceRule = {
  about: '`work` is for active-passive: in a pool every site serves, and none of them alone.',
  check: ({ mode, sites }, path) =>
    mode === 'active-passive'
      ? []
      : Object.entries(sites).flatMap(([name, site]) =>
          site.work.length === 0
            ? []
            : [
                breach(
                  [...path, 'sites', name, 'work'],
                  `${site.work.length} in an active-active service`,
                  'none',
                  'give the work to an active-passive service of its own, without traffic',
                ),
              ],
        ),
};

const workInControlRegion: ServiceRule = {
  about:
    'A site with `work` is in a control region: only an actuator there can turn it off when other regions are dark.',
  check: ({ sites }, path, { controlRegions }) =>
    Object.entries(sites).flatMap(([name, { region, work: its }]) =>
      its.length === 0 || region === undefined || controlRegions.includes(region)
        ? []
        : [
            breach(
              [...path, 'sites', name, 'work'],
              region,
              `a site in a control region: ${controlRegions.join(', ')}`,
              `make ${region} a control region`,
            ),
          ],
    ),
};

/** Rules about the work of a service. */
export const workRules: readonly ServiceRule[] = [workOfOneSite, workInControlRegion];

/** Rules about the work of all services. */
export const workSharingRules: readonly DeploymentRule[] = [
  {
    about: 'Nothing is the work of two sites, or twice that of one: each site would undo what the other wants.',
    check: ({ services }) => {
      const claims = Object.entries(services).flatMap(([name, service]) => claimsOf(name, service));
      return claimedTwice(claims).map(([thing, first, second]) => {
        const [service = '', site = '', index = ''] = second.split('/');
        return breach(
          ['services', service, 'sites', site, 'work', Number(index)],
          thing,
          `work of one site alone; ${first.split('/').slice(0, 2).join('/')} has it`,
          null,
        );
      });
    },
  },
];

function claimsOf(name: string, { sites }: Service): readonly (readonly [string, string])[] {
  return Object.entries(sites).flatMap(([site, { work: its, ...place }]) =>
    its.map((one, index) => [textOf(one, thingPlaceOf(place)), `${name}/${site}/${index}`] as const),
  );
}

function textOf(one: Work, region: string): string {
  switch (one.kind) {
    case 'eventbridge-rule':
      return `eventbridge-rule ${one.name} of bus ${one.bus} in ${region}`;
    case 'eventbridge-schedule':
      return `eventbridge-schedule ${one.name} of group ${one.group} in ${region}`;
    case 'event-source-mapping':
      return `event-source-mapping ${one.uuid} in ${region}`;
  }
}
