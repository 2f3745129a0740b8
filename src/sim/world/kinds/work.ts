import type { Work } from '../../../core/model/site.ts';
import type { ApiPair, SimKind } from './kind.ts';

/** What looks at work, and what turns it off. */
export const workApis: Readonly<Record<Work['kind'], ApiPair>> = {
  'eventbridge-rule': { read: 'events:DescribeRule', write: 'events:DisableRule' },
  'eventbridge-schedule': { read: 'scheduler:GetSchedule', write: 'scheduler:UpdateSchedule' },
  'event-source-mapping': { read: 'lambda:GetEventSourceMapping', write: 'lambda:UpdateEventSourceMapping' },
};

/** What begins work. A fault of an API is aimed at that of the first piece of a site's work. */
export const work: SimKind<'work'> = {
  apis: Object.values(workApis),
  apisOf: ({ work: [first], region }) => ({ ...workApis[first?.kind ?? 'eventbridge-rule'], region }),
  read: ({ work: held }, { region, work: works }) => works.map((one) => held.read(region, one)),
  write: ({ work: held }, { region, work: works, isOn }) =>
    works.map((one) => held.turn(region, one, isOn)).some((hasChanged) => hasChanged),
  targetOf: ({ work: works }) => works.map((one) => ('name' in one ? one.name : one.uuid)).join('+'),
  wantedText: ({ work: works, isOn }) => works.map(() => (isOn ? 'on' : 'off')).join(' '),
  seenText: (seen) => seen.map((one) => one.replace('turning-', '')).join(' '),
};
