import { isStatusIn } from '../../core/detection/answer.ts';
import type { FailureReason, Observation, SiteReport } from '../../core/detection/observation.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { placeOf } from '../../core/model/place.ts';
import { type HttpProbe, type Probe, reportsOnSite } from '../../core/model/probe.ts';
import type { Service } from '../../core/model/service.ts';
import type { Site } from '../../core/model/site.ts';
import type { Renaming } from '../../core/register/renaming.ts';
import { faultOfBody, isLagInAnswers, type Page, readFromPage } from './probes/pages.ts';

/** The true state of one simulated site. */
export interface SimSite {
  readonly service: string;
  /** What it is called in the newest configuration that has it. */
  name: string;
  /** What it was called first: a site that is renamed is the same one, with all that it has and does. */
  readonly id: string;
  /** Its region, or its location outside AWS: an end of links. */
  readonly place: string;
  state: 'running' | 'stopped' | 'hung';
  /** Time it takes to answer, in milliseconds, without the network. */
  latencyMs: number;
  /** Null: what the probe expects. */
  status: number | null;
  body: string | null;
  /** What its page says; null: what each probe expects, and the truth at each path that the probe has. */
  page: Page | null;
  role: string | null;
  replicationLagMs: number;
  /** Whether it says that in its answers. */
  saysLag: boolean;
  /** How far behind it was before that was set last, and when; null when it never was. */
  lagBefore: { readonly lagMs: number; readonly atMs: number } | null;
  ready: boolean;
  capacity: number;
  /**
   * What it carries now, and what comes up for it in normal operation; in the unit of its capacity. Null until there
   * was ever a demand: then it reports no load.
   */
  load: number | null;
  demand: number;
  /** Cut off by its fence. */
  isIsolated: boolean;
  /** Cut off by a fence that keeps probes away, too; one that is read-only lets them in. */
  isHidden: boolean;
  /** Share of its full size that is in service; 0 answers nobody. */
  power: number;
  /** Time from asking for more of it to having it, and whether there is room for it at all. */
  bootMs: number;
  canBoot: boolean;
  /** Time that a promotion of its data takes, and why its function refuses one; null when it does not. */
  promotionMs: number;
  veto: string | null;
  /** Its part of data that every site writes takes writes, and shares them. */
  isDataUsable: boolean;
  /** What of a promotion AWS shows first: the new writer, the end of the move, or both at once. */
  promotionEnds: 'at-once' | 'writer-first' | 'state-first';
  /** Time that the user's function takes to change something of the site, in milliseconds. */
  hookMs: number;
  /** Deregistration delay of its target group, in milliseconds: until then a target that is taken out drains. */
  drainMs: number;
  /** How many things its audit finds that the serving site has and it has not. */
  findings: number;
  /** When its newest backup was made, and when one was restored last; null when there is none. */
  backupAtMs: number | null;
  restoreAtMs: number | null;
  /** What is half wrong with it. */
  grey: GreyFault;
  /** More is asked of it than it can carry, for so long that it has gone under. */
  isCollapsed: boolean;
}

/** How a site can be half well. */
export interface GreyFault {
  /** Share of requests that fail, 0 to 1. */
  readonly errorShare: number;
  /** Most that is added to the time of an answer, evenly spread, in milliseconds. */
  readonly jitterMs: number;
  /** Share of packets that are lost, 0 to 1: such a probe gets no answer. */
  readonly packetLoss: number;
  readonly clockOffsetMs: number;
  /** Days until its certificate ends; null says nothing. */
  readonly certificateDays: number | null;
  /** Writes fail while reads work. */
  readonly isReadOnly: boolean;
  /** Probe that fails by itself, by its place in the list; null for none. */
  readonly failingProbe: number | null;
}

/** Nothing is wrong. */
const noGreyFault: GreyFault = {
  errorShare: 0,
  jitterMs: 0,
  packetLoss: 0,
  clockOffsetMs: 0,
  certificateDays: null,
  isReadOnly: false,
  failingProbe: null,
};

/** What an Auto Scaling group or a stopped instance takes to pass its checks, where its site has that long. */
export const bootMsDefault = 90_000;
/** What a promotion takes where nobody says. */
export const promotionMsDefault = 20_000;

/** What a function of the user takes where nobody says. */
const hookMsDefault = 250;

/** A healthy site's own time to answer, in milliseconds. */
const healthyLatencyMs = 10;

/** The sites of a deployment, and what a probe of one would see. */
export class SimSites {
  readonly #all: SimSite[] = [];
  /** By all the names that a site ever had. */
  readonly #sites = new Map<string, SimSite>();
  readonly #byProbe = new Map<Probe, SimSite>();
  readonly #placeOf = new Map<Probe, number>();
  /** Dependencies that fail, for every site that leans on them. */
  readonly failingDependencies = new Set<string>();

