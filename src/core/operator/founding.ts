import { newEvent } from '../alerting/event.ts';
import { withBegunGameDays } from '../calendar/game-day.ts';
import type { Deployment } from '../model/deployment.ts';
import { type NamedService, regularSites } from '../model/service.ts';
import { ballotAfterLoss, makeMark } from '../register/ballot.ts';
import { withFencesKept, withLeftUnfenced, withStrangersLeft } from '../register/owed-fence.ts';
import { changeRegister } from '../register/proposer.ts';
import { epochAfterLoss, genesis, type Register, withHistory } from '../register/register.ts';
import { call, pause, type Routine, random, readTime, type TimeReading } from '../routine.ts';
import { composeServiceView } from '../tables/service-view.ts';
import type { TableView } from '../tables/table-view.ts';
import { ageLimit } from './command-run.ts';
import type { OperatorResult } from './result.ts';
import { readTables } from './table-survey.ts';

/** Ticks within which a watcher that looks for evidence has noticed the loss, has asked, and has written the answer. */
const askingTicks = 5;
/** Pause between two looks at whether it has, in milliseconds. */
const askedPauseMs = 1_000;

/** `isForced`: although the functions of the service name another site. */
export interface FoundRequest {
  readonly verb: 'found';
  readonly service: string;
  readonly active: string;
  readonly isForced: boolean;
}

/**
 * Founds a register again whose voters are lost for good. Only a person may then say which site is active.
 *
 * It is refused while a majority of the voters still holds the register or may come back. It is also refused while a
 * table does not answer, because that table may hold what the others have lost. The new epoch is higher than every
 * epoch that was decided, known or not.
 *
 * Who was the writer in the epochs that are lost is not known. So the fence of every site that does not serve now is
 * owed until the site is proven a standby.
 *
 * Meanwhile a watcher asks the functions of the service who writes and serves. Where they name another site than the
 * person does, the person has to force it: clients would be led away from a site that is well, or two would be written.
 *
 * @param request - `active`: the site that serves and writes now, as the person states it
 */
export function* foundService(
  deployment: Deployment,
  service: NamedService,
  { active: site, isForced }: Pick<FoundRequest, 'active' | 'isForced'>,
  by: string,
): Routine<OperatorResult> {
  const { begun, views } = yield* readOnceAsked(deployment, service);
  const silent = deployment.controlRegions.filter((region) => views[region] === undefined);
  if (silent.length > 0) return refused(`every state table must answer first; silent: ${silent.join(', ')}`);
  const { register: view, loss } = composeServiceView(deployment, service, views, {});
  if (view.kind === 'decided' || view.kind === 'unsettled') {
    return refused(`${service.name} has its register: ${view.register.active} is active, epoch ${view.register.epoch}`);
  }
  if (view.kind === 'no-majority' && !view.isForgotten) {
    return refused(whyNotFounded(service.name, view.lastKnown, views));
  }
  const named = loss?.named ?? null;
  if (named !== null && named !== site && !isForced) return refused(contradiction(service.name, site, named));
  const lastKnown = view.kind === 'no-majority' ? view.lastKnown : null;
  const known = Object.values(views).map((table) => table?.opinions?.epochs?.[service.name] ?? 0);
  const { wallMs } = yield* readTime();
  const newest = Math.max(lastKnown?.epoch ?? 0, ...known);
  const epoch = epochAfterLoss(newest === 0 ? null : newest, wallMs);
  const mark = makeMark('operator', Math.floor((yield* random()) * 36 ** 8).toString(36), 1);
  const change = yield* changeRegister(
    {
      service: service.name,
      regions: deployment.controlRegions,
      mark,
      floor: ballotAfterLoss(wallMs),
      ...ageLimit(begun),
    },
    (current) =>
      current !== null && current.epoch >= epoch ? null : founded(service, site, { epoch, by, wallMs }, current),
    { mayRefound: true },
  );
  if (change.outcome !== 'changed' && change.outcome !== 'unchanged') {
    return { exit: 1, message: `not founded: ${change.outcome}`, json: { outcome: change.outcome } };
  }
  const { register } = change;
  if (register === null || register.epoch !== epoch || register.active !== site) {
    return refused(
      `somebody else was faster: ${register?.active ?? 'nobody'} is active, epoch ${register?.epoch ?? 0}`,
    );
  }
  const message = `${service.name} is founded again: ${site} is active, epoch ${epoch}${agreement(named, site)}`;
  yield* call('log', { event: newEvent('register-created', service.name, `${by}: ${message}`) });
  return { exit: 0, message, json: { outcome: 'founded', active: site, epoch } };
}

