import { mergeReports, type SiteReport } from '../detection/observation.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { judge, type Testimony, type Verdict } from '../detection/verdict.ts';
import type { Deployment } from '../model/deployment.ts';
import { type Digests, digestsOf } from '../model/digest.ts';
import type { NamedService } from '../model/service.ts';
import { type RegisterView, viewRegister } from '../register/quorum.ts';
import { type Register, watchedSites } from '../register/register.ts';
import { type Dispute, disputesOf } from './dispute.ts';
import type { OpinionItem } from './opinion-item.ts';
import type { TableView } from './table-view.ts';

/** What is known of one service at one instant: by a watcher, or by whoever reads the tables. */
export interface ServiceView {
  readonly register: RegisterView;
  readonly knowledge: SiteKnowledge;
  /** Fresh testimonies by site. */
  readonly testimonies: Readonly<Record<string, readonly Testimony[]>>;
  /** Control regions whose watchers have spoken lately. */
  readonly freshWatchers: readonly string[];
  /** What those watchers were configured differently for than the reader. */
  readonly disputes: readonly Dispute[];
}

/**
 * Puts together what the tables say of a service.
 *
 * @param views - by control region; absent where the table did not answer
 * @param items - the fresh opinion item of each watcher that has one
 * @param digests - the reader's own digests of the service, where it keeps them
 */
export function composeServiceView(
  deployment: Deployment,
  service: NamedService,
  views: Readonly<Record<string, TableView>>,
  items: Readonly<Record<string, OpinionItem>>,
  digests: Digests = digestsOf(service),
): ServiceView {
  const states = deployment.controlRegions.map((region) => views[region]?.acceptors[service.name]);
  const testimonies: Record<string, readonly Testimony[]> = {};
  const verdicts: Record<string, Verdict> = {};
  const reports: Record<string, SiteReport> = {};
  const dependencies: Record<string, readonly string[]> = {};
  const policy = { quorum: service.detection.quorum, watcherCount: deployment.controlRegions.length };

  for (const site of Object.keys(service.sites)) {
    const heard = testimoniesOf(service.name, site, items);
    testimonies[site] = heard;
    verdicts[site] = judge(heard, policy);
    reports[site] = mergeReports(heard.map(({ report }) => report));
    dependencies[site] = failingDependencies(service.name, site, items);
  }
  return {
    register: viewRegister(states),
    knowledge: { verdicts, reports, dependencies },
    testimonies,
    freshWatchers: deployment.controlRegions.filter((region) => items[region] !== undefined),
    disputes: disputesOf(service.name, digests, items),
  };
}

function testimoniesOf(
  service: string,
  site: string,
  items: Readonly<Record<string, OpinionItem>>,
): readonly Testimony[] {
  return Object.entries(items).flatMap(([watcher, item]) => {
    const track = item.tracks[service]?.[site];
    if (!track) return [];
    const { opinion, isCorroboratedAlive, report } = track;
    return [{ watcher, opinion, isCorroboratedAlive, report }];
  });
}

function failingDependencies(
  service: string,
  site: string,
  items: Readonly<Record<string, OpinionItem>>,
): readonly string[] {
  const named = Object.values(items).flatMap((item) => item.tracks[service]?.[site]?.dependencies ?? []);
  return [...new Set(named)].sort();
}

/** Whether some fresh watcher calls a site that serves now suspect or down: a fault is a hypothesis so far. */
export function isActiveSuspected(
  service: Pick<NamedService, 'mode'>,
  register: Register,
  { testimonies }: Pick<ServiceView, 'testimonies'>,
): boolean {
  return watchedSites(service.mode, register).some((site) =>
    (testimonies[site] ?? []).some(({ opinion }) => opinion === 'suspect' || opinion === 'down'),
  );
}
