import { readFileSync } from 'node:fs';
import { simpleRecords } from '../../../src/core/dns/record-tree.ts';
import { valuesOf } from '../../../src/core/dns/record-values.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { plain, type Resource, type StackOf } from '../synthesized.ts';

/**
 * What CloudFormation would do wrong, or refuse, on the way from some stacks to others.
 *
 * It makes and updates all that the new template has, and removes only then what it has no more. So what is replaced,
 * and what has another logical id, is made while the old one is there, and cannot have its name. Source: CloudFormation
 * User Guide, "Update behaviors of stack resources" and "Name type". `cdk deploy --all` leaves stacks alone that the
 * app has no more: what is in them stays.
 */

interface Behaviour {
  readonly replaced: readonly string[];
  readonly sometimes: readonly string[];
}

const { types } = JSON.parse(readFileSync('test/cdk/changes/replaced-by-type.json', 'utf8')) as {
  readonly types: Readonly<Record<string, Behaviour>>;
};

/** A resource with where it is. */
export interface Placed {
  readonly stack: string;
  readonly id: string;
  readonly resource: Resource;
  /** What it has to itself, such as a name in a region; none where CloudFormation makes a name up. */
  readonly places: readonly string[];
  /** The properties that cannot change: with others it is another resource. */
  readonly fixed: string;
  /** Of a custom resource, who makes it. */
  readonly token: string;
}

/** All resources of some stacks, by stack and logical id. */
export type Deployed = ReadonlyMap<string, Placed>;

interface Naming {
  /** Within what the name is one: all stacks of an account, or those of a region. */
  readonly within: 'account' | 'region';
  /** What shares the names; the type when left out. */
  readonly kind?: string;
  readonly properties: readonly string[];
}

/**
 * What each type has to itself. SNS gives a second subscription of an endpoint the number of the first, and a second
 * policy of a topic takes the place of the first, so that the removal of the old ones removes the new ones. Sources:
 * SNS API Reference, "Subscribe", "SetTopicAttributes"; the others: CloudFormation, "Name type"; CloudWatch User Guide,
 * "Alarms": names of alarms and composite alarms are one list; Lambda API Reference, "CreateFunctionUrlConfig".
 */
const namings: Readonly<Record<string, Naming>> = {
  'AWS::CloudWatch::Alarm': { within: 'region', kind: 'alarm', properties: ['AlarmName'] },
  'AWS::CloudWatch::CompositeAlarm': { within: 'region', kind: 'alarm', properties: ['AlarmName'] },
  'AWS::CloudWatch::Dashboard': { within: 'account', properties: ['DashboardName'] },
  'AWS::DynamoDB::Table': { within: 'region', properties: ['TableName'] },
  'AWS::Events::Rule': { within: 'region', properties: ['Name'] },
  'AWS::IAM::Role': { within: 'account', properties: ['RoleName'] },
  'AWS::Lambda::EventInvokeConfig': { within: 'region', properties: ['FunctionName', 'Qualifier'] },
  'AWS::Lambda::Function': { within: 'region', properties: ['FunctionName'] },
  'AWS::Lambda::Url': { within: 'region', properties: ['TargetFunctionArn'] },
  'AWS::Logs::LogGroup': { within: 'region', properties: ['LogGroupName'] },
  'AWS::SNS::Subscription': { within: 'region', properties: ['TopicArn', 'Protocol', 'Endpoint'] },
  'AWS::SNS::Topic': { within: 'region', properties: ['TopicName'] },
  'AWS::SNS::TopicPolicy': { within: 'region', properties: ['Topics'] },
  'AWS::SSM::Parameter': { within: 'region', properties: ['Name'] },
};

/** Types of which there may be any number: AWS makes up what they are known by. Records have places in their zone. */
const namedByAws = ['AWS::Lambda::Permission', 'AWS::Route53::HealthCheck', 'AWS::Route53::RecordSet'];

/** What others remember, or what holds something: none may become another one. */
const lasting = [
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::Route53::HealthCheck',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
];

/** Types of which nobody has said how CloudFormation updates them, or what they have to themselves. */
export function unknownTypes(deployed: Deployed): readonly string[] {
  const used = [...new Set([...deployed.values()].map(({ resource }) => resource.Type))];
  const isKnown = (type: string) =>
    type.startsWith('Custom::') ||
    (types[type] !== undefined && (namings[type] !== undefined || namedByAws.includes(type)));
  return used.filter((type) => !isKnown(type));
}

/** All resources of the stacks of a deployment, and the records that its watchers make. */
export function resourcesDeployed(deployment: Deployment, stacks: readonly StackOf[]): Deployed {
  return new Map([
    ...stacks.flatMap((stack) => {
      const key = [stack.account, stack.region, stack.name].join('/');
      return Object.entries(stack.template.Resources).map(([id, resource]): [string, Placed] => [
        `${key}/${id}`,
        placed(key, id, resource, placesOf(stack, resource)),
      ]);
    }),
    ...recordsOfWatchers(deployment),
  ]);
}

function placed(stack: string, id: string, resource: Resource, places: readonly string[]): Placed {
  const { replaced, sometimes } = types[resource.Type] ?? { replaced: [], sometimes: [] };
  const fixed = JSON.stringify([...replaced, ...sometimes].map((path) => propertyAt(resource, path) ?? null));
  return { stack, id, resource, places, fixed, token: JSON.stringify(resource.Properties?.ServiceToken ?? null) };
}