  /** Makes known what a deployment names; a site that was there keeps its state, under whatever name. */
  deploy(deployment: Deployment): void {
    for (const [service, its] of Object.entries(deployment.services)) {
      for (const [name, site] of Object.entries(its.sites)) {
        const key = `${service}/${name}`;
        const known =
          this.#sites.get(key) ?? this.#former(service, its, site) ?? newSite(service, name, placeOf(site), site);
        if (!this.#all.includes(known)) this.#all.push(known);
        known.name = name;
        known.saysLag = isLagInAnswers(its, name);
        this.#sites.set(key, known);
        for (const [place, probe] of site.probes.entries()) {
          this.#byProbe.set(probe, known);
          this.#placeOf.set(probe, place);
        }
      }
    }
  }

  /** The site that one was renamed from. */
  #former(service: string, { sites }: Pick<Service, 'sites'>, { renamedFrom }: Site): SimSite | undefined {
    if (renamedFrom === undefined || sites[renamedFrom] !== undefined) return undefined;
    return this.#sites.get(`${service}/${renamedFrom}`);
  }

  all(): readonly SimSite[] {
    return this.#all;
  }

  /** What a site was called first, whatever it is called by whoever asks. */
  idOf(service: string, name: string): string {
    return this.#sites.get(`${service}/${name}`)?.id ?? name;
  }

  /** Under which what belongs to a site is kept, whatever it is called by whoever asks. */
  keyOf(service: string, name: string): string {
    return `${service}/${this.idOf(service, name)}`;
  }

