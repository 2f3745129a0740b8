import { newEvent } from '../../core/alerting/event.ts';
import type { Answer } from '../../core/fault.ts';
import type { KindName } from '../../core/kinds/kind-name.ts';
import type { Digests } from '../../core/model/digest.ts';
import { hasOpenRun } from '../../core/register/register.ts';
import { call, type Routine, readTime } from '../../core/routine.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import { isConditionWatch } from '../../core/tables/stopwatch.ts';
import type { TableView } from '../../core/tables/table-view.ts';
import { fencingBugs } from './fencing-bugs.ts';
import { membershipBugs } from './membership-bugs.ts';
import { observingBugs } from './observing-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { poolBugs } from './pool-bugs.ts';
import {
  acceptUnderAnotherBallot,
  keepPlan,
  passEpochsOver,
  presumeAccepted,
  seeingRegisters,
  seeingStates,
  withoutEpochs,
} from './registers.ts';
import { runBugs } from './run-bugs.ts';
import { instead, onAnswer, type Tamper } from './tamper.ts';

/** Path of the scenario that brings a bug out, below `scenarios/planted/`. */
export function scenarioPathOf({ name, property, folder }: Pick<PlantedBug, 'name' | 'property' | 'folder'>): string {
  const above = folder === undefined ? '' : `${folder}/`;
  return `${property.toLowerCase()}/${above}${name}.yaml`;
}

/** Bugs in how decisions are made or agreed. */
const deciding: readonly PlantedBug[] = [
  {
    name: 'pause-is-ignored',
    property: 'S7',
    mistake: 'the decider does not look at the pause',
    tamper: () => seeingRegisters((register) => ({ ...register, pause: null })),
  },
  {
    name: 'daily-limit-is-ignored',
    property: 'S7',
    mistake: 'the decider does not count its moves',
    tamper: () => seeingRegisters((register) => ({ ...register, moves: [] })),
  },
  {
    name: 'block-is-ignored',
    property: 'S7',
    mistake: 'nobody remembers which site a failover left, and one goes back to it a minute later',
    tamper: () =>
      seeingRegisters((register) => ({
        ...register,
        moves: register.moves.map((move) => ({ ...move, from: 'forgotten' })),
      })),
  },
  {
    name: 'waits-live-in-processes',
    property: 'L2',
    mistake: 'each watcher process counts anew, so that a wait that is longer than its life never ends',
    tamper: () =>
      onAnswer('readTable', (view, _input, identity) =>
        view.opinions === null || identity.role !== 'watcher'
          ? view
          : { ...view, opinions: { ...view.opinions, stopwatches: {} } },
      ),
  },
  {
    name: 'clocks-are-compared',
    property: 'S7',
    mistake: "the block period is measured by the difference of two machines' wall clocks",
    tamper: () => clocksAreCompared,
  },
  {
    name: 'maintenance-is-ignored',
    property: 'S4',
    mistake: 'a site in maintenance may be chosen',
    tamper: () => seeingRegisters((register) => ({ ...register, maintenance: [] })),
  },
  {
    name: 'records-are-presumed',
    property: 'S4',
    mistake: 'the records of a site are in place as soon as its watchers are',
    tamper: () =>
      function* (made, pass): Routine<Answer<unknown>> {
        const isTree = made.name === 'resolve' && /^v\w{7}\./.test(made.input.name);
        return isTree ? { ok: true, value: { addresses: ['192.0.2.1'] } } : yield* pass();
      },
  },
  {
    name: 'former-watchers-are-forgotten',
    property: 'S4',
    mistake: 'the records of a dropped site go while watchers that still know it may choose it',
    tamper: null,
    areFormerWatchersForgotten: true,
  },
  {
    name: 'plan-outlives-its-switchover',
    property: 'S18',
    mistake: 'the change that begins a planned switchover leaves the plan in the register',
    tamper: keepPlan,
  },
  {
    name: 'game-day-is-forgotten',
    property: 'S18',
    mistake: 'the register does not keep which game day was held, so that one window holds it again and again',
    tamper: () => seeingRegisters(({ gameDay: _, ...register }) => register),
  },
  {
    name: 'two-ballots-one-epoch',
    property: 'S1',
    mistake: 'a value is proposed under a ballot that nobody promised',
    tamper: () => acceptUnderAnotherBallot,
  },
  {
    name: 'empty-table-votes',
    property: 'S2',
    mistake: 'a table that was lost and came back empty takes part as if it remembered',
    tamper: () => seeingStates((state, region) => ({ ...state, incarnation: `always ${region}` })),
  },
  {
    name: 'epoch-is-passed-over',
    property: 'S2',
    mistake: 'a move is made of a value that was never decided, and counts its epoch as one that was',
    tamper: () => passEpochsOver,
  },
  {
    name: 'redeploy-forgets',
    property: 'S2',
    mistake: 'a deployment makes the registers anew, and nobody remembers that there were some',
    tamper: () => withoutEpochs,
    isRedeployForgetful: true,
  },
];

