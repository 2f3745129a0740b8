import type { DeploymentStatus } from '../../core/operator/answers.ts';
import { levelWords } from '../../core/operator/protection.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { describeRun } from '../../core/register/run-words.ts';
import type { NameReading } from '../../dashboard/live/page-state.ts';
import type { Tone } from '../show/layout.ts';

/** One thing that is watched, and what it is now. */
export interface Fact {
  readonly service: string;
  /** What it is of, such as `us-east-1 on virginia`. The same at each look. */
  readonly name: string;
  /** In a word or two; another value is a change. */
  readonly value: string;
  /** Null: neither good nor bad. */
  readonly tone: Tone | null;
  /** How it is drawn: by the value's name, by a mark for each opinion, or not at all. */
  readonly lane: 'names' | 'opinions' | null;
  /** What belongs to the value and makes no change by itself. */
  readonly detail: string;
}

/** A fact whose value has changed. */
export interface Change {
  readonly atMs: number;
  readonly service: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly detail: string;
  readonly tone: Tone | null;
}

/** What nobody knows at this look. */
export const unknownValue = 'unknown';

const opinionTones: Readonly<Record<string, Tone>> = {
  up: 'good',
  suspect: 'doubtful',
  degraded: 'doubtful',
  down: 'bad',
};

/**
 * The facts of some services, the same in number and order at each look while nothing is deployed.
 *
 * @param isBrief - one lane a site, for several services in one picture; else one a watcher and site
 */
export function factsOf(
  status: DeploymentStatus,
  names: Readonly<Record<string, NameReading>>,
  isBrief: boolean,
): readonly Fact[] {
  return Object.entries(status.services).flatMap(([service, known]) => [
    ...summary(service, known),
    ...opinions(service, known, isBrief),
    ...(names[service] === undefined ? [] : [answerFact(service, names[service])]),
    ...stepFacts(service, known),
  ]);
}

function summary(service: string, known: ServiceStatus): readonly Fact[] {
  const { protection, active, epoch, pause } = known;
  const isWell = protection.level === 'protected';
  return [
    {
      service,
      name: 'protection',
      value: levelWords[protection.level],
      tone: isWell ? 'good' : protection.level === 'moving' ? 'doubtful' : 'bad',
      lane: null,
      detail: protection.why,
    },
    {
      service,
      name: 'register',
      value: active ?? unknownValue,
      tone: null,
      lane: 'names',
      detail: epoch === null ? '' : `epoch ${epoch}`,
    },
    {
      service,
      name: 'pause',
      value: pause === null ? 'none' : `by ${pause.by}`,
      tone: pause === null ? null : 'doubtful',
      lane: null,
      detail: pause?.reason ?? '',
    },
  ];
}

function opinions(service: string, { sites, watchers }: ServiceStatus, isBrief: boolean): readonly Fact[] {
  return Object.entries(sites).flatMap(([site, { verdict, opinions: said, failures }]) => {
    const fact = (name: string, value: string, detail: string, isLane: boolean): Fact => ({
      service,
      name,
      value,
      tone: opinionTones[value] ?? null,
      lane: isLane ? 'opinions' : null,
      detail,
    });
    return [
      fact(`verdict on ${site}`, verdict, '', isBrief),
      ...Object.entries(watchers).map(([region, state]) =>
        fact(
          `${region} on ${site}`,
          said[region] ?? (state === 'fresh' ? unknownValue : state),
          failures[region] ?? '',
          !isBrief,
        ),
      ),
    ];
  });
}

function answerFact(service: string, { sites, addresses, trouble }: NameReading): Fact {
  const place = sites.join(', ') || addresses?.join(', ') || unknownValue;
  const isSilent = trouble !== null || addresses === null;
  return {
    service,
    name: 'DNS answer',
    value: isSilent ? unknownValue : place,
    tone: null,
    lane: 'names',
    detail: trouble?.why ?? '',
  };
}

const stepTones: Readonly<Record<string, Tone>> = { done: 'good', failed: 'bad', fallback: 'doubtful' };

/** The newest run and its steps; their names hold the epoch, so that another run's are other facts. */
function stepFacts(service: string, { run }: ServiceStatus): readonly Fact[] {
  if (run === null) return [];
  const its = { service, lane: null } as const;
  const runTone = run.state === 'failed' ? 'bad' : run.state === 'done' ? 'good' : 'doubtful';
  return [
    { ...its, name: `run ${run.epoch}`, value: run.state, tone: runTone, detail: `${describeRun(run)}, by ${run.by}` },
    ...run.steps.map(
      ({ name, resource, state, detail }): Fact => ({
        ...its,
        name: `run ${run.epoch}, ${name} of ${resource}`,
        value: state,
        tone: stepTones[state] ?? null,
        detail,
      }),
    ),
  ];
}

/** What has changed between two looks. Of a run that is new, its steps that wait are no news. */
export function changesBetween(before: readonly Fact[], after: readonly Fact[], atMs: number): readonly Change[] {
  const keyOf = ({ service, name }: Fact) => `${service} ${name}`;
  const old = new Map(before.map((fact) => [keyOf(fact), fact.value]));
  return after.flatMap(({ lane: _, value, ...fact }) => {
    const was = old.get(keyOf({ ...fact, value, lane: null }));
    if (was === value || (was === undefined && value === 'pending')) return [];
    return [{ ...fact, atMs, before: was ?? 'new', after: value }];
  });
}

/** A change as one line. */
export function changeText({ service, name, before, after, detail }: Change): string {
  const why = detail === '' ? '' : ` (${detail})`;
  return `${service}: ${name}: ${before} > ${after}${why}`;
}
