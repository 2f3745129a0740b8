import { createResolve, type Resolve } from '../../adapters/net/resolver.ts';
import { durationMs } from '../../config/schema/duration.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { statusIn } from '../../core/operator/answers.ts';
import { levelWords } from '../../core/operator/protection.ts';
import type { NameReading } from '../../dashboard/live/page-state.ts';
import { findPlace } from '../operator/connection.ts';
import { connectToLab } from '../operator/lab-target.ts';
import { showWhere } from '../operator/location.ts';
import { shortestTtlMs, TableLooks } from '../operator/table-looks.ts';
import type { Target } from '../operator/target.ts';
import { sitesAt } from '../page/page-reader.ts';
import { instant } from '../show/layout.ts';
import { clearScreen, type Terminal } from '../terminal.ts';
import { type Change, changesBetween, changeText, type Fact, factsOf } from './facts.ts';
import { Lanes } from './lanes.ts';
import type { WatchFlags } from './watch-verb.ts';

/** Time between two looks at a lab. Source: our own; a failover there takes about a second. */
const labSliceMs = 250;
/** The same on AWS, where each look reads each state table: a watcher's default tick. */
const awsSliceMs = 2_000;
/** Looks within the time for which an opinion counts. */
const looksPerTtl = 3;

/** Whatever is watched, and how. */
export interface Watched {
  readonly target: Pick<Target, 'deployment' | 'ports' | 'where' | 'dns'>;
  readonly resolve: Resolve;
  /** The service that is asked for; null for all. */
  readonly service: string | null;
  readonly sliceMs: number;
  /** How long, in milliseconds. */
  readonly forMs: number;
  readonly isJson: boolean;
}

/**
 * Draws a deployment as lanes of time: on a terminal in place, elsewhere a line a change.
 *
 * @returns 0 when its time is over or it was interrupted, 1 when its time is over and nothing was seen in it
 * @throws {FailoverError} when there is no deployment, or it has no such service
 */
export async function watch(service: string | undefined, flags: WatchFlags, terminal: Terminal): Promise<number> {
  const forMs = flags.for === undefined ? Number.POSITIVE_INFINITY : durationMs(flags.for);
  if (!(forMs > 0)) throw new FailoverError('USAGE', `--for ${flags.for}: write a duration such as 30s or 10m`);
  const place = await findPlace({ lab: flags.lab, config: flags.config });
  const isLab = place.kind === 'lab';
  const target = isLab
    ? connectToLab(place.lab)
    : await (await import('../operator/aws-target.ts')).connectToAws(place.file, terminal.signal);
  try {
    refuseUnknown(target.deployment, service);
    const sliceMs = isLab ? labSliceMs : Math.min(awsSliceMs, shortestTtlMs(target.deployment) / looksPerTtl);
    const resolve = createResolve(isLab ? [place.lab.dns] : []);
    const watched = { target, resolve, service: service ?? null, sliceMs, forMs, isJson: flags.json ?? false };
    return (await watchTarget(watched, terminal)) || terminal.signal.aborted ? 0 : 1;
  } finally {
    target.close();
  }
}

function refuseUnknown({ services }: Deployment, service: string | undefined): void {
  if (service === undefined || Object.hasOwn(services, service)) return;
  const known = Object.keys(services).join(', ');
  throw new FailoverError('USAGE', `unknown service "${service}"; this deployment has: ${known}`);
}

/**
 * The same of a deployment that has been found; returns when its time is over or the terminal's signal is aborted.
 *
 * @returns whether the watchers' word was seen at least once
 */
export async function watchTarget(watched: Watched, terminal: Terminal): Promise<boolean> {
  const { target, sliceMs, forMs } = watched;
  const { clock } = target.ports;
  const over = new AbortController();
  const signal = AbortSignal.any([terminal.signal, over.signal]);
  const names = new Names(watched, signal);
  const show = new Show(watched, terminal);
  const looks = new TableLooks(target, signal);
  const startMs = clock.monotonicMs();
  let done = 0;
  try {
    while (!signal.aborted && clock.monotonicMs() - startMs < forMs) {
      names.ask();
      void target.dns.read();
      try {
        const readings = target.dns.latest;
        const look = await looks.next();
        if (signal.aborted) break;
        const slices = Math.max(1, Math.floor((clock.monotonicMs() - startMs) / sliceMs) - done);
        done += slices;
        if (look === null) show.listening(slices);
        else {
          const { json } = statusIn(target.deployment, watched.service, look.view, readings);
          show.seen(json, names.readings, slices);
        }
      } catch (error) {
        show.blind(error instanceof Error ? error.message : String(error));
      }
      const waitMs = startMs + (done + 1) * sliceMs - clock.monotonicMs();
      await clock.sleep(Math.max(1, waitMs), signal).catch(() => undefined);
    }
  } finally {
    over.abort();
  }
  return show.hasSeen;
}

