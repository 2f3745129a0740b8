import type { Resolve } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { type Words, wordsOfMemory, wordsOfOracle } from '../../core/dns/readings.ts';
import { textsOf, valuesOf } from '../../core/dns/record-values.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { statusIn } from '../../core/operator/answers.ts';
import { explanationOf } from '../../core/operator/explaining/explanation.ts';
import type { DeploymentView, Look } from '../../core/operator/table-survey.ts';
import type { Register } from '../../core/register/register.ts';
import { ChangeSignal } from '../../dashboard/live/change-signal.ts';
import type { Feed } from '../../dashboard/live/feed.ts';
import { mapParts } from '../../dashboard/live/map-parts.ts';
import {
  type Breakage,
  type NameReading,
  type PageState,
  type PageTarget,
  type Said,
  type Source,
  type Trouble,
  unreadState,
} from '../../dashboard/live/page-state.ts';
import { blindLine, serviceParts } from '../../dashboard/live/service-parts.ts';
import { rowsBetween, rowsOfHistory } from '../../dashboard/live/timeline.ts';
import { TableLooks } from '../operator/table-looks.ts';
import type { Target } from '../operator/target.ts';

/** What a page is read from. */
export interface PageSources {
  readonly target: Pick<Target, 'deployment' | 'ports' | 'dns'>;
  readonly pageTarget: PageTarget;
  readonly resolve: Resolve;
  readonly broken: () => readonly Breakage[];
  /** Pause between two looks, in milliseconds. A change ends it. */
  readonly everyMs: number;
}

/**
 * Reads a deployment again and again, and shows on a page what it has read: the status by the rules of
 * `cdk-failover status`, what each name leads to, and what votes and memories say. Each is read on its own, so that one
 * that gives no answer holds up nothing else.
 */
export class PageReader {
  readonly #sources: PageSources;
  readonly #feed: Feed;
  readonly #changes = new ChangeSignal();
  readonly #stop = new AbortController();
  readonly #heard = new Map<string, { readonly changedAtMs: number; readonly wallMs: number }>();
  readonly #told = new Map<string, number>();
  #work: Promise<unknown> = Promise.resolve();
  #state: PageState = unreadState;
  readonly #looks: TableLooks;
  #look: Look | null = null;
  #readAtMs: number | null = null;

  constructor(sources: PageSources, feed: Feed) {
    this.#sources = sources;
    this.#feed = feed;
    this.#looks = new TableLooks(sources.target, this.#stop.signal, () => this.poke());
  }

  /** What was read last; null until the watchers have been listened to once. */
  get view(): DeploymentView | null {
    return this.#state.status === null ? null : (this.#look?.view ?? null);
  }

  /** What was read last; null before that. */
  get status(): PageState['status'] {
    return this.#state.status;
  }