/** Bugs in how decisions are carried out. */
const acting: readonly PlantedBug[] = [
  {
    name: 'majority-is-presumed',
    property: 'S6',
    mistake: 'a table that does not answer counts as having accepted',
    tamper: presumeAccepted,
  },
  {
    name: 'write-before-journal',
    property: 'S6',
    mistake: 'the address moves while the decision is still being agreed',
    tamper: writeBeforeJournal,
  },
  {
    name: 'claim-is-skipped',
    property: 'S5',
    mistake: 'an actuator does not claim its token',
    tamper: () => instead('claimToken', ({ token }) => ({ isGranted: true, claimed: token })),
  },
  {
    name: 'other-configuration-is-obeyed',
    property: 'S17',
    mistake: 'a function does not ask whether whoever ordered was configured as it is',
    tamper: null,
    isAgreementPresumed: true,
  },
  {
    name: 'fence-is-skipped',
    property: 'S11',
    mistake: 'the fence reports success without cutting anything off',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'fence' && order.isIsolated ? { outcome: 'as-ordered', hasWritten: true } : null,
      ),
  },
  {
    name: 'control-plane-is-asked',
    property: 'S10',
    mistake: 'a run looks records up in the control plane',
    tamper: () =>
      function* (made, pass) {
        // Every run asks what clients are told.
        if (made.name === 'resolve') {
          const answer = { kind: 'values', values: { a: [], aaaa: [], cname: [] } } as const;
          yield* call('read:dns', { zoneId: 'Z0EXAMPLE', name: 'www.shop.example', ttlSeconds: 30, answer });
        }
        return yield* pass();
      },
  },
  {
    name: 'writes-are-blind',
    property: 'S13',
    mistake: 'the address is written without looking where it is',
    tamper: blindAddress,
  },
  {
    name: 'drift-is-ignored',
    property: 'L1',
    mistake: 'what somebody else changed stays as it is',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.manner === 'repair' ? { outcome: 'as-ordered', hasWritten: false } : null,
      ),
  },
  {
    name: 'runs-are-abandoned',
    property: 'L1',
    mistake: 'a run whose holder died is left half done',
    tamper: () => onAnswer('readTable', forgetOpenRuns),
  },
];

/** Bugs in pools, data, standby temperature and what inside clients are told. */
/** What every order of a kind asks for counts as done, without having been looked at. */
function presumed(name: string, kind: KindName, mistake: string): PlantedBug {
  const tamper = () =>
    instead('invoke', ({ order }) => (order.kind === kind ? { outcome: 'as-ordered', hasWritten: true } : null));
  return { name, property: 'L1', mistake, tamper };
}

