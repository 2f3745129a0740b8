import { mergeReports, type SiteReport } from '../detection/observation.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { judge, type Testimony, type Verdict } from '../detection/verdict.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Digests, digestsOf, groupDigestOf } from '../model/digest.ts';
import type { NamedService } from '../model/service.ts';
import { type RegisterView, viewRegister } from '../register/quorum.ts';
import { type Register, watchedSites } from '../register/register.ts';
import { type Dispute, disputesOf } from './dispute.ts';
import type { OpinionItem } from './opinion-item.ts';
import { newestRegisters, tableRegions } from './table-regions.ts';
import type { TableView } from './table-view.ts';

/** What a watcher, or another reader of the tables, knows of one service at one instant. */
export interface ServiceView {
  readonly register: RegisterView;
  readonly knowledge: SiteKnowledge;
  /** Fresh testimonies by site. */
  readonly testimonies: Readonly<Record<string, readonly Testimony[]>>;
  /** Control regions that vote. A majority means a majority of these. */
  readonly members: readonly string[];
  /** The members whose watchers have a fresh opinion item. */
  readonly freshWatchers: readonly string[];
  /** Those among them that say themselves that they reach no majority: they do nothing. */
  readonly outOfContact: readonly string[];
  /** Regions whose functions do not answer one of those watchers, by the watcher's region; where there are any. */
  readonly unanswered: Readonly<Record<string, readonly string[]>>;
  /** The parts for which those watchers have another configuration than the reader. */
  readonly disputes: readonly Dispute[];
  /** The tables have lost the register; absent while they have not. */
  readonly loss?: RegisterLoss;
}

/** A register that too few voters remember, or that no table holds although a watcher has seen it. */
export interface RegisterLoss {
  /** Site that the functions name as the one that writes and serves; null where they name none, or several. */
  readonly named: string | null;
  /** Whether the functions have been asked and have said so: `named` may still become known while they have not. */
  readonly isAnswered: boolean;
}

/** A watcher's opinions of the sites, the digests of its configuration, and whom it does not reach. */
export interface Voice extends Pick<OpinionItem, 'tracks' | 'digests' | 'unanswered'> {
  /** Whether it has reached no majority for as long as an opinion counts; absent where nobody has asked. */
  readonly isOutOfContact?: boolean;
}

/**
 * Composes the view of a service from what the tables say.
 *
 * @param views - by region; absent or undefined where a table did not answer. Regions of voters that the configuration
 *   does not name are among them, as `tableRegions` says
 * @param voices - of each watcher with a fresh opinion item
 * @param digests - the reader's own digests of the service, where it keeps them
 * @param meant - what each living watcher last said that it means, also of one whose item could not be read just now
 */
export function composeServiceView(
  deployment: Deployment,
  service: NamedService,
  views: Readonly<Record<string, TableView | undefined>>,
  voices: Readonly<Record<string, Voice>>,
  digests: Digests = { ...digestsOf(service), ...groupDigestOf(deployment, service.name) },
  meant: Readonly<Record<string, Pick<Voice, 'digests'>>> = voices,
): ServiceView {
  const regions = tableRegions(deployment, newestRegisters(views, [service.name]));
  const register = registerViewOf(
    regions,
    service.name,
    regions.map((region) => views[region]),
  );
  const members = membersOf(register, deployment);
  const heardVoices = ofMembers(voices, members);
  const testimonies: Record<string, readonly Testimony[]> = {};
  const verdicts: Record<string, Verdict> = {};
  const reports: Record<string, SiteReport> = {};
  const dependencies: Record<string, readonly string[]> = {};
  const policy = { quorum: service.detection.quorum, watcherCount: members.length };

  for (const site of Object.keys(service.sites)) {
    const heard = testimoniesOf(service.name, site, heardVoices);
    testimonies[site] = heard;
    verdicts[site] = judge(heard, policy);
    reports[site] = mergeReports(heard.map(({ report }) => report));
    dependencies[site] = failingDependencies(service.name, site, heardVoices);
  }
  return {
    register,
    members,
    knowledge: { verdicts, reports, dependencies },
    testimonies,
    freshWatchers: regions.filter((region) => heardVoices[region] !== undefined),
    outOfContact: regions.filter((region) => heardVoices[region]?.isOutOfContact === true),
    unanswered: Object.fromEntries(
      Object.entries(heardVoices).flatMap(([region, { unanswered = [] }]) =>
        unanswered.length > 0 ? [[region, unanswered]] : [],
      ),
    ),
    disputes: disputesOf(service.name, digests, ofMembers(meant, members)),
    ...lossIn(service.name, register, views),
  };
}

