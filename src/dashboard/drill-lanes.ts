import type { DrillPhases, DrillResult } from './drill-result.ts';
import type { LabActor, LabEvent } from './lab-event.ts';

/** How a stretch of a lane looks; `site-0` is the first site of the service, and so on. */
export type Tone = `site-${number}` | 'well' | 'suspect' | 'down' | 'vote' | 'unknown' | 'gone';

/** A stretch of time in which nothing changed for somebody. Milliseconds since the fault. */
export interface Band {
  readonly fromMs: number;
  readonly toMs: number;
  readonly tone: Tone;
  readonly text: string;
}

/** Somebody's time, from left to right. */
export interface Lane {
  readonly label: string;
  readonly bands: readonly Band[];
}

/** The part of the time that is shown. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Time shown before the fault, when all was well. */
const beforeMs = 700;
/** Time shown after the client's last request. */
const afterMs = 150;
/** Room after the last phase for its name, as a share of all the time before it. */
const lastNameShare = 0.19;

/** The phases, in the order in which they happen. */
const phaseOrder: readonly (keyof DrillPhases)[] = ['fault', 'detected', 'decided', 'shifted', 'answered', 'verified'];

/** Phases that were reached, in the order in which they were. */
export function reachedPhases(
  phases: DrillPhases,
): readonly { readonly phase: keyof DrillPhases; readonly atMs: number }[] {
  return phaseOrder
    .flatMap((phase) => {
      const atMs = phases[phase];
      return atMs === null ? [] : [{ phase, atMs }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/** How many times the course of a drill may be shrunk to make the bound fit beside it. */
const boundShrinkMax = 2.5;

/**
 * From shortly before the fault to the client's last request, and far enough for the name of the last phase; to the
 * bound, where that leaves the course readable.
 */
export function spanOf({ phases, answers, boundMs }: Pick<DrillResult, 'phases' | 'answers' | 'boundMs'>): Span {
  const lastPhaseMs = Math.max(...reachedPhases(phases).map(({ atMs }) => atMs));
  const lastAskedMs = Math.max(0, ...answers.map(({ sentMs }) => sentMs));
  const nameEndMs = lastPhaseMs + lastNameShare * (lastPhaseMs + beforeMs);
  const courseEndMs = Math.max(lastAskedMs + afterMs, nameEndMs);
  const boundEndMs = boundMs + afterMs;
  return {
    startMs: -beforeMs,
    endMs: boundEndMs <= courseEndMs * boundShrinkMax ? Math.max(courseEndMs, boundEndMs) : courseEndMs,
  };
}

/** From the first lost request until traffic was back, or until the client stopped; null when nothing was lost. */
export function outageOf({ answers, recoveryMs }: Pick<DrillResult, 'answers' | 'recoveryMs'>): Span | null {
  const lost = answers.filter(({ isGood, endedMs }) => !isGood && endedMs >= 0);
  const [first] = lost;
  if (first === undefined) return null;
  return { startMs: Math.max(0, first.sentMs), endMs: recoveryMs ?? Math.max(...answers.map(({ sentMs }) => sentMs)) };
}

/** Colour of a site: by its place in the service. */
export function siteTone({ sites }: Pick<DrillResult, 'sites'>, site: string | null): Tone {
  const index = site === null ? -1 : sites.indexOf(site);
  return index < 0 ? 'unknown' : `site-${index}`;
}

/**
 * Everybody's lane except the client's, from the cause at the top to the effect at the bottom.
 * Whoever was not looked at has none.
 */
export function lanesOf(result: DrillResult, span: Span): readonly Lane[] {
  const { from, controlRegions } = result;
  const lanes: readonly Lane[] = [
    { label: `site ${from}`, bands: siteBands(result, span) },
    ...controlRegions.map((region) => ({
      label: `watcher ${region}`,
      bands: fromEvents(result, span, 'watcher', region, (event) => opinionBand(event, from)),
    })),
    { label: 'register', bands: registerBands(result, span) },
    ...controlRegions.map((region) => ({
      label: `oracle ${region}`,
      bands: fromEvents(result, span, 'oracle', region, (event) => voteBand(event, from)),
    })),
    {
      label: 'DNS answer',
      bands: fromEvents(result, span, 'dns', null, ({ kind, site, data }) =>
        kind === 'answer-changed' ? { tone: siteTone(result, site), text: site ?? String(data.answer) } : null,
      ),
    },
  ];
  return lanes.filter(({ bands }) => bands.length > 0);
}

const faultWords: Readonly<Record<string, string>> = {
  kill: 'killed',
  hang: 'frozen: takes connections, answers nothing',
  slow: 'too slow',
  error: 'answers 503',
  'wrong-body': 'answers with a wrong page',
  'by-hand': 'stopped by hand',
  command: 'stopped by a command',
  partition: 'cut off from the other regions; clients still reach it',
  region: 'killed, with everything in its region',
};

function siteBands({ fault }: DrillResult, { startMs, endMs }: Span): readonly Band[] {
  const word = faultWords[fault];
  if (word === undefined) return [{ fromMs: startMs, toMs: endMs, tone: 'well', text: 'well' }];
  const tone = fault === 'partition' ? 'suspect' : 'down';
  return [
    { fromMs: startMs, toMs: 0, tone: 'well', text: 'well' },
    { fromMs: 0, toMs: endMs, tone, text: word },
  ];
}

function registerBands(result: DrillResult, { startMs, endMs }: Span): readonly Band[] {
  const { from, to, phases } = result;
  const before: Band = { fromMs: startMs, toMs: endMs, tone: siteTone(result, from), text: `${from} is active` };
  if (phases.decided === null) return [before];
  const after: Band = { fromMs: phases.decided, toMs: endMs, tone: siteTone(result, to), text: `${to} is active` };
  return [{ ...before, toMs: phases.decided }, after];
}

type Look = Pick<Band, 'tone' | 'text'>;

function opinionBand({ kind, site, data }: LabEvent, from: string): Look | null {
  if (kind !== 'opinion-changed' || site !== from) return null;
  switch (data.opinion) {
    case 'up':
      return { tone: 'well', text: 'up' };
    case 'suspect':
      return { tone: 'suspect', text: 'suspect' };
    case 'down':
      return { tone: 'down', text: 'down' };
    default:
      return { tone: 'unknown', text: 'unknown' };
  }
}

function voteBand({ kind, site, data }: LabEvent, from: string): Look | null {
  if (kind !== 'vote-changed' || site !== from) return null;
  return data.vote === 'off' ? { tone: 'vote', text: `votes ${from} off` } : { tone: 'well', text: 'no vote' };
}

/** The bands of one process: each lasts until its next event, the last until the end or until the process ended. */
function fromEvents(
  result: DrillResult,
  span: Span,
  actor: LabActor,
  place: string | null,
  lookOf: (event: LabEvent) => Look | null,
): readonly Band[] {
  const own = result.events.filter((event) => event.actor === actor && event.place === place);
  const changes = own.flatMap((event) => {
    const look = event.kind === 'process-ended' ? ({ tone: 'gone', text: 'gone' } as const) : lookOf(event);
    return look === null ? [] : [{ atMs: event.atMs, ...look }];
  });
  return changes
    .map(({ atMs, tone, text }, index) => ({
      fromMs: Math.max(span.startMs, atMs),
      toMs: Math.min(span.endMs, changes[index + 1]?.atMs ?? span.endMs),
      tone,
      text,
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
}
