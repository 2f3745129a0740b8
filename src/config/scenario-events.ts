import { z } from 'zod';
import { duration } from './duration.ts';
import type { ScenarioEvent, SiteName, Target } from './scenario.ts';
import { strict } from './strict.ts';

/** Reads the events of a scenario file: one strict shape a kind, told apart by its own key. */

const instant = duration(0, 400 * 86_400_000);
const siteText = z
  .string()
  .regex(/^(site\/)?([a-z][a-z0-9-]*\/)?[a-z][a-z0-9-]*$/, 'a site: NAME, site/NAME or site/SERVICE/NAME');
const regionText = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, such as us-east-1');
const targetText = z
  .string()
  .regex(
    /^(site|watcher|oracle|table|region)\/.+$/,
    'site/NAME, watcher/REGION, oracle/REGION, table/REGION or region/REGION',
  );
const watcherText = z.string().regex(/^(watcher\/)?[a-z]{2}(-[a-z]+)+-\d$/, 'watcher/REGION');
const tableText = z.string().regex(/^(table\/)?[a-z]{2}(-[a-z]+)+-\d$/, 'table/REGION');
const endText = z
  .string()
  .regex(
    /^([a-z]{2}(-[a-z]+)+-\d|site\/.+|aws\/[a-z0-9]+\/.+|clients)$/,
    'a region, site/NAME, aws/SERVICE/REGION or clients',
  );
const ends = z.tuple([endText, endText]);
const crashPoint = z.string().regex(/^(journal|claim|accept|step:[a-z]+)$/, 'journal, claim, accept or step:NAME');
const facts = {
  replicationLagMs: duration(0, 400 * 86_400_000).optional(),
  ready: z.boolean().optional(),
  capacity: z.number().positive().optional(),
  load: z.number().min(0).optional(),
  maintenance: z.boolean().optional(),
};

const shapes = {
  stop: strict({ at: instant, stop: targetText }),
  start: strict({ at: instant, start: targetText }),
  hang: strict({ at: instant, hang: siteText }),
  freeze: strict({ at: instant, freeze: watcherText, for: instant }),
  lose: strict({ at: instant, lose: tableText }),
  slow: strict({ at: instant, slow: strict({ site: siteText, latency: instant }) }),
  break: strict({
    at: instant,
    break: strict({
      site: siteText,
      status: z.number().int().min(100).max(599).optional(),
      body: z.string().optional(),
      role: z.string().optional(),
    }),
  }),
  cut: strict({ at: instant, cut: ends, oneWay: z.boolean().default(false) }),
  heal: strict({ at: instant, heal: ends }),
  fail: strict({
    at: instant,
    fail: strict({
      api: z.string().regex(/^[a-z0-9-]+:(\*|[A-Za-z]+)$/, 'service:Action or service:*'),
      region: regionText.optional(),
      with: z.enum(['throttle', 'timeout', 'error', 'denied', 'lost-response']),
      for: instant,
      rate: z.number().gt(0).max(1).default(1),
    }),
  }),
  crash: strict({
    at: instant,
    crash: z
      .strictObject({ watcher: regionText, after: crashPoint.optional(), before: crashPoint.optional() })
      .refine((crash) => (crash.after === undefined) !== (crash.before === undefined), 'either after: or before:'),
  }),
  skew: strict({ at: instant, skew: strict({ region: regionText, by: z.union([duration(-86_400_000, 86_400_000)]) }) }),
  set: strict({ at: instant, set: strict({ ...facts, site: siteText }) }),
  misplace: strict({
    at: instant,
    misplace: z.union([
      strict({ address: z.string(), to: z.string() }),
      strict({ record: z.string(), to: z.string() }),
    ]),
  }),
  redeploy: strict({
    at: instant,
    redeploy: z.literal(true),
    overrides: z.record(z.string(), z.unknown()).default({}),
    as: z.string().optional(),
  }),
  operator: strict({ at: instant, operator: z.string().min(1), as: z.string().default('operator') }),
} as const;

/** Every kind of event, in the order in which a message lists them. */
export const eventKinds = Object.keys(shapes) as (keyof typeof shapes)[];

type Parsed = { [K in keyof typeof shapes]: z.infer<(typeof shapes)[K]> };

/** The shape of an event that has the key of a kind. */
export function eventShape(kind: keyof typeof shapes): z.ZodType {
  return shapes[kind];
}

const makers: {
  readonly [K in keyof Parsed]: (parsed: Parsed[K]) => DistributiveOmit<ScenarioEvent, 'atMs' | 'line'>;
} = {
  stop: ({ stop }) => ({ kind: 'stop', target: targetOf(stop) }),
  start: ({ start }) => ({ kind: 'start', target: targetOf(start) }),
  hang: ({ hang }) => ({ kind: 'hang', target: { kind: 'site', ...siteOf(hang) } }),
  freeze: (parsed) => ({ kind: 'freeze', watcher: lastPart(parsed.freeze), forMs: parsed.for }),
  lose: ({ lose }) => ({ kind: 'lose', table: lastPart(lose) }),
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
    fault: fail.with,
    forMs: fail.for,
    rate: fail.rate,
  }),
  crash: ({ crash }) => ({
    kind: 'crash',
    watcher: crash.watcher,
    when: crash.after === undefined ? 'before' : 'after',
    point: crash.after ?? crash.before ?? '',
  }),
  skew: ({ skew }) => ({ kind: 'skew', region: skew.region, byMs: skew.by }),
  set: ({ set: { site, ...rest } }) => ({ kind: 'set', site: siteOf(site), facts: rest }),
  misplace: ({ misplace }) => ({
    kind: 'misplace',
    address: 'address' in misplace ? misplace.address : null,
    record: 'record' in misplace ? misplace.record : null,
    to: misplace.to,
  }),
  redeploy: ({ overrides, as }) => ({ kind: 'redeploy', overrides, as: as ?? null }),
  operator: ({ operator, as }) => ({ kind: 'operator', commandLine: operator, as }),
};

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;

/** Turns a parsed event into the one that the simulator knows. */
export function makeEvent<K extends keyof Parsed>(kind: K, parsed: Parsed[K], line: number | null): ScenarioEvent {
  return { atMs: parsed.at, line, ...makers[kind](parsed) } as ScenarioEvent;
}

function lastPart(text: string): string {
  return text.split('/').at(-1) ?? text;
}

function siteOf(text: string): SiteName {
  const parts = text.replace(/^site\//, '').split('/');
  const [first = '', second] = parts;
  return second === undefined ? { service: null, name: first } : { service: first, name: second };
}

function targetOf(text: string): Target {
  const kind = text.split('/')[0];
  if (kind === 'site') return { kind, ...siteOf(text) };
  return { kind: kind as Exclude<Target['kind'], 'site'>, name: lastPart(text) };
}