function ofMembers<Said>(said: Readonly<Record<string, Said>>, members: readonly string[]): Record<string, Said> {
  const heard: Record<string, Said> = {};
  for (const [region, its] of Object.entries(said)) if (members.includes(region)) heard[region] = its;
  return heard;
}

/** A register is created automatically only when no watcher has ever seen one. */
function lossIn(
  service: string,
  view: RegisterView,
  views: Readonly<Record<string, TableView | undefined>>,
): { readonly loss?: RegisterLoss } {
  if (view.kind !== 'absent' && !(view.kind === 'no-majority' && view.isForgotten)) return {};
  const items = Object.values(views).flatMap((table) => table?.opinions ?? []);
  if (view.kind === 'absent' && !items.some(({ epochs = {} }) => service in epochs)) return {};
  const said = items.flatMap(({ evidence }) => evidence?.[service] ?? []);
  const [site = null, ...others] = new Set(said.flatMap((each) => (each.kind === 'site' ? [each.site] : [])));
  const isAnswered = said.some(({ kind }) => kind !== 'unknown');
  return { loss: { named: others.length === 0 ? site : null, isAnswered } };
}

/**
 * Reads a service's register from what the tables answered.
 *
 * @param views - in the order of `regions`; `undefined` where a table did not answer
 */
export function registerViewOf(
  regions: readonly string[],
  service: string,
  views: readonly (TableView | undefined)[],
): RegisterView {
  const states: Record<string, TableView['acceptors'][string] | undefined> = {};
  for (const [index, region] of regions.entries()) states[region] = views[index]?.acceptors[service];
  return viewRegister(states);
}

/**
 * Control regions that vote: those on the register's list or, before there is a register, those of the configuration.
 */
function membersOf(view: RegisterView, deployment: Deployment): readonly string[] {
  const register = view.kind === 'absent' ? null : view.kind === 'no-majority' ? view.lastKnown : view.register;
  return register === null ? deployment.controlRegions : register.voters.map(({ region }) => region);
}

/**
 * How many of a register's voters have a watcher that wants exactly these regions to vote.
 *
 * @param wishes - control regions that a fresh watcher's configuration names, by its region
 */
export function wantingVoters(
  register: Register,
  wishes: Readonly<Record<string, readonly string[]>>,
  wanted: readonly string[],
): number {
  return register.voters.filter(({ region }) => {
    const wish = wishes[region];
    return wish !== undefined && wish.length === wanted.length && wish.every((name) => wanted.includes(name));
  }).length;
}

function testimoniesOf(service: string, site: string, voices: Readonly<Record<string, Voice>>): readonly Testimony[] {
  return Object.entries(voices).flatMap(([watcher, voice]) => {
    const track = voice.tracks[service]?.[site];
    if (!track) return [];
    const { opinion, isCorroboratedAlive, report, reason } = track;
    return [{ watcher, opinion, isCorroboratedAlive, report, reason }];
  });
}

function failingDependencies(
  service: string,
  site: string,
  voices: Readonly<Record<string, Voice>>,
): readonly string[] {
  const named = Object.values(voices).flatMap((voice) => voice.tracks[service]?.[site]?.dependencies ?? []);
  return [...new Set(named)].sort();
}

/** Whether some fresh watcher calls a serving site suspect or down, so that a fault is suspected. */
export function isActiveSuspected(
  service: Pick<NamedService, 'mode'>,
  register: Register,
  { testimonies }: Pick<ServiceView, 'testimonies'>,
): boolean {
  return watchedSites(service.mode, register).some((site) =>
    (testimonies[site] ?? []).some(({ opinion }) => opinion === 'suspect' || opinion === 'down'),
  );
}
