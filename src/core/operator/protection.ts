import { passedTime } from '../checkup/passed-time.ts';
import type { Decision, DecisionInput, Reason } from '../decision/decision-input.ts';
import { planSteps } from '../decision/plan.ts';
import { decide } from '../decision/service-decision.ts';
import { whatIsUndone } from '../decision/stuck-run.ts';
import { elsewhereText } from '../decision/writer/outside-writer.ts';
import { goesUnapproved } from '../model/policy.ts';
import { lastResortName, sitesByPriority } from '../model/service.ts';
import { majorityAmong } from '../register/quorum.ts';
import { hasOpenRun } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import { rampPercent } from '../register/share.ts';
import { epochWatch, type Stopwatches, unprotectedWatch } from '../tables/stopwatch.ts';
import { memoryFollowMs } from '../timing.ts';
import { type DnsStatus, dnsText, type RegionSays } from './dns-status.ts';

/**
 * Whether clients of a service would be served after the next fault.
 *
 * `protected`: if a serving site fails, another site or the static endpoint takes over. `unprotected`: none would take
 * over. `moving`: a run is under way or about to begin. `stuck`: a site is down, a step is not done, or the data is
 * written where no client is led to, and this does not end by itself. `cannot-see`: too little is known.
 */
export type ProtectionLevel = (typeof protectionLevels)[number];

/** Every level, the best first. */
export const protectionLevels = ['protected', 'unprotected', 'moving', 'stuck', 'cannot-see'] as const;

/** Each level as people read it first. */
export const levelWords: Readonly<Record<ProtectionLevel, string>> = {
  protected: 'PROTECTED',
  moving: 'MOVING',
  unprotected: 'UNPROTECTED',
  stuck: 'STUCK',
  'cannot-see': 'CANNOT SEE',
};

/** A service's protection, and why it is so. */
export interface Protection {
  readonly level: ProtectionLevel;
  readonly why: string;
  /** Whether nothing is wrong: the service is protected, or it makes a planned move. */
  readonly isWell: boolean;
  /** What would keep clients where they are after the next fault; absent where that is not what is wrong. */
  readonly reason?: Reason;
  /**
   * For how long it has been unprotected at least, in milliseconds, as its watchers have counted; null where none has.
   * Absent at other levels.
   */
  readonly forMs?: number | null;
}

/** Kinds of run that begin because something has failed. All others are planned, or are returns. */
const rescues: readonly RunKind[] = ['failover', 'withdraw', 'last-resort'];

/**
 * Judges the protection of a service whose register can be read.
 *
 * The engine's own rules give the answer: for each serving site, `decide` is asked what it would do if the site were
 * down.
 *
 * @param input - the decision input of the service; for a following member of a group, that of the first member, which
 *   decides for all
 * @param decision - what a watcher decides about the service now
 * @param state - the state that follows from the decision, where it is one of these
 * @param lacking - what is missing for a quorum or a majority; empty when a failover could be decided
 * @param isDark - whether the functions of a region answer no watcher
 */
export function protectionOf(
  input: DecisionInput,
  decision: Decision,
  state: 'stuck' | 'moving' | null,
  lacking: string,
  isDark: (region: string) => boolean = () => false,
): Protection {
  if (state === 'stuck') return ill('stuck', decision.detail);
  if (state === 'moving') return moving(input, decision);
  const serving = servingSites(input);
  const dead = serving.find((site) => input.knowledge.verdicts[site] === 'down');
  if (dead !== undefined) return ill('stuck', `${dead} is down; ${decision.detail}`);
  // A pause hides nothing that a move has left undone.
  const undone = whatIsUndone(input.register);
  if (undone !== null) return ill('stuck', `${undone}; ${decision.detail}`);
  const elsewhere = elsewhereText(input.service, input.register);
  if (elsewhere !== null) return ill('stuck', elsewhere);
  if (lacking !== '') return ill('cannot-see', lacking);
  if (decision.kind === 'abstain') return ill('cannot-see', decision.detail);
  const losses = serving.map((site) => ({ site, ...afterLoss(input, site, isDark) }));
  for (const { site, outcome, unreached } of losses) {
    const isSaved = outcome.kind === 'move' && !outcome.serving.includes(site);
    if (!isSaved && unreached.length > 0)
      return {
        ...ill('unprotected', `if ${site} fails, clients stay there: ${explainUnreached(input, unreached)}`),
        reason: 'no-eligible-site',
      };
    if (!isSaved)
      return {
        ...ill('unprotected', `if ${site} fails, clients stay there: ${outcome.detail}`),
        reason: outcome.reason,
      };
  }
  const whys = losses.map(({ site, outcome }) => `if ${site} fails, ${saviours(outcome)}`);
  return { level: 'protected', why: whys.join('; '), isWell: true };
}

/** A protection with the time for which it has been lacking, as the watchers have counted it. */
export function withTime(protection: Protection, service: string, stopwatches: Stopwatches): Protection {
  if (protection.level !== 'unprotected') return protection;
  return { ...protection, forMs: stopwatches[unprotectedWatch(service)] ?? null };
}

/** Why a service is protected or not, and for how long it has not been: in whole minutes, as far as it is known. */
export function protectionText({ why, forMs }: Protection): string {
  if (forMs === undefined) return why;
  if (forMs === null) return `${why}; since when is not known`;
  const wholeMs = Math.floor(forMs / 60_000) * 60_000;
  if (wholeMs === 0) return `${why}; for less than a minute`;
  return `${why}; for ${wholeMs === 60_000 ? '1 min' : passedTime(wholeMs)} or a little more`;
}