  start(): void {
    const { oracles, memories } = this.#sources.target.dns.read().soFar();
    this.#state = { ...this.#state, oracles: oracles && {}, memories: memories && {} };
    this.#show();
    this.#work = Promise.all([
      this.#keep('tables', () => this.#readTables()),
      this.#keep('names', () => this.#readNames()),
      this.#keep('dns', () => this.#readDns()),
    ]);
  }

  /** Something has happened: everything is read at once. */
  poke(): void {
    this.#changes.raise();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /** Reads one source until stopped. What goes wrong meanwhile is shown, and is tried again. */
  async #keep(source: Source, read: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const { count } = this.#changes;
      await this.#attempt(source, read);
      if (!signal.aborted) this.#show();
      await this.#changes.wait(count, systemClock, this.#sources.everyMs, signal);
    }
  }

  async #attempt(source: Source, read: () => Promise<void>): Promise<void> {
    let found: Trouble | undefined;
    try {
      await read();
    } catch (error) {
      found = troubleAfter(this.#state.troubles[source], messageOf(error));
    }
    const { [source]: _, ...others } = this.#state.troubles;
    this.#state = { ...this.#state, troubles: found === undefined ? others : { ...others, [source]: found } };
  }

  async #readTables(): Promise<void> {
    const { deployment, dns } = this.#sources.target;
    // Read before the tables: a vote that is newer than the register would seem to contradict it.
    const readings = dns.latest;
    const look = await this.#looks.next();
    if (look === null) return;
    this.#look = look;
    this.#readAtMs = systemClock.wallMs();
    const before = this.#state;
    const registers = registersIn(look.view);
    this.#state = {
      ...before,
      status: statusIn(deployment, null, look.view, readings).json,
      explanations: Object.fromEntries(
        registers.map(([name, { run }]) => [name, run === null ? null : explanationOf(run)]),
      ),
      heardAtMs: this.#noteHeard(look),
    };
    this.#feed.add(registers.flatMap(([name, register]) => this.#newHistory(name, register)));
    this.#feed.add(rowsBetween(before, this.#state, systemClock.wallMs()));
  }

  /** Instants on the wall clock, each worked out once, so that what has not changed reads the same. */
  #noteHeard({ sightings, atMs }: Look): PageState['heardAtMs'] {
    for (const [region, { changedAtMs }] of Object.entries(sightings)) {
      if (changedAtMs === null || this.#heard.get(region)?.changedAtMs === changedAtMs) continue;
      this.#heard.set(region, { changedAtMs, wallMs: systemClock.wallMs() - (atMs - changedAtMs) });
    }
    return Object.fromEntries([...this.#heard].map(([region, { wallMs }]) => [region, wallMs]));
  }

  #newHistory(name: string, { history }: Register) {
    const told = this.#told.get(name) ?? Number.NEGATIVE_INFINITY;
    const fresh = history.filter(({ atMs }) => atMs > told);
    this.#told.set(name, Math.max(told, ...history.map(({ atMs }) => atMs)));
    return rowsOfHistory(name, fresh);
  }

  async #readNames(): Promise<void> {
    const { deployment } = this.#sources.target;
    const readings = await Promise.all(
      Object.entries(deployment.services).map(async ([name, { traffic }]) => {
        if (traffic.dns === undefined) return [];
        return [[name, await this.#readName(name, traffic.dns.record)] as const];
      }),
    );
    this.#state = { ...this.#state, names: Object.fromEntries(readings.flat()) };
  }

  async #readName(service: string, record: string): Promise<NameReading> {
    const before = this.#state.names[service];
    try {
      const { addresses } = await this.#sources.resolve(record);
      return { addresses, sites: sitesAt(this.#sources.target.deployment, service, addresses), trouble: null };
    } catch (error) {
      const trouble = troubleAfter(before?.trouble, messageOf(error));
      return { addresses: before?.addresses ?? null, sites: before?.sites ?? [], trouble };
    }
  }

  async #readDns(): Promise<void> {
    const { deployment, dns } = this.#sources.target;
    const inquiry = dns.read();
    await inquiry.over;
    const { oracles, memories } = inquiry.soFar();
    this.#state = {
      ...this.#state,
      oracles: oracles && this.#saidBy(oracles, (reading) => wordsOfOracle(deployment, reading), this.#state.oracles),
      memories:
        memories && this.#saidBy(memories, (reading) => wordsOfMemory(deployment, reading), this.#state.memories),
    };
  }

  #saidBy<T>(
    readings: Readonly<Record<string, T>>,
    wordsOf: (reading: T) => Words,
    before: PageState['oracles'],
  ): Readonly<Record<string, Said>> {
    return Object.fromEntries(
      Object.entries(readings).map(([region, reading]) => [region, saidIn(wordsOf(reading), before?.[region])]),
    );
  }

  #show(): void {
    const { pageTarget, broken } = this.#sources;
    let parts: Readonly<Record<string, string>>;
    try {
      const state = { ...this.#state, broken: broken() };
      parts = { ...serviceParts(pageTarget, state), ...mapParts(pageTarget, state) };
    } catch (error) {
      const trouble = { sinceMs: this.#readAtMs ?? systemClock.wallMs(), why: messageOf(error) };
      const names = Object.keys(pageTarget.deployment.services);
      parts = Object.fromEntries(names.map((name) => [`first/${name}`, blindLine(name, trouble)]));
    }
    this.#feed.show(parts, this.#readAtMs);
  }
}

function registersIn({ serviceViews }: DeploymentView): readonly (readonly [name: string, register: Register])[] {
  return Object.entries(serviceViews).flatMap(([name, { register }]) =>
    'register' in register ? [[name, register.register] as const] : [],
  );
}

/** What a region says, with what it said before where it cannot be read now. */
function saidIn(words: Words, before: Said | undefined): Said {
  const entries = Object.entries(words);
  const known = entries.flatMap(([key, { isOff }]) => (isOff === null ? [] : [[key, isOff] as const]));
  const why = entries.find(([, word]) => word.why !== null)?.[1].why ?? null;
  const isOff = Object.fromEntries(known);
  if (why === null) return { isOff, trouble: null };
  return { isOff: { ...before?.isOff, ...isOff }, trouble: troubleAfter(before?.trouble, why) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A trouble that goes on began when it was first seen. */
function troubleAfter(before: Trouble | null | undefined, why: string): Trouble {
  return { sinceMs: before?.sinceMs ?? systemClock.wallMs(), why };
}

/** Sites whose record holds one of the addresses. */
export function sitesAt(deployment: Deployment, service: string, addresses: readonly string[]): readonly string[] {
  const known = deployment.services[service]?.traffic.dns?.addresses ?? {};
  return Object.keys(known).filter((site) => textsOf(valuesOf(known[site])).some((text) => addresses.includes(text)));
}
