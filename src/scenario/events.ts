import { z } from 'zod';
import { duration } from '../config/schema/duration.ts';
import {
  choice,
  flag,
  listed,
  named,
  pattern,
  positiveNumber,
  regionField,
  text,
  wholeNumber,
} from '../config/schema/fields.ts';
import { strict } from '../config/schema/strict-object.ts';
import { kindNames } from '../core/kinds/kind-name.ts';
import { operatorName, statusField, timeField, timeMsMax } from './fields.ts';
import { outsideEnd } from './names.ts';
import type { ScenarioEvent, SiteName, Target } from './scenario.ts';

/** The events of a scenario file: one strict shape a kind, told apart by its own key. */

const regionForm = '[a-z]{2}(?:-[a-z]+)+-\\d';
const siteForm = '(?:[a-z][a-z0-9-]*/)?[a-z][a-z0-9-]*';
const siteText = pattern(new RegExp(`^(site/)?${siteForm}$`), 'a site: NAME, site/NAME or site/SERVICE/NAME');
const targetText = pattern(
  new RegExp(`^(site/${siteForm}|(watcher|oracle|table|region)/${regionForm})$`),
  'site/NAME, watcher/REGION, oracle/REGION, table/REGION or region/REGION',
);
const frozenText = pattern(new RegExp(`^((watcher|actuator)/)?${regionForm}$`), 'watcher/REGION or actuator/REGION');
const watcherText = pattern(new RegExp(`^(watcher/)?${regionForm}$`), 'watcher/REGION');
const tableText = pattern(new RegExp(`^(table/)?${regionForm}$`), 'table/REGION');
const endText = pattern(
  new RegExp(`^([a-z][a-z0-9-]*|site/${siteForm}|aws/[a-z0-9]+/${regionForm})$`),
  'a region, a location, site/NAME, aws/SERVICE/REGION or clients',
);
const ends = z.tuple([endText, endText], { error: 'two ends: [a, b]' });

/** Steps at which a watcher can be made to crash. */
const steps = [...kindNames, 'verify', 'notify'] as const;
const points = ['journal', 'claim', 'accept', ...steps.map((step) => `step:${step}` as const)] as const;
const crashPoint = choice(points);

const facts = {
  replicationLagMs: timeField.optional(),
  ready: flag().optional(),
  capacity: positiveNumber(1_000_000).optional(),
  load: z.number({ error: 'a number, 0 or more' }).min(0, 'a number, 0 or more').optional(),
  maintenance: flag().optional(),
  bootMs: timeField.optional(),
  canBoot: flag().optional(),
  promotionMs: timeField.optional(),
  promotionEnds: choice(['at-once', 'writer-first', 'state-first']).optional(),
  hookMs: timeField.optional(),
  drainMs: timeField.optional(),
  findings: wholeNumber(0, 99).optional(),
  veto: z.string({ error: 'a text, empty for none' }).max(200, 'a text, empty for none').optional(),
  data: choice(['replica', 'writer', 'usable', 'unusable']).optional(),
  page: z
    .union([z.string(), z.record(z.string(), z.unknown())], { error: 'a mapping, a text that is no JSON, or null' })
    .nullable()
    .optional(),
  backupAgeMs: timeField.nullable().optional(),
  restoreAgeMs: timeField.nullable().optional(),
};

const share = z.number({ error: 'a share, 0 to 1' }).min(0, 'a share, 0 to 1').max(1, 'a share, 0 to 1');
const greyFacts = {
  errorShare: share.optional(),
  jitterMs: timeField.optional(),
  packetLoss: share.optional(),
  clockOffsetMs: duration(-timeMsMax, timeMsMax).optional(),
  certificateDays: wholeNumber(-10_000, 10_000).optional(),
  isReadOnly: flag().optional(),
  failingProbe: wholeNumber(0, 9).nullable().optional(),
};
const weightsText = named(text(31), wholeNumber(0, 999), 'weights');