/** A protection that is not well. */
export function ill(level: ProtectionLevel, why: string): Protection {
  return { level, why, isWell: false };
}

/**
 * The same, with what DNS would do of itself.
 *
 * DNS that leads clients elsewhere than the register says, for longer than a move explains, protects nobody. A move
 * that is under way, or that is stuck, explains it, and so does a register that cannot be read. Where no majority of
 * oracles is heard, DNS follows a move by its memory alone; without that, it is not known whether it would follow.
 *
 * @param serving - sites that the register sends clients to
 */
export function withLeading(protection: Protection, dns: DnsStatus | null, serving: readonly string[]): Protection {
  if (dns === null || !['protected', 'unprotected'].includes(protection.level)) return protection;
  if (dns.state !== 'differs') return withSilence(protection, dns);
  const leadsTo = dns.leadsTo?.join(', ') ?? '';
  const why = `DNS leads clients to ${leadsTo}, and the register to ${serving.join(', ')} (${dnsText(dns)})`;
  return { ...protection, ...ill('unprotected', protection.isWell ? why : `${why}; ${protection.why}`) };
}

/** It stays protected: a reader who may not ask, or whom nothing answers, is no fault of the service. */
function withSilence(protection: Protection, dns: DnsStatus): Protection {
  if (protection.level !== 'protected' || dns.oracles === null || !isSilent(dns.oracles)) return protection;
  const isRemembered = dns.memories !== null && !isSilent(dns.memories);
  const words = isRemembered
    ? `DNS would follow by its memory alone, up to ${passedTime(memoryFollowMs)} later`
    : 'whether DNS would follow is not known here';
  return { ...protection, why: `${protection.why}; ${words} (${dnsText(dns)})` };
}

/** Whether no majority of the control regions says anything. */
function isSilent(said: Readonly<Record<string, RegionSays>>): boolean {
  const all = Object.values(said);
  return all.filter(({ sites }) => sites !== null).length < majorityAmong(all.length);
}

function moving({ register }: DecisionInput, decision: Decision): Protection {
  const kind = hasOpenRun(register) ? register.run.kind : decision.kind === 'move' ? decision.run : 'failover';
  return { level: 'moving', why: decision.detail, isWell: !rescues.includes(kind) };
}

function servingSites({ service, register }: DecisionInput): readonly string[] {
  if (service.mode === 'active-passive') return [register.active];
  return sitesByPriority(service).filter((site) => rampPercent(register, site) > 0);
}

/**
 * The decision once a quorum calls a site down, and the sites that it would lead to in vain: their promotion or start
 * is ordered of a function in their region, and functions there answer nobody. The next site is tried then.
 */
function afterLoss(input: DecisionInput, site: string, isDark: (region: string) => boolean) {
  const unreached: string[] = [];
  for (let given = input; ; ) {
    const outcome = decideLoss(given, site);
    if (!needsDark(input, outcome, isDark) || outcome.kind !== 'move') return { outcome, unreached };
    unreached.push(outcome.to);
    const verdicts = { ...given.knowledge.verdicts, [outcome.to]: 'unclear' } as const;
    given = { ...given, knowledge: { ...given.knowledge, verdicts } };
  }
}

function needsDark({ service }: DecisionInput, outcome: Decision, isDark: (region: string) => boolean): boolean {
  if (outcome.kind !== 'move' || outcome.run !== 'failover') return false;
  const { run: kind, from, to, serving } = outcome;
  const region = service.sites[to]?.region;
  if (region === undefined || !isDark(region)) return false;
  const steps = planSteps(service, { kind, from, to, serving, fences: [] });
  return steps.some(({ name }) => name === 'promote' || name === 'start');
}

function explainUnreached({ service }: DecisionInput, unreached: readonly string[]): string {
  const regions = new Set(unreached.map((site) => service.sites[site]?.region));
  return `${unreached.join(', ')} cannot take over while no function in ${[...regions].join(', ')} answers`;
}

/** The decision once a quorum calls a site down, after its boot grace if that still lasts. */
function decideLoss(input: DecisionInput, site: string): Decision {
  const lost = withLoss(input, site);
  const outcome = decideAsked(lost, site);
  if (outcome.kind === 'move' || outcome.reason !== 'boot-grace') return outcome;
  const { service, register, stopwatches } = input;
  const booted = { [epochWatch(service.name, register.epoch)]: service.detection.bootGraceMs };
  return decideAsked({ ...lost, stopwatches: { ...stopwatches, ...booted } }, site);
}

/** The decision, after the wait for an approval that ends by itself. */
function decideAsked(lost: DecisionInput, site: string): Decision {
  const outcome = decide(lost);
  const { service, register } = lost;
  if (outcome.reason !== 'approval-waits' || !goesUnapproved(service.failover.approval)) return outcome;
  const approval = { from: site, askedMs: 0, approvedBy: 'nobody' };
  return decide({ ...lost, register: { ...register, approval } });
}

function withLoss(input: DecisionInput, site: string): DecisionInput {
  const { verdicts, reports } = input.knowledge;
  const verdict = { [site]: 'down' } as const;
  // A site whose own region closed its fence would be a reason to wait. Here the loss of the site itself is meant.
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
  if (outcome.serving.includes(lastResortName)) return 'the static endpoint takes over';
  return outcome.run === 'withdraw' ? `${outcome.serving.join(', ')} carry on` : `${outcome.to} takes over`;
}
