import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { SimEvent } from '../event.ts';
import { checkerKind, type NoteStake } from './checker.ts';
import { owed } from './facts/owed.ts';

/** What a probe truly found. */
interface Result {
  readonly isFailure: boolean;
  /** Whether it found anything. What found nothing takes no place among the newest. */
  readonly isKnown: boolean;
  readonly latencyMs: number | null;
}

/** Results that are remembered of a site by a process: the longest window of the most probes. */
const resultsMax = 640;

/**
 * Own results, and those inherited, own ones first: deployments that follow each other make a row of processes, and of
 * two that begin together either may be the one whose item goes on.
 */
const linesMax = 12;

/** Processes of one place that are remembered: deployments that follow each other make many. */
const processesMax = 16;

interface Process {
  readonly serial: number;
  /** Of its opinions: one more than that of the item from which it went on. */
  readonly generation: number;
}

/** What one process knows: its configuration when it began, and results by service and site. */
interface Known {
  readonly deployment: Deployment;
  /** Its own results, and those of whom it took over from with its own since then. */
  readonly results: Map<string, readonly Line[]>;
}

/** Results of one process, and of those that went on from it, one after the other. */
interface Line {
  readonly serial: number;
  readonly found: Result[];
}

/**
 * S9: missing data never counts as down.
 *
 * When a watcher comes to hold a site down, enough of the newest probes of it that this very process made, or the one
 * that it took over from, must each have truly failed: as many as `fallCount`, or, for a grey failure, a share of its
 * window. A good answer in which the site disowns its role counts as a failure.
 */
export const missingIsNotDown = checkerKind({
  property: 'S9',
  stakes: ['down', 'grey', 'missing', 'silent API'],
  make: (world, stake: NoteStake<'down' | 'grey' | 'missing' | 'silent API'>) => {
    /** By serial. A deployment reaches only the processes that begin after it. */
    const known = new Map<number, Known>();
    /** Processes of a place, the newest last. */
    const successions = new Map<string, readonly Process[]>();
    return {
      hear: (event) => {
        if (event.type === 'probe') remember(event);
        if (event.type === 'logged' && event.event.kind === 'watcher-started')
          succeed(event.by.place, { serial: event.by.serial, generation: Number(event.event.data.generation) });
        if (event.type !== 'logged' || event.event.kind !== 'opinion-changed') return null;
        const { service, site, data } = event.event;
        if (data.opinion !== 'down' || service === null || site === null) return null;
        const { deployment, results } = knownOf(event.by.serial);
        const lines = results.get(world.sites.keyOf(service, site)) ?? [{ serial: event.by.serial, found: [] }];
        const config = serviceOf(deployment, service);
        const probes = config.sites[site]?.probes.length ?? 1;
        const isGrey = typeof data.grey === 'string';
        stake(isGrey ? 'grey' : 'down');
        const whys = lines.map(({ found }) => (isGrey ? whyNotGrey : whyNotDown)(config, found, probes));
        const why = whys.includes(null) ? null : whys[0];
        return why === null ? null : `watcher ${event.by.place} calls ${site} down after ${why}`;
      },
    };

    function knownOf(serial: number): Known {
      const deployment = world.control.deploymentOf({ serial }) ?? world.deployment;
      const its = known.get(serial) ?? { deployment, results: new Map() };
      known.set(serial, its);
      return its;
    }

    function remember(event: SimEvent & { readonly type: 'probe' }): void {
      const { serial, service, site, outcome, latencyMs, disowns, isOfApi } = event;
      const { results } = knownOf(serial);
      const isKnown = outcome === 'pass' || outcome === 'fail';
      if (!isKnown) stake(isOfApi ? 'silent API' : 'missing');
      const key = world.sites.keyOf(service, site);
      const lines = results.get(key) ?? [{ serial, found: [] }];
      for (const { found } of lines) {
        found.push({ isFailure: outcome === 'fail' || (outcome === 'pass' && disowns), isKnown, latencyMs });
        // Seldom, and many at once: to move a long list by one for each probe is most of what this checker would cost.
        if (found.length >= 2 * resultsMax) found.splice(0, found.length - resultsMax);
      }
      results.set(key, lines);
    }

    /** Takes in what the processes found whose item the successor has read: those of the generation before. */
    function succeed(place: string, successor: Process): void {
      const before = successions.get(place) ?? [];
      const predecessors = before.filter(({ generation }) => generation === successor.generation - 1).reverse();
      const own = knownOf(successor.serial).results;
      const found = predecessors.flatMap(({ serial }) => known.get(serial)?.results ?? []);
      for (const site of new Set(found.flatMap((results) => [...results.keys()]))) {
        const told = found.map((results) => results.get(site) ?? []);
        // Line by line: what each found itself comes before what it was told.
        const lines = Array.from({ length: linesMax }, (_, index) =>
          told.flatMap((each) => each.slice(index, index + 1)),
        ).flat();
        const all = [...(own.get(site) ?? [{ serial: successor.serial, found: [] }]), ...lines];
        // Two that began together may both have gone on from one process.
        const isFirst = (line: Line, index: number) => all.findIndex(({ serial }) => serial === line.serial) === index;
        const kept = all.filter(isFirst).slice(0, linesMax);
        own.set(
          site,
          kept.map(({ serial, found: its }) => ({ serial, found: [...its] })),
        );
      }
      const kept = [...before, successor].slice(-processesMax);
      for (const process of before) if (!kept.includes(process)) known.delete(process.serial);
      successions.set(place, kept);
    }
  },
});

/**
 * Failures of the newest probes that found anything; with several probes a tick has several results. What finds nothing
 * between ticks is passed over, and at a tick it ends a row (`opinion.prop.test.ts`).
 */
function whyNotDown({ detection }: NamedService, found: readonly Result[], probes: number): string | null {
  const newest = found
    .filter(({ isKnown }) => isKnown)
    .slice(-detection.fallCount * (owed.isGoodAnswerHeeded ? 1 : 2) * probes);
  const failures = newest.filter(({ isFailure }) => isFailure).length;
  return failures >= detection.fallCount ? null : `${failures} true failures`;
}

/** What a window must at least have held; predecessor and successor overlap for a while, which only adds results. */
function whyNotGrey({ detection }: NamedService, found: readonly Result[], probes: number): string | null {
  const { windowTicks, errors, latency } = detection.grey;
  const newest = found.filter(({ isKnown }) => isKnown).slice(-2 * windowTicks * probes);
  const failures = newest.filter(({ isFailure }) => isFailure).length;
  const slow = newest.filter(({ latencyMs }) => latencyMs !== null && latencyMs > (latency?.downMs ?? Infinity)).length;
  const atLeast = (share: number) => Math.max(1, Math.floor((share * windowTicks) / 2));
  const isFlaky = errors !== undefined && failures >= atLeast(errors.upPercent / 100);
  const isSlow = latency !== undefined && slow >= atLeast(1 - latency.quantile);
  return isFlaky || isSlow ? null : `${failures} true failures and ${slow} slow answers in its window`;
}
