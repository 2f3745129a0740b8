import { provenReplicas, provenWriter, withProvenWriter } from '../../decision/writer/outside-writer.ts';
import { actingRegionOf } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { withoutLeft } from '../../register/owed-fence.ts';
import { changeRegister } from '../../register/proposer.ts';
import { type Register, withHistory } from '../../register/register.ts';
import { type Routine, readTime } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { outsideWriterWatch } from '../../tables/stopwatch.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { surveyAgeMsMax } from '../surveys/survey.ts';

/**
 * Whether the register has to learn that another site writes the data: the surveys have said so for longer than one of
 * them counts, and than another watcher's item does. So all of it was read after the newest run had ended, and after a
 * change of roles inside AWS: while that goes on, nobody says who is a replica.
 */
export function isWriterDue(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): boolean {
  const site = provenWriter(service, register, serviceView.knowledge.reports);
  if (site === null) return false;
  const place = service.sites[site];
  if (!isKeeper(state.setup.region, serviceView, (place && actingRegionOf(place)) ?? null)) return false;
  const { opinionTtlMs, intervalMs } = service.detection;
  const sinceMs = state.stopwatches[outsideWriterWatch(service.name, register.run, site)] ?? 0;
  return sinceMs >= surveyAgeMsMax + opinionTtlMs + intervalMs;
}

/** Has the register forget of sites that were left before there was data what their API has since denied. */
export function* settleLeft(
  state: WatcherState,
  service: NamedService,
  { knowledge }: ServiceView,
  register: Register,
): Routine<void> {
  const sites = provenReplicas(service, register, knowledge.reports);
  if (sites.length === 0) return;
  yield* changeRegister(proposerFor(state, service.name), (current) =>
    current !== null && current.epoch === register.epoch && current.writer === register.writer
      ? withoutLeft(current, sites)
      : null,
  );
}

/** Has the register name the site that writes; whoever sent clients elsewhere may have meant it, so none is moved. */
export function* learnWriter(
  state: WatcherState,
  service: NamedService,
  { knowledge }: ServiceView,
  register: Register,
): Routine<void> {
  const { wallMs } = yield* readTime();
  const site = provenWriter(service, register, knowledge.reports);
  if (site === null) return;
  const isSame = ({ epoch, run, writer }: Register) =>
    epoch === register.epoch && run?.attempt === register.run?.attempt && writer === register.writer;
  const entry = {
    epoch: register.epoch,
    atMs: wallMs,
    by: state.setup.region,
    what: `the data is written at ${site}, not at ${register.writer}: moved outside of this tool`,
  };
  yield* changeRegister(proposerFor(state, service.name), (current) =>
    current !== null && isSame(current) && provenWriter(service, current, knowledge.reports) === site
      ? withHistory(withProvenWriter(current, site), entry)
      : null,
  );
}