const shapes = {
  stop: strict({ at: timeField, stop: targetText }),
  start: strict({ at: timeField, start: targetText }),
  hang: strict({ at: timeField, hang: siteText }),
  freeze: strict({ at: timeField, freeze: frozenText, for: timeField }),
  lose: strict({ at: timeField, lose: tableText }),
  backup: strict({ at: timeField, backup: tableText }),
  restore: strict({ at: timeField, restore: tableText }),
  slow: strict({ at: timeField, slow: strict({ site: siteText, latency: timeField }) }),
  break: strict({
    at: timeField,
    break: strict({
      site: siteText,
      status: statusField.optional(),
      body: z.string({ error: 'a text' }).optional(),
      role: text(32).optional(),
    }).refine(
      ({ status, body, role }) => [status, body, role].some((part) => part !== undefined),
      'what is broken: status, body or role',
    ),
  }),
  cut: strict({ at: timeField, cut: ends, oneWay: flag().default(false) }),
  heal: strict({ at: timeField, heal: ends }),
  fail: strict({
    at: timeField,
    fail: strict({
      api: pattern(/^[a-z0-9-]+:(\*|[A-Za-z0-9]+)$/, 'service:Action or service:*, such as dynamodb:UpdateItem'),
      region: regionField.optional(),
      by: text(60, 'a control region or the name of an operator').optional(),
      with: choice(['throttle', 'timeout', 'error', 'denied', 'lost-response', 'late', 'twice', 'stale']),
      for: timeField,
      rate: positiveNumber(1).default(1),
    }),
  }),
  crash: strict({
    at: timeField,
    crash: strict({ watcher: watcherText, after: crashPoint.optional(), before: crashPoint.optional() }).refine(
      ({ after, before }) => (after === undefined) !== (before === undefined),
      'either after or before',
    ),
  }),
  skew: strict({ at: timeField, skew: strict({ region: regionField, by: duration(-timeMsMax, timeMsMax) }) }),
  set: strict({
    at: timeField,
    set: strict({ site: siteText, ...facts }).refine(
      (set) => Object.keys(set).length > 1,
      `a fact of the site: ${listed(Object.keys(facts))}`,
    ),
  }),
  grey: strict({
    at: timeField,
    grey: strict({ site: siteText, ...greyFacts }).refine(
      (grey) => Object.keys(grey).length > 1,
      `how it is half well: ${listed(Object.keys(greyFacts))}`,
    ),
  }),
  dependency: strict({
    at: timeField,
    dependency: strict({ name: text(31), state: choice(['failing', 'well']) }),
  }),
  resize: strict({
    at: timeField,
    resize: strict({ site: siteText, size: wholeNumber(0, 10_000) }),
  }),
  turn: strict({
    at: timeField,
    turn: strict({ site: siteText, work: choice(['on', 'off']) }),
  }),
  misplace: strict({
    at: timeField,
    misplace: strict({
      address: text(100).optional(),
      record: text(253).optional(),
      route: text(100).optional(),
      weights: text(31).optional(),
      to: z.union([text(253), weightsText], { error: 'a place, or with weights a mapping from sites to weights' }),
    }).refine(
      ({ address, record, route, weights, to }) =>
        [address, record, route, weights].filter((what) => what !== undefined).length === 1 &&
        (weights !== undefined) === (typeof to === 'object'),
      'an address, a record or the routes of a table and the place that it is moved to, or the weights of a service and what they become',
    ),
  }),
  redeploy: strict({
    at: timeField,
    redeploy: z.union([z.literal(true), z.array(text(40)).min(1)], {
      error: 'true, or a list of the control regions whose stacks are deployed now',
    }),
    overrides: z.record(z.string(), z.unknown(), { error: 'a mapping from dotted paths to values' }).default({}),
    watchersAfter: timeField.default(0),
    functionsAfter: timeField.default(0),
    as: operatorName.optional(),
  }),
  operator: strict({
    at: timeField,
    operator: text(1_000, 'a command line'),
    as: operatorName.default('operator'),
    from: text(60, `a region, a location or ${outsideEnd}`).optional(),
    stale: flag().default(false),
  }),
} as const;

/** A kind of event: the key by which it is known. */
export type EventKind = keyof typeof shapes;

/** Every kind of event, in the order in which a message lists them. */
export const eventKinds = Object.keys(shapes) as EventKind[];

type Parsed = { [K in EventKind]: z.infer<(typeof shapes)[K]> };

/** The shape of an event that has the key of a kind. */
export function eventShape(kind: EventKind): z.ZodObject {
  return shapes[kind];
}

