import { z } from 'zod';
import { type JsonSchema, withTexts } from '../config/published/json-schema.ts';
import { strict } from '../config/schema/strict-object.ts';
import { type EventKind, eventKinds, eventShape } from './events.ts';
import { expectationShape, type Matcher, matcherShape } from './expectations.ts';
import { fileShape } from './file.ts';
import { repetitionFields } from './repetition.ts';

/** Where the schema of deployments is, seen from that of scenarios, in the repository and in the package. */
export const deploymentSchemaPlace = '../failover.schema.json';

/** What happens, by the key of the event; docs/scenarios.md says more. */
const eventTexts: Readonly<Record<EventKind, string>> = {
  stop: 'It is gone: refuses, is dark, or does not run.',
  start: 'It is back; a site is also unhung, unslowed and unbroken.',
  hang: 'The site accepts and never answers.',
  freeze: 'It executes nothing, then goes on where it was.',
  lose: 'The state table comes back empty.',
  backup: 'A backup of the state table is taken.',
  restore: 'The state table comes back as it was at the backup, as another table.',
  slow: 'The site takes this long to answer.',
  break: 'The site answers wrongly.',
  cut: 'Nothing passes between two ends.',
  heal: 'It passes again between two ends.',
  fail: 'Calls of an API fail.',
  crash: 'The watcher dies the next time it gets there.',
  skew: 'The wall clock of the region is ahead; negative, behind.',
  set: 'A fact of the site is another one from now on.',
  grey: 'The site is half well.',
  dependency: 'What several sites lean on fails, or is well again.',
  resize: 'A stranger sets the size of all that the site is scaled by.',
  turn: 'A stranger turns the schedules and consumers of the site on or off.',
  misplace: 'A stranger moves it.',
  redeploy: 'The deployment is made again, perhaps changed.',
  operator: "A line of the command line's operator verbs is given.",
};

/** What must be so, by its key; docs/scenarios.md says more. */
const matcherTexts: Readonly<Record<Matcher, string>> = {
  active: 'Active site by service, by the newest decided register.',
  serving: 'Serving sites by service, by the newest decided register.',
  moves: 'Number of moves by service.',
  epochDelta: 'Epochs since the start, by service.',
  voters: 'Control regions that vote, by service.',
  dns: 'What a name answers, as sites or addresses.',
  route: 'Where all routes of a table lead; null while they differ or there is none.',
  eip: 'Where an address is.',
  weights: 'Weights of sites, by service.',
  writer: 'The site whose data is written, by service.',
  writable: 'Sites that take and keep writes, by service.',
  open: 'Sites at which clients were served within the last second, by service.',
  isolated: 'Sites that their fence cuts off, by service.',
  work: 'Sites whose schedules and consumers may begin something, by service.',
  scale: 'The size in service, by service and site.',
  published: 'Where inside clients are sent, best first, by service.',
  goodput: 'Percent of the demand with room that was served, by service.',
  status: 'A part of `cdk-failover status --json`, by service.',
  opinion: 'What a watcher holds of a site.',
  verdict: 'What all watchers together hold of a site.',
  calls: 'Number of calls, by API.',
  hooks: 'Number of requests to functions of the user.',
  writes: 'Number of writes of actuators, of any kind.',
  rto: 'First event to the first good client answer after the outage, by service.',
  lost: 'Seconds of acknowledged writes that were lost, by service.',
  alarm: 'The alarm has been raised.',
  alarmResolved: 'The alarm has been raised, and people were told that it is resolved.',
  noAlarm: 'The alarm was never raised.',
  notified: 'People were sent a message with this part; so many of them.',
  heard: 'So many messages were taken by a topic.',
  operator: 'The operator whose command is meant.',
  exit: 'How the command of the operator ended.',
  says: 'A part of what the command of the operator printed.',
};

const eventForms = eventKinds.map((kind) => {
  const { shape } = eventShape(kind);
  const fields = { ...shape, [kind]: (shape[kind] as z.ZodType).describe(eventTexts[kind]) };
  return strict({ ...fields, ...repetitionFields });
});

const told = Object.entries(matcherTexts).map(
  ([key, about]) => [key, matcherShape.shape[key as Matcher].describe(about)] as const,
);
const expectationForm = strict({
  ...expectationShape.shape,
  ...Object.fromEntries(told),
  always: strict(Object.fromEntries(told)).optional().describe('What is so all the while between from and to.'),
});

/** The parts of a file as editors are told of them: what only its reader can judge, such as names, is left out. */
const written = strict({
  ...fileShape.shape,
  name: fileShape.shape.name.describe('What the scenario shows, as a fact.'),
  source: fileShape.shape.source.describe('Where the case comes from.'),
  overrides: fileShape.shape.overrides.describe('Changes of the configuration: dotted paths and what stands there.'),
  seed: fileShape.shape.seed.describe('What chance draws from.'),
  duration: fileShape.shape.duration.describe('How long the run is.'),
  events: z.array(z.union(eventForms)).optional().describe('What happens to the world.'),
  expect: z.array(expectationForm).optional().describe('What must be so.'),
});

/** `schemas/scenario.schema.json` of the package. */
export function scenarioSchema(): string {
  const { $schema: _, ...schema } = withTexts(
    z.toJSONSchema(written, { target: 'draft-7', io: 'input' }) as JsonSchema,
  );
  const config = {
    description: 'The path of a configuration, or the mapping itself.',
    anyOf: [{ type: 'string' }, { $ref: deploymentSchemaPlace }],
  };
  const properties = { ...schema.properties, config };
  const title = 'A scenario of cdk-failover simulate';
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return `${JSON.stringify({ $schema, title, ...schema, properties }, null, 1)}\n`;
}