/** As if they were resources of a stack that has no template, whatever the service is called. */
function recordsOfWatchers({ services }: Deployment): readonly (readonly [string, Placed])[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const { dns } = service.traffic;
    const [values] = Object.values(dns?.addresses ?? {}).map(valuesOf);
    if (dns === undefined || values === undefined) return [];
    return simpleRecords({ ...service, name }, values).map((record) => {
      const Properties = { Name: `${record.name}.`, Type: record.type };
      const resource = { Type: 'Custom::WatchersRecord', Properties };
      const place = recordPlace(dns.zone.id, Properties);
      return [place, placed('the watchers', place, resource, [place])] as const;
    });
  });
}

function placesOf(stack: StackOf, resource: Resource): readonly string[] {
  const { Type, Properties } = resource;
  if (Type === 'AWS::Route53::RecordSet') return [recordPlace(String(Properties.HostedZoneId), Properties)];
  if (Type === 'Custom::ZoneRecords') {
    const records = Properties.Records as readonly Readonly<Record<string, unknown>>[];
    return records.map((record) => recordPlace(String(Properties.ZoneId), record));
  }
  const naming = namings[Type];
  const [first] = naming?.properties ?? [];
  if (naming === undefined || first === undefined || Properties[first] === undefined) return [];
  const names = naming.properties.map((property) => JSON.stringify(named(Properties[property], stack)));
  return [[naming.kind ?? Type, stack.account, naming.within === 'region' ? stack.region : '', ...names].join(' ')];
}

function recordPlace(zone: string, { Name, Type, SetIdentifier = '' }: Readonly<Record<string, unknown>>): string {
  return ['record', zone, Name, Type, SetIdentifier].join(' ');
}

/** A value in which a reference to what has a name is that name: two logical ids may mean one thing. */
function named(value: unknown, { template }: StackOf): unknown {
  return JSON.parse(
    JSON.stringify(plain(value)).replace(/<(\w+)(?:\.\w+)?>/g, (whole, id: string) => {
      const { Type = '', Properties = {} } = template.Resources[id] ?? {};
      const property = namings[Type]?.properties[0];
      return String((property === undefined ? undefined : Properties[property]) ?? whole);
    }),
  );
}

/** What would be refused or lost; empty when nothing would. */
export function updateFaults(before: Deployed, after: Deployed): readonly string[] {
  const holders = new Map([...before].flatMap(([key, { places }]) => places.map((place) => [place, key] as const)));
  const made = [...after].flatMap(([key, now]) => [
    ...placeFaults(key, now, before, holders),
    ...updatedFaults(now, before.get(key)),
  ]);
  return [...made, ...followedFaults(before, after), ...removalFaults(before, after)];
}

/**
 * A check that follows an alarm has a copy of its settings: whoever changes them has to update the check as well, and
 * CloudFormation sees no reason to. Source: Route 53 Developer Guide, "Updating health checks when you change
 * CloudWatch alarm settings".
 */
function followedFaults(before: Deployed, after: Deployed): readonly string[] {
  const alarmOf = ({ resource }: Placed) => propertyAt(resource, 'HealthCheckConfig/AlarmIdentifier/Name');
  const followed = new Set([...after.values()].map(alarmOf));
  const settingsOf = ({ resource: { Properties } }: Placed) => JSON.stringify({ ...Properties, AlarmDescription: '' });
  return [...after].flatMap(([key, now]) => {
    const old = before.get(key);
    const name = now.resource.Properties?.AlarmName;
    if (old === undefined || name === undefined || !followed.has(name)) return [];
    return settingsOf(old) === settingsOf(now) ? [] : [`${key}: a check follows the alarm as it was`];
  });
}

function placeFaults(
  key: string,
  { places, fixed }: Placed,
  before: Deployed,
  holders: ReadonlyMap<string, string>,
): readonly string[] {
  const old = before.get(key);
  return places.flatMap((place) => {
    const holder = holders.get(place);
    if (holder === undefined) return [];
    if (holder !== key) return [`${place}: ${key} is made while ${holder} has it`];
    return old !== undefined && old.fixed !== fixed ? [`${place}: replaced under its own name`] : [];
  });
}

function updatedFaults(
  { stack, id, resource: { Type }, fixed, token }: Placed,
  old: Placed | undefined,
): readonly string[] {
  if (old === undefined) return [];
  if (old.resource.Type !== Type) return [`${stack} ${id}: ${old.resource.Type} becomes ${Type}`];
  // "Modifying service token is not allowed." Source: CloudFormation, "AWS::CloudFormation::CustomResource".
  if (old.token !== token) return [`${stack} ${id}: another service token`];
  return isLasting(stack, Type) && old.fixed !== fixed ? [`${stack} ${id}: ${Type} is replaced`] : [];
}

/** Only the roles of other accounts know the role of the function that deploys records, and those by its name. */
function isLasting(stack: string, type: string): boolean {
  return lasting.includes(type) && !(type === 'AWS::IAM::Role' && stack.endsWith('-failover-records'));
}

function propertyAt({ Properties }: Resource, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], Properties);
}

/** What goes although somebody still has it, or that goes at all: a table, a topic. */
function removalFaults(before: Deployed, after: Deployed): readonly string[] {
  const stacks = new Set([...after.values()].map(({ stack }) => stack));
  const held = new Set([...after.values()].flatMap(({ places }) => places));
  const gone = [...before].filter(([key, { stack }]) => stacks.has(stack) && !after.has(key));
  return gone.flatMap(([key, { resource, places }]) => {
    const { Type } = resource;
    if (['AWS::DynamoDB::Table', 'AWS::SNS::Topic'].includes(Type)) return [`${key}: ${Type} is removed`];
    const functions = places.map((place) => place.replace(Type, 'AWS::Lambda::Function').replace('/aws/lambda/', ''));
    if (Type === 'AWS::Logs::LogGroup' && functions.some((place) => held.has(place))) {
      return [`${key}: the log of a function that stays is removed`];
    }
    return places.filter((place) => held.has(place)).map((place) => `${place}: removed from under its new holder`);
  });
}
