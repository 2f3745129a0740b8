import { newEvent } from '../../alerting/event.ts';
import { withBegunGameDays } from '../../calendar/game-day.ts';
import { type NamedService, preferredSite, regularSites } from '../../model/service.ts';
import { ballotAfterLoss } from '../../register/ballot.ts';
import { withFencesKept } from '../../register/owed-fence.ts';
import { changeRegister } from '../../register/proposer.ts';
import { epochAfterLoss, genesis, type Register } from '../../register/register.ts';
import { call, type Routine, readTime } from '../../routine.ts';
import { raise, resolve } from '../alert-memory.ts';
import { orderInTurn } from '../run/hook-turns.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { closedFences, evidenceOf } from './evidence.ts';

/**
 * Creates the register of a service that has none.
 *
 * A deployment that is new and one whose tables are all lost look alike. So the first epoch belongs to the site that
 * writes and serves already, where anything says which that is, and to the preferred site where nothing does. While
 * something should be able to say so and does not, no register is created: nothing moves, and people are told.
 *
 * A fence that is found closed was closed by a register that is lost, and stays so until the site is proven a standby.
 */
export function* createRegister(state: WatcherState, service: NamedService): Routine<void> {
  const first = yield* firstRegister(state, service);
  if (first === null) return;
  const { wallMs } = yield* readTime();
  const proposer = { ...proposerFor(state, service.name), floor: ballotAfterLoss(wallMs) };
  const outcome = yield* changeRegister(proposer, (current) => (current === null ? first : null));
  if (outcome.outcome !== 'changed') return;
  const { active, epoch } = outcome.register;
  yield* call('log', { event: newEvent('register-created', service.name, `${active} is active, epoch ${epoch}`) });
}

/** The first value of a register; null while it is not known who serves. */
function* firstRegister(state: WatcherState, service: NamedService): Routine<Register | null> {
  const home = preferredSite(service);
  if (service.mode === 'active-active') return genesis(home, regularSites(service));
  const { region: ownRegion, deployment } = state.setup;
  const facts = { ownRegion, controlRegions: deployment.controlRegions };
  const evidence = yield* evidenceOf(service, facts, (region, order) => orderInTurn(state, service, region, order));
  const name = `birth:${service.name}`;
  if (evidence.kind === 'unknown') {
    const detail = `who serves is not known, so nobody is made active: ${evidence.detail}`;
    yield* raise(state, name, evidence.detail, () => newEvent('drift-stuck', service.name, detail));
    return null;
  }
  resolve(state, name);
  const { wallMs } = yield* readTime();
  const isHome = evidence.kind === 'nobody' || evidence.site === home;
  // Elsewhere, it was moved there by a register that is lost.
  const born = isHome ? genesis(home) : { ...genesis(evidence.site), epoch: epochAfterLoss(null, wallMs) };
  const closed = yield* closedFences(service, (region, order) => orderInTurn(state, service, region, order));
  return withBegunGameDays(service, withFencesKept(service, born, closed), wallMs);
}