  /** All that a site was ever called, by whatever of these it is asked for; the name first by which it is. */
  namesOf(service: string, name: string): readonly string[] {
    const site = this.#sites.get(`${service}/${name}`);
    const others = [...this.#sites].flatMap(([key, each]) => (each === site ? [key.slice(service.length + 1)] : []));
    return [...new Set([name, ...others])];
  }

  /** What a site is called now, whatever it was called by whoever speaks of it. */
  nameOf(service: string, name: string): string {
    return this.#sites.get(`${service}/${name}`)?.name ?? name;
  }

  /** New names of a service's sites by old ones. */
  renamingOf(service: string): Renaming {
    const own = [...this.#sites].filter(([, site]) => site.service === service);
    const named = own.map(([key, { name }]) => [key.slice(service.length + 1), name] as const);
    return Object.fromEntries(named.filter(([before, name]) => before !== name));
  }

  get(service: string, name: string): SimSite {
    const site = this.#sites.get(`${service}/${name}`);
    if (!site) throw new RangeError(`no site ${service}/${name}`);
    return site;
  }

  ofProbe(probe: Probe): SimSite {
    const site = this.#byProbe.get(probe);
    if (!site) throw new RangeError('a probe of no deployed site');
    return site;
  }

  /** Whether a probe fails by itself, whatever the site does. */
  isProbeFailing(site: SimSite, probe: Probe): boolean {
    const isLeaning = probe.dependency !== undefined && this.failingDependencies.has(probe.dependency);
    return isLeaning || site.grey.failingProbe === this.#placeOf.get(probe);
  }

  /** Back to health, as it was deployed. */
  repair(site: SimSite): void {
    const well = { status: null, body: null, role: null, grey: noGreyFault };
    Object.assign(site, { state: 'running', latencyMs: healthyLatencyMs, ...well });
  }
}

function newSite(service: string, name: string, place: string, { capacity, bootMs }: Site): SimSite {
  return {
    service,
    name,
    id: name,
    place,
    state: 'running',
    latencyMs: healthyLatencyMs,
    status: null,
    body: null,
    page: null,
    role: null,
    replicationLagMs: 0,
    saysLag: true,
    lagBefore: null,
    ready: true,
    capacity,
    load: null,
    demand: 0,
    isIsolated: false,
    isHidden: false,
    power: 1,
    bootMs: Math.min(bootMs, bootMsDefault),
    canBoot: true,
    promotionMs: promotionMsDefault,
    veto: null,
    isDataUsable: true,
    promotionEnds: 'at-once',
    hookMs: hookMsDefault,
    drainMs: 0,
    findings: 0,
    backupAtMs: 0,
    restoreAtMs: 0,
    grey: noGreyFault,
    isCollapsed: false,
  };
}

/** What the network and chance do to one probe. */
export interface ProbeLuck {
  readonly networkMs: number;
  /** 0 to 1, a new one each time it is called. */
  readonly random: () => number;
  readonly isProbeFailing: boolean;
  /** How far the site is behind the writer because nothing gets through to it. */
  readonly brokenLagMs: number;
}

/** What comes back from a site, and after how long; null when nothing does within the deadline. */
export function answerOf(
  site: SimSite,
  probe: Probe,
  { networkMs, random, isProbeFailing, brokenLagMs }: ProbeLuck,
): { readonly observation: Observation; readonly afterMs: number } | null {
  if (site.isHidden || site.state === 'hung' || site.isCollapsed) return null;
  if (site.state === 'stopped' || site.power === 0) {
    return { observation: { outcome: 'fail', reason: 'refused', latencyMs: networkMs }, afterMs: networkMs };
  }
  const { errorShare, jitterMs, packetLoss } = site.grey;
  // A well site takes no chances: what is drawn for it would shift every other draw of a run.
  if (packetLoss > 0 && random() < packetLoss) return null;
  const afterMs = networkMs + site.latencyMs + (jitterMs > 0 ? random() * jitterMs : 0);
  if (afterMs > probe.timeoutMs) return null;
  const isUnlucky = isProbeFailing || (errorShare > 0 && random() < errorShare);
  const reason = isUnlucky ? 'wrong-status' : failureOf(site, probe);
  const report = toldTo(site, probe, reportOf(site, brokenLagMs), reason === 'wrong-status');
  if (reason !== null) return { observation: { outcome: 'fail', reason, latencyMs: afterMs, report }, afterMs };
  return { observation: { outcome: 'pass', latencyMs: afterMs, report }, afterMs };
}

/** What of that a probe is told: everything over HTTP, the end of the certificate over TLS, else nothing. */
function toldTo(site: SimSite, probe: Probe, report: SiteReport, isStatusWrong: boolean): SiteReport {
  if (probe.type === 'http' || probe.type === 'https') return readFromPage(site, probe, report, isStatusWrong);
  if (reportsOnSite(probe)) return report;
  const { certificateDaysLeft } = report;
  return certificateDaysLeft === undefined || !speaksTls(probe) ? {} : { certificateDaysLeft };
}

/** What a site says of itself. */
export function reportOf(site: SimSite, brokenLagMs: number): SiteReport {
  const { clockOffsetMs, certificateDays } = site.grey;
  return {
    ...(site.role === null ? {} : { role: site.role }),
    ...(site.saysLag ? { replicationLagMs: Math.max(site.replicationLagMs, brokenLagMs) } : {}),
    ready: site.ready,
    ...(site.load === null ? {} : { load: site.load }),
    ...(clockOffsetMs === 0 ? {} : { clockOffsetMs }),
    ...(certificateDays === null ? {} : { certificateDaysLeft: certificateDays }),
  };
}

function failureOf(site: SimSite, probe: Probe): FailureReason | null {
  if (speaksTls(probe) && (site.grey.certificateDays ?? 0) < 0) return 'bad-certificate';
  switch (probe.type) {
    case 'grpc':
      return (site.status ?? 200) >= 400 ? 'not-ok' : null;
    case 'tcp':
      return isAmiss(site, probe.expectBanner) ? 'wrong-banner' : null;
    case 'udp':
      return isAmiss(site, probe.expect ?? probe.expectHex) ? 'wrong-body' : null;
    case 'dns':
      return isAmiss(site, probe.expect?.join()) ? 'wrong-body' : null;
    case 'http':
    case 'https':
      return failureOfPage(site, probe);
    default:
      return null;
  }
}

function speaksTls(probe: Probe): boolean {
  return probe.type === 'https' || probe.type === 'tls' || (probe.type === 'grpc' && probe.tls);
}

/** Whether a site answers with something else than the text that is expected. */
function isAmiss({ body }: SimSite, expected: string | undefined): boolean {
  return body !== null && expected !== undefined && !body.includes(expected);
}

function failureOfPage(site: SimSite, probe: HttpProbe): FailureReason | null {
  if (site.status !== null && !isStatusIn(probe.expect.status, site.status)) return 'wrong-status';
  if (probe.canary === 'write' && (site.grey.isReadOnly || site.isIsolated)) return 'wrong-body';
  return faultOfBody(site, probe);
}

/** Whether a client's request to the site gets a good answer. */
export function servesClients(site: SimSite, patienceMs: number): boolean {
  return (
    site.state === 'running' &&
    !site.isIsolated &&
    !site.isCollapsed &&
    site.power > 0 &&
    site.latencyMs <= patienceMs &&
    (site.status ?? 200) < 400 &&
    site.body === null
  );
}

/** For how long nobody may have heard of a lag that a scenario has set, in milliseconds: of a usual opinion's life. */
const unheardMs = 10_000;

/**
 * How far behind a site can truly be. What is set a moment before a move, in one instant, has come no faster than time
 * passes: no watcher could have heard of it.
 */
export function lagSoFar({ replicationLagMs, lagBefore }: SimSite, nowMs: number): number {
  const sinceMs = lagBefore === null ? Number.POSITIVE_INFINITY : nowMs - lagBefore.atMs;
  return sinceMs > unheardMs ? replicationLagMs : Math.min(replicationLagMs, (lagBefore?.lagMs ?? 0) + sinceMs);
}