const serving: readonly PlantedBug[] = [
  {
    name: 'slow-counts-as-failed',
    property: 'S9',
    mistake: 'an answer that is a little late counts as none',
    tamper: () =>
      onAnswer('probe', (seen) =>
        seen.outcome === 'pass' && seen.latencyMs > 100
          ? { outcome: 'fail', reason: 'timeout', latencyMs: seen.latencyMs }
          : seen,
      ),
  },
  {
    name: 'promotion-skips-the-fence',
    property: 'S11',
    mistake: 'data is promoted while the old writer may still write',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'fence' && order.isIsolated ? { outcome: 'as-ordered', hasWritten: false } : null,
      ),
  },
  {
    name: 'self-fence-is-skipped',
    property: 'S16',
    mistake: 'a region that is out of contact reports its own site cut off and leaves it open',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'fence' && order.isSelfFence ? { outcome: 'as-ordered', hasWritten: true } : null,
      ),
  },
  {
    name: 'size-is-presumed',
    property: 'L1',
    mistake: 'a standby counts as raised once that was asked for',
    tamper: () =>
      instead('invoke', ({ order }) => (order.kind === 'start' ? { outcome: 'as-ordered', hasWritten: true } : null)),
  },
  presumed('weights-are-presumed', 'targets', 'weights count as set without being read back'),
  presumed('dials-are-presumed', 'accelerator', 'dials count as turned without being read back'),
  presumed('controls-are-presumed', 'controls', 'routing controls count as turned without being read back'),
  presumed('zonal-shifts-are-presumed', 'zonal', 'zonal shifts count as started without being read back'),
  presumed('edge-is-presumed', 'edge', 'the key of the edge counts as written without being read back'),
  {
    name: 'first-listener-stands-for-all',
    property: 'L1',
    mistake: 'of several listeners only the first one gets its weights',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'targets' && order.listener > 0 ? { outcome: 'as-ordered', hasWritten: true } : null,
      ),
  },
  {
    name: 'first-address-stands-for-all',
    property: 'L1',
    mistake: 'of several Elastic IPs only the first one is moved',
    tamper: () =>
      instead('invoke', ({ order }) =>
        order.kind === 'address' && order.address > 0 ? { outcome: 'as-ordered', hasWritten: true } : null,
      ),
  },
  {
    name: 'inside-clients-are-forgotten',
    property: 'L1',
    mistake: 'nobody tells the clients inside the account',
    tamper: () =>
      instead('invoke', ({ order }) => (order.kind === 'publish' ? { outcome: 'as-ordered', hasWritten: true } : null)),
  },
];

/** Every planted bug, by the part of the product that it spoils. */
export const plantedBugs: readonly PlantedBug[] = [
  ...observingBugs,
  ...deciding,
  ...fencingBugs,
  ...membershipBugs,
  ...acting,
  ...runBugs,
  ...poolBugs,
  ...serving,
];

/** Shows a run that nobody has taken over yet as one that is done. */
function forgetOpenRuns(view: TableView): TableView {
  const acceptors = Object.entries(view.acceptors).map(([service, state]) => {
    const run = state?.accepted?.run;
    if (!state?.accepted || run?.state !== 'running' || run.attempt > 1) return [service, state];
    return [service, { ...state, accepted: { ...state.accepted, run: { ...run, holder: null, state: 'done' } } }];
  });
  return { ...view, acceptors: Object.fromEntries(acceptors) };
}

function* clocksAreCompared(made: Parameters<Tamper>[0], pass: Parameters<Tamper>[1]): Routine<Answer<unknown>> {
  const answer = yield* pass();
  if (made.name !== 'readTable' || !answer.ok) return answer;
  const { wallMs } = yield* readTime();
  const view = answer.value as {
    opinions: OpinionItem | null;
    acceptors: TableView['acceptors'];
  };
  if (view.opinions === null) return answer;
  const decidedMs = Object.values(view.acceptors)[0]?.accepted?.run?.times.decidedMs ?? wallMs;
  const stopwatches = Object.fromEntries(
    Object.entries(view.opinions.stopwatches).map(([name, ms]) => [
      name,
      isConditionWatch(name) ? ms : wallMs - decidedMs,
    ]),
  );
  return { ok: true, value: { ...view, opinions: { ...view.opinions, stopwatches } } };
}

function writeBeforeJournal(): Tamper {
  let digests: Digests = {};
  return function* (made, pass) {
    if (made.name === 'writeOpinions') digests = made.input.item.digests;
    if (made.name === 'accept' && hasOpenRun(made.input.value) && made.input.value.run.attempt === 1) {
      const { service, value } = made.input;
      const step = value.run?.steps.find(({ name, state }) => name === 'address' && state === 'pending');
      if (step?.region) {
        yield* call('log', { event: newEvent('step-started', service, 'the address, too early') });
        const token = { epoch: value.epoch, attempt: 1 };
        const order = {
          service,
          token,
          manner: 'enforce',
          digests,
          kind: 'address',
          address: 0,
          site: value.active,
        } as const;
        yield* call('invoke', { region: step.region, order });
      }
    }
    return yield* pass();
  };
}

function blindAddress(): Tamper {
  const hasLooked = new Set<number>();
  return onAnswer('read:address', (seen, _input, { serial }) => {
    // Only the first look of each order: the read back must still see the truth, or the step would never end.
    if (hasLooked.has(serial)) return seen;
    hasLooked.add(serial);
    return { ...seen, at: null };
  });
}
