import { readyReserves } from '../decision/capacity.ts';
import { demandOf } from '../decision/demand.ts';
import { noOverrides } from '../decision/eligibility.ts';
import { openRun } from '../decision/plan.ts';
import { percentsLeft } from '../decision/share-plan.ts';
import { preferredSite } from '../model/service.ts';
import { newRunTimes } from '../register/ledger.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { StepName } from '../register/run.ts';
import { describeRun } from '../register/run-words.ts';
import { canShiftInParts } from '../register/share.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from './command-outcome.ts';
import { moveByHand } from './hand-move.ts';
import { type PauseOrder, pauseService, resumeService } from './pausing/pause-order.ts';
import { type ApprovalOrder, approve } from './planned/approval-order.ts';
import { cancelSwitchover, type PlannedOrder, planSwitchover } from './planned/planned-order.ts';
import { type ReleaseOrder, releaseFence } from './release.ts';
import { continueByHand, skipByHand } from './rescue.ts';

/** What an operator can ask of a service. */
export type Command =
  | PauseOrder
  | { readonly verb: 'resume' }
  | { readonly verb: 'ack' }
  | ApprovalOrder
  | { readonly verb: 'maintenance'; readonly site: string; readonly isOn: boolean; readonly isFailoverAllowed: boolean }
  | { readonly verb: 'switchover'; readonly to: string | null }
  | ({ readonly verb: 'plan-switchover' } & PlannedOrder)
  | { readonly verb: 'cancel-switchover' }
  | {
      readonly verb: 'failover';
      readonly to: string | null;
      readonly isForced: boolean;
      readonly isDataLossAllowed: boolean;
      /** Go on without a proven fence where the service demands proof. */
      readonly isProofWaived: boolean;
    }
  | { readonly verb: 'failback' }
  | ({ readonly verb: 'release' } & ReleaseOrder)
  | { readonly verb: 'continue' }
  | { readonly verb: 'skip'; readonly step: StepName; readonly areTwoWritersAllowed: boolean };

/** Judges one command against the newest register; pure, and called again when somebody else was faster. */
export function obey(command: Command, context: CommandContext): CommandOutcome {
  switch (command.verb) {
    case 'pause':
      return pauseService(command, context);
    case 'resume':
      return resumeService(context);
    case 'ack':
      return acknowledge(context);
    case 'approve':
      return approve(command, context);
    case 'maintenance':
      return command.isOn
        ? beginMaintenance(command.site, command.isFailoverAllowed, context)
        : endMaintenance(command.site, context);
    case 'switchover':
      return moveByHand('switchover', command.to, noOverrides, context);
    case 'plan-switchover':
      return planSwitchover(command, context);
    case 'cancel-switchover':
      return cancelSwitchover(context);
    case 'failover':
      return failoverByHand(command, context);
    case 'failback':
      return moveByHand('failback', preferredSite(context.service), noOverrides, context);
    case 'release': {
      const released = releaseFence(command, context.service, context.register, context.knowledge);
      return released.outcome === 'accepted'
        ? accept(released.register, released.what, context, released.message)
        : released;
    }
    case 'continue':
      return continueByHand(context);
    case 'skip':
      return skipByHand(command.step, command.areTwoWritersAllowed, context);
  }
}

function acknowledge(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  const open = register.moves.filter(({ kind, isAcknowledged }) => kind === 'failover' && !isAcknowledged);
  if (open.length === 0) return unchanged(`${service.name} has nothing to acknowledge`);
  const moves = register.moves.map((move) => ({ ...move, isAcknowledged: true }));
  const epochs = open.map(({ epoch }) => epoch).join(', ');
  return accept(
    { ...register, moves },
    'ack',
    context,
    `the failover of epoch ${epochs} is acknowledged; the block period is over`,
  );
}

function beginMaintenance(site: string, isFailoverAllowed: boolean, context: CommandContext): CommandOutcome {
  const { register, service } = context;
  if (register.maintenance.includes(site)) return unchanged(`${site} is already in maintenance`);
  const maintenance = [...register.maintenance, site].sort();
  const message = `${site} is in maintenance; no move will choose it`;
  if (service.mode === 'active-active') return withdrawByHand(site, { ...register, maintenance }, message, context);
  if (site !== register.active) return accept({ ...register, maintenance }, `maintenance on ${site}`, context, message);
  if (!isFailoverAllowed) {
    return refuse(`${site} is active; switch over first, or say --allow-failover to do both`);
  }
  const moved = moveByHand('switchover', null, noOverrides, context);
  if (moved.outcome !== 'accepted') return moved;
  return accept(
    { ...moved.register, maintenance },
    `maintenance on ${site}`,
    { ...context, register: moved.register },
    `${moved.message}; ${service.name}'s ${site} is in maintenance`,
  );
}

/** A site of a pool in maintenance leaves it, as long as another one serves, or a reserve can. */
function withdrawByHand(site: string, register: Register, message: string, context: CommandContext): CommandOutcome {
  const { service, knowledge, by, wallMs } = context;
  const what = `maintenance on ${site}`;
  if (!register.serving.includes(site)) return accept(register, what, context, message);
  if (hasOpenRun(register)) return refuse(`${describeRun(register.run)} is in progress; try again when it has ended`);
  const others = register.serving.filter((name) => name !== site);
  const isLeftBy = (serving: readonly string[]) => {
    const ramp = { ...register.ramp, ...Object.fromEntries(serving.map((name) => [name, 100])) };
    const shares = { ...register, ramp: serving === others ? register.ramp : ramp };
    const plan = { service, shares, knowledge, demand: demandOf(context) };
    return percentsLeft(plan, [site], 'full')[site] === 0;
  };
  const serving = others.length > 0 && isLeftBy(others) ? others : [...others, ...readyReserves(context)];
  const [first] = serving;
  if (first === undefined) return refuse(`${site} is the only site that serves; the pool is never emptied`);
  if (!isLeftBy(serving) && !canShiftInParts(service)) {
    const cannot = `${serving.join(', ')} cannot carry what ${site} carries`;
    return refuse(`${cannot}; bring another site back first, or wait until there is less to carry`);
  }
  const move = {
    kind: 'withdraw',
    from: site,
    to: first,
    serving,
    reason: 'operator',
    by,
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: demandOf(context),
    times: newRunTimes(wallMs),
  } as const;
  const opened = openRun(service, register, move, null);
  return accept(opened, what, { ...context, register: opened }, `${site} is in maintenance and leaves the pool`);
}

function endMaintenance(site: string, context: CommandContext): CommandOutcome {
  const { register } = context;
  if (!register.maintenance.includes(site)) return unchanged(`${site} is not in maintenance`);
  const maintenance = register.maintenance.filter((name) => name !== site);
  return accept({ ...register, maintenance }, `maintenance off ${site}`, context, `${site} may be chosen again`);
}

function failoverByHand(command: Command & { readonly verb: 'failover' }, context: CommandContext): CommandOutcome {
  const { service, register, knowledge } = context;
  const { isForced, isDataLossAllowed, isProofWaived } = command;
  if (isProofWaived && !isForced) return refuse('--without-fence-proof goes with --force: a person answers for it');
  const verdict = knowledge.verdicts[register.active] ?? 'unclear';
  if (!isForced && verdict === 'up') {
    return refuse(
      `${register.active} is up; use "cdk-failover switchover ${service.name}" to move while all is well, or --force`,
    );
  }
  const overrides = { isVerdictWaived: isForced, isDataLossAllowed, isProofWaived };
  return moveByHand('failover', command.to, overrides, context);
}