/**
 * Why a register is not founded while voters are out of reach. While a table that answers holds the first stage of a
 * genesis, no register was ever there (`membership.ts`), and its item may go. The tables may not: they hold the
 * registers of all services.
 */
function whyNotFounded(
  service: string,
  known: Register | null,
  views: Readonly<Record<string, TableView | undefined>>,
): string {
  if (known?.stage !== 'naming')
    return 'too few voters answer, but enough may still remember; restore access to their tables instead';
  const missing = known.voters.filter(({ region }) => views[region] === undefined).map(({ region }) => region);
  const holding = Object.keys(views).filter((region) => views[region]?.acceptors[service]?.accepted != null);
  return (
    `the register was begun with ${missing.join(', ')}, which does not answer, and was never completed; ` +
    `bring it back, or delete the one item of this register from the state tables in ` +
    `${holding.sort().join(', ')}, and nothing else of them: see no-majority in docs/runbook.md`
  );
}

/**
 * Reads the tables, once the functions of the service have said who writes and serves. It waits as long as a living
 * watcher may take to ask them: a person is quick to answer an alarm, and two words are better than one.
 *
 * @returns what the tables hold, and when they were asked for it
 */
function* readOnceAsked(
  deployment: Deployment,
  service: NamedService,
): Routine<{ readonly begun: TimeReading; readonly views: Readonly<Record<string, TableView | undefined>> }> {
  const { monotonicMs: firstMs } = yield* readTime();
  const patienceMs = service.failover.reconcileMs + askingTicks * service.detection.intervalMs;
  for (;;) {
    const begun = yield* readTime();
    const { views } = yield* readTables(deployment, [service]);
    const { loss } = composeServiceView(deployment, service, views, {});
    if (loss === undefined || loss.isAnswered || begun.monotonicMs - firstMs >= patienceMs) return { begun, views };
    yield* pause(askedPauseMs);
  }
}

function founded(
  service: NamedService,
  site: string,
  { epoch, by, wallMs }: { readonly epoch: number; readonly by: string; readonly wallMs: number },
  before: Register | null,
): Register {
  const serving = service.mode === 'active-active' ? regularSites(service) : [site];
  const { pause, maintenance, lost } = before ?? genesis(site);
  const fenced = Object.keys(service.sites).filter((name) => service.sites[name]?.fence !== undefined);
  const kept = {
    ...withFencesKept(service, { ...genesis(site, serving), epoch }, fenced),
    pause,
    maintenance,
    lost: lost.filter((name) => name !== site),
  };
  // Nor is a site forgotten that may write, and that no configuration has at the moment.
  const left = before === null ? [] : (withStrangersLeft(service, before).leftUnfenced ?? []);
  const register = withLeftUnfenced(
    kept,
    left.filter((name) => name !== site),
  );
  return withHistory(withBegunGameDays(service, register, wallMs), {
    epoch,
    atMs: wallMs,
    by,
    what: `founded again with ${site} active`,
  });
}

function contradiction(service: string, site: string, other: string): string {
  return `the functions of ${service} say that ${other} writes and serves, not ${site}; say "cdk-failover found ${service} --active ${other}", or add --force if you know better`;
}

/** Whether anything but the person says so, for the message. */
function agreement(named: string | null, site: string): string {
  if (named === null) return '; that is on your word, its functions have named no site';
  return named === site ? ', and its functions say so, too' : ', although its functions name another site';
}

function refused(message: string): OperatorResult {
  return { exit: 1, message, json: { outcome: 'refused', message } };
}