const makers: {
  readonly [K in EventKind]: (parsed: Parsed[K]) => DistributiveOmit<ScenarioEvent, 'atMs' | 'line'>;
} = {
  stop: ({ stop }) => ({ kind: 'stop', target: targetOf(stop) }),
  start: ({ start }) => ({ kind: 'start', target: targetOf(start) }),
  hang: ({ hang }) => ({ kind: 'hang', target: { kind: 'site', ...siteOf(hang) } }),
  freeze: (parsed) => ({
    kind: 'freeze',
    role: parsed.freeze.startsWith('actuator/') ? 'actuator' : 'watcher',
    region: lastPart(parsed.freeze),
    forMs: parsed.for,
  }),
  lose: ({ lose }) => ({ kind: 'lose', table: lastPart(lose) }),
  backup: ({ backup }) => ({ kind: 'backup', table: lastPart(backup) }),
  restore: ({ restore }) => ({ kind: 'restore', table: lastPart(restore) }),
  slow: ({ slow }) => ({ kind: 'slow', site: siteOf(slow.site), latencyMs: slow.latency }),
  break: (parsed) => ({
    kind: 'break',
    site: siteOf(parsed.break.site),
    status: parsed.break.status ?? null,
    body: parsed.break.body ?? null,
    role: parsed.break.role ?? null,
  }),
  cut: ({ cut, oneWay }) => ({ kind: 'cut', ends: cut, isOneWay: oneWay }),
  heal: ({ heal }) => ({ kind: 'heal', ends: heal }),
  fail: ({ fail }) => ({
    kind: 'fail',
    api: fail.api,
    region: fail.region ?? null,
    by: fail.by ?? null,
    fault: fail.with,
    forMs: fail.for,
    rate: fail.rate,
  }),
  crash: ({ crash }) => ({
    kind: 'crash',
    watcher: lastPart(crash.watcher),
    when: crash.after === undefined ? 'before' : 'after',
    point: crash.after ?? crash.before ?? '',
  }),
  skew: ({ skew }) => ({ kind: 'skew', region: skew.region, byMs: skew.by }),
  set: ({ set: { site, ...rest } }) => ({ kind: 'set', site: siteOf(site), facts: rest }),
  grey: ({ grey: { site, ...fault } }) => ({ kind: 'grey', site: siteOf(site), fault }),
  dependency: ({ dependency: { name, state } }) => ({ kind: 'dependency', name, isFailing: state === 'failing' }),
  resize: ({ resize: { site, size } }) => ({ kind: 'resize', site: siteOf(site), size }),
  turn: ({ turn: { site, work } }) => ({ kind: 'turn', site: siteOf(site), isOn: work === 'on' }),
  misplace: ({ misplace: { address, record, route, weights, to } }) => {
    if (typeof to === 'object') return { kind: 'misweigh', service: weights ?? '', weights: to };
    return route === undefined
      ? { kind: 'misplace', address: address ?? null, record: record ?? null, to }
      : { kind: 'reroute', table: route, to };
  },
  redeploy: ({ redeploy, overrides, watchersAfter, functionsAfter, as }) => ({
    kind: 'redeploy',
    regions: redeploy === true ? null : redeploy,
    ...(watchersAfter > 0 ? { watchersAfterMs: watchersAfter } : {}),
    ...(functionsAfter > 0 ? { functionsAfterMs: functionsAfter } : {}),
    overrides,
    as: as ?? null,
  }),
  operator: ({ operator, as, from, stale }) => ({
    kind: 'operator',
    commandLine: operator,
    as,
    ...(from === undefined ? {} : { from }),
    isStale: stale,
  }),
};

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

/** Turns a parsed event into the one that the simulator knows. */
export function makeEvent<K extends EventKind>(kind: K, parsed: Parsed[K], line: number | null): ScenarioEvent {
  return { atMs: parsed.at, line, ...makers[kind](parsed) } as ScenarioEvent;
}

function lastPart(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function siteOf(path: string): SiteName {
  const [first = '', second] = path.replace(/^site\//, '').split('/');
  return second === undefined ? { service: null, name: first } : { service: first, name: second };
}

function targetOf(path: string): Target {
  const kind = path.split('/')[0];
  if (kind === 'site') return { kind, ...siteOf(path) };
  return { kind: kind as Exclude<Target['kind'], 'site'>, name: lastPart(path) };
}