/** What the names lead to, asked beside the looks: a resolver that gives no answer holds up nothing. */
class Names {
  readonly #watched: Watched;
  readonly #signal: AbortSignal;
  #isAsking = false;
  readings: Readonly<Record<string, NameReading>> = {};

  constructor(watched: Watched, signal: AbortSignal) {
    this.#watched = watched;
    this.#signal = signal;
  }

  ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#askAll().finally(() => {
      this.#isAsking = false;
    });
  }

  async #askAll(): Promise<void> {
    const { target, resolve, service } = this.#watched;
    const named = Object.entries(target.deployment.services).filter(([name]) => service === null || name === service);
    for (const [name, { traffic }] of named) {
      if (traffic.dns === undefined || this.#signal.aborted) continue;
      const reading = await readName(target.deployment, name, traffic.dns.record, resolve);
      this.readings = { ...this.readings, [name]: reading };
    }
  }
}

async function readName(deployment: Deployment, name: string, record: string, resolve: Resolve): Promise<NameReading> {
  try {
    const { addresses } = await resolve(record);
    return { addresses, sites: sitesAt(deployment, name, addresses), trouble: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { addresses: null, sites: [], trouble: { sinceMs: 0, why } };
  }
}

/** Prints what is seen: a picture on a terminal, lines elsewhere. */
class Show {
  readonly #watched: Watched;
  readonly #terminal: Terminal;
  readonly #lanes: Lanes;
  readonly #isDrawn: boolean;
  #facts: readonly Fact[] | null = null;
  #head: readonly string[] = [];
  #blind: string | null = null;

  constructor(watched: Watched, terminal: Terminal) {
    this.#watched = watched;
    this.#terminal = terminal;
    this.#isDrawn = Number.isFinite(terminal.page.width) && !watched.isJson;
    this.#lanes = new Lanes(terminal.page, watched.sliceMs);
    const { deployment, where } = watched.target;
    if (!this.#isDrawn && !watched.isJson) terminal.out(`${showWhere(deployment.name, where)}\n`);
  }

  get hasSeen(): boolean {
    return this.#facts !== null;
  }

  listening(slices: number): void {
    this.#lanes.add(null, [], slices);
    if (this.#facts === null) this.#head = ['listening to the watchers'];
    this.#draw();
  }

  seen(
    status: ReturnType<typeof statusIn>['json'],
    names: Readonly<Record<string, NameReading>>,
    slices: number,
  ): void {
    const isBrief = Object.keys(status.services).length > 1;
    const facts = factsOf(status, names, isBrief);
    const atMs = this.#watched.target.ports.clock.wallMs();
    const changes = changesBetween(this.#facts ?? [], facts, atMs);
    const isFirst = this.#facts === null;
    this.#facts = facts;
    this.#blind = null;
    this.#head = Object.entries(status.services).map(
      ([name, { protection }]) => `${name}: ${levelWords[protection.level]}: ${protection.why}`,
    );
    this.#lanes.add(facts, isFirst ? [] : changes, slices);
    if (this.#isDrawn) this.#draw();
    else this.#tell(isFirst ? changes.filter(({ name }) => name === 'protection' || name === 'register') : changes);
  }

  /** The tables cannot be read from here. It is said once, until they can. */
  blind(why: string): void {
    this.#lanes.add([], []);
    if (this.#blind === why) return;
    this.#blind = why;
    this.#head = [`CANNOT SEE: ${why}`];
    if (this.#isDrawn) this.#draw();
    else this.#terminal.err(`cdk-failover: cannot see: ${why}\n`);
  }

  #draw(): void {
    if (!this.#isDrawn) return;
    const { deployment, where } = this.#watched.target;
    const picture = this.#lanes.draw([showWhere(deployment.name, where), ...this.#head]);
    this.#terminal.out(`${clearScreen}${picture}\n`);
  }

  #tell(changes: readonly Change[]): void {
    for (const change of changes) {
      const { tone: _, ...json } = change;
      const line = this.#watched.isJson ? JSON.stringify(json) : `${instant(change.atMs)}  ${changeText(change)}`;
      this.#terminal.out(`${line}\n`);
    }
  }
}
