import type { Decision, DecisionInput } from '../decision/decision-input.ts';
import { decide } from '../decision/service-decision.ts';
import { sitesByPriority } from '../model/service.ts';
import { hasOpenRun } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import { rampPercent } from '../register/share.ts';
import { epochWatch } from '../tables/stopwatch.ts';

/**
 * Whether clients of a service would be served after the next fault.
 *
 * `protected`: whatever serves now may fail, and another site takes over. `unprotected`: it would not. `moving`: a run
 * is under way or about to begin. `stuck`: something is down or undone, and does not mend itself. `cannot-see`: not
 * enough is known to say.
 */
export type ProtectionLevel = 'protected' | 'unprotected' | 'moving' | 'stuck' | 'cannot-see';

/** A service's protection, and why it is so. */
export interface Protection {
  readonly level: ProtectionLevel;
  readonly why: string;
  /** Nothing is wrong: it is protected, or it moves because somebody or the configuration planned it. */
  readonly isWell: boolean;
}

/** Runs that begin because something has failed. All others are planned, or lead back. */
const rescues: readonly RunKind[] = ['failover', 'withdraw', 'last-resort'];

/**
 * Judges the protection of a service whose register can be read.
 *
 * The answer is the engine's own: each site that serves is taken for down, and `decide` says what would be done.
 *
 * @param input - of the service; of a member of a group that follows, that of the first member, which decides for all
 * @param decision - what a watcher decides about the service now
 * @param state - what follows from that, where it is one of these
 * @param lacking - what a quorum or a majority lacks; empty when a failover could be decided
 */
export function protectionOf(
  input: DecisionInput,
  decision: Decision,
  state: 'stuck' | 'moving' | null,
  lacking: string,
): Protection {
  if (state === 'stuck') return ill('stuck', decision.detail);
  if (state === 'moving') return moving(input, decision);
  const serving = servingSites(input);
  const dead = serving.find((site) => input.knowledge.verdicts[site] === 'down');
  if (dead !== undefined) return ill('stuck', `${dead} is down; ${decision.detail}`);
  if (lacking !== '') return ill('cannot-see', lacking);
  if (decision.kind === 'abstain') return ill('cannot-see', decision.detail);
  const losses = serving.map((site) => ({ site, outcome: decideLoss(input, site) }));
  for (const { site, outcome } of losses) {
    if (outcome.kind !== 'move' || outcome.serving.includes(site))
      return ill('unprotected', `if ${site} fails, clients stay there: ${outcome.detail}`);
  }
  const whys = losses.map(({ site, outcome }) => `if ${site} fails, ${saviours(outcome)}`);
  return { level: 'protected', why: whys.join('; '), isWell: true };
}

/** Something that a person should know of. */
export function ill(level: ProtectionLevel, why: string): Protection {
  return { level, why, isWell: false };
}

function moving({ register }: DecisionInput, decision: Decision): Protection {
  const kind = hasOpenRun(register) ? register.run.kind : decision.kind === 'move' ? decision.run : 'failover';
  return { level: 'moving', why: decision.detail, isWell: !rescues.includes(kind) };
}

function servingSites({ service, register }: DecisionInput): readonly string[] {
  if (service.mode === 'active-passive') return [register.active];
  return sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
}

/** What is done once a site is down for a quorum: after its grace to boot, if that still lasts. */
function decideLoss(input: DecisionInput, site: string): Decision {
  const lost = withLoss(input, site);
  const outcome = decide(lost);
  if (outcome.kind === 'move' || outcome.reason !== 'boot-grace') return outcome;
  const { service, register, stopwatches } = input;
  const booted = { [epochWatch(service.name, register.epoch)]: service.detection.bootGraceMs };
  return decide({ ...lost, stopwatches: { ...stopwatches, ...booted } });
}

function withLoss(input: DecisionInput, site: string): DecisionInput {
  const { verdicts, reports } = input.knowledge;
  const verdict = { [site]: 'down' } as const;
  // A fence that is closed by its own region would be a reason to wait; the loss meant here is one of the site.
  const { isSelfFenced: _isClosed, ...report } = reports[site] ?? {};
  const knowledge = {
    ...input.knowledge,
    verdicts: { ...verdicts, ...verdict },
    reports: { ...reports, [site]: report },
  };
  return { ...input, knowledge };
}

function saviours(outcome: Decision): string {
  if (outcome.kind !== 'move') return 'nobody takes over';
  return outcome.run === 'withdraw' ? `${outcome.serving.join(', ')} carry on` : `${outcome.to} takes over`;
}
