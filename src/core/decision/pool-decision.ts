import { lastResortName, type NamedService, sitesByPriority } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { canShiftInParts, rampPercent } from '../register/share.ts';
import { rampWatch, upWatch } from '../tables/stopwatch.ts';
import { fitOf, loadSettleMs } from './capacity.ts';
import { type Decision, type DecisionInput, hold } from './decision-input.ts';
import { forbiddenBecause } from './limits.ts';

/** Least share of a site's traffic that is worth a run. Source: our own; less is within the noise of load reports. */
const gainPercentMin = 5;

/**
 * Decides about an active-active service: who leaves the pool, who comes back.
 *
 * A site that a quorum calls down is withdrawn, the last by priority first, as far as the rest can carry its load. The pool is never emptied: with every serving site down all stay (`fail-open`), or the static endpoint
 * takes over where the service asks for that. A site comes back when it has been up for `failback.healthyForMs`; only
 * coming back counts against the daily limit, so a flapping site ends outside, not inside.
 */
export function decidePool(input: DecisionInput): Decision {
  const { service, register, knowledge } = input;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  if (register.serving.includes(lastResortName)) return decideReturn(input);

  const inMaintenance = register.serving.filter((site) => register.maintenance.includes(site));
  const down = inPool(service, register).filter((site) => knowledge.verdicts[site] === 'down');
  const well = register.serving.filter((site) => !down.includes(site) && !inMaintenance.includes(site));
  const leaving = [...[...down].reverse(), ...inMaintenance.filter((site) => !down.includes(site))];
  if (leaving.length > 0) {
    if (well.some((site) => knowledge.verdicts[site] === 'up')) {
      // One that cannot leave yet keeps no other from leaving.
      const decisions = leaving.map((site) => decideWithdrawal(input, site, well));
      const [first = hold('healthy', describe(register))] = decisions;
      return decisions.find(({ kind }) => kind === 'move') ?? first;
    }
    const areAllDown = Object.keys(service.sites).every((site) => knowledge.verdicts[site] === 'down');
    if (areAllDown && service.failover.allDown === 'last-resort' && service.traffic.dns?.lastResort !== undefined) {
      return toLastResort(register);
    }
    if (down.length > 0) {
      // Whoever waits outside and has been well for long enough is better than all that serve.
      const back = decideReadmission(input);
      return back?.kind === 'move' ? back : hold('fail-open', 'no serving site is up; all stay in the pool');
    }
  }
  return decideReadmission(input) ?? hold(wellReason(input), describe(register));
}

/** Sites that get traffic, the last of them first to be asked: those of lowest priority last in the list. */
function inPool(service: NamedService, register: Register): readonly string[] {
  return sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
}

function wellReason({ register, isActiveSuspected, knowledge }: DecisionInput) {
  if (isActiveSuspected) return 'suspected';
  return register.serving.some((site) => knowledge.verdicts[site] === 'degraded') ? 'degraded' : 'healthy';
}

function describe({ serving }: Register): string {
  return `${serving.join(', ')} serve`;
}

/**
 * Takes a site out of the pool, as far as those that are well can carry its load; others that have to leave go with it
 * where the load of all fits.
 */
function decideWithdrawal(input: DecisionInput, site: string, well: readonly string[]): Decision {
  const { service, register, knowledge, stopwatches } = input;
  const isInParts = canShiftInParts(service);
  const sinceShiftMs = stopwatches[rampWatch(service.name, register.ramp)] ?? 0;
  if (rampPercent(register, site) < 100 && sinceShiftMs < loadSettleMs(service)) {
    return hold('over-capacity', `${site} has left in part; the loads must show it before more is shifted`);
  }
  const fits = (leaving: readonly string[]) => {
    const fit = service.capacity.shortage === 'shed' ? fitOf(service, knowledge, leaving, well) : null;
    return fit?.scaledPercent ?? 100;
  };
  const fitPercent = fits([site]);
  if (fitPercent < (isInParts ? gainPercentMin : 100)) {
    return hold('over-capacity', `${well.join(', ')} could carry ${fitPercent} % of what ${site} carries`);
  }
  const others = register.serving.filter((other) => other !== site);
  const areAllLeaving = fits([site, ...others.filter((other) => !well.includes(other))]) >= 100;
  const what = register.maintenance.includes(site) ? 'is in maintenance' : 'is down for a quorum';
  return {
    kind: 'move',
    run: 'withdraw',
    from: site,
    to: well[0] ?? site,
    serving: areAllLeaving ? well : others,
    reason: 'site-down',
    detail: `${site} ${what}`,
  };
}

function decideReadmission(input: DecisionInput): Decision | null {
  const { service, register, knowledge, stopwatches } = input;
  const { failback } = service;
  const waiting = sitesByPriority(service).filter(
    (site) =>
      !register.serving.includes(site) && !register.maintenance.includes(site) && knowledge.verdicts[site] === 'up',
  );
  if (waiting.length === 0 || failback.mode === 'manual') return null;
  const ready = waiting.find((site) => (stopwatches[upWatch(service.name, site)] ?? 0) >= failback.healthyForMs);
  if (ready === undefined)
    return hold('warming-up', `${waiting.join(', ')} must be up for ${failback.healthyForMs / 1_000} s`);
  const forbidden = forbiddenBecause({ ...input, register: { ...register, block: null } });
  if (forbidden !== null) return forbidden;
  return {
    kind: 'move',
    run: 'readmit',
    from: register.active,
    to: ready,
    serving: sitesByPriority(service).filter((site) => site === ready || register.serving.includes(site)),
    reason: 'site-back',
    detail: `${ready} has been up for ${failback.healthyForMs / 1_000} s`,
  };
}

function toLastResort({ active }: Register): Decision {
  return {
    kind: 'move',
    run: 'last-resort',
    from: active,
    to: active,
    serving: [lastResortName],
    reason: 'all-down',
    detail: 'every site is down; clients are sent to the static endpoint',
  };
}

/** While the static endpoint serves: back to all sites that are up. */
function decideReturn({ service, register, knowledge }: DecisionInput): Decision {
  const up = sitesByPriority(service).filter(
    (site) => knowledge.verdicts[site] === 'up' && !register.maintenance.includes(site),
  );
  const [first] = up;
  if (first === undefined) return hold('all-down', 'every site is down; the static endpoint serves');
  return {
    kind: 'move',
    run: 'recover',
    from: register.active,
    to: first,
    serving: up,
    reason: 'site-back',
    detail: `${up.join(', ')} are up again`,
  };
}
