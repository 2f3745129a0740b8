import { hasOneWriter } from '../model/data.ts';
import { lastResortName, nameNow, type Service } from '../model/service.ts';
import type { Run } from './run.ts';

/**
 * What is known about whether a fence is closed. `none`: nothing. `closed`: it was read back as closed. `lease`: it
 * could not be read, but its region was silent until the site's lease must have run out. Elapsed time is no proof.
 */
export type FenceProof = 'none' | 'closed' | 'lease';

/**
 * A fence that has to be closed because another site writes, or is about to.
 *
 * It is owed from the moment of the decision. Only a proof that the site is a standby, or a person, opens it
 * (docs/adr/0012-owed-fences.md).
 */
export interface OwedFence {
  readonly site: string;
  /** Epoch of the newest move that owes it. */
  readonly epoch: number;
  readonly proof: FenceProof;
  /**
   * Whether the service had data with one writer when the fence was owed, by this move or by an earlier one: the site's
   * copy may take writes, whatever a later configuration says. Absent: it had none.
   */
  readonly guardsData?: true;
}

/** The part of a register that says who may write. */
export interface Writing {
  readonly writer: string;
  readonly promoting: readonly string[];
  readonly leftUnpromoted?: readonly string[];
  readonly leftUnfenced?: readonly string[];
  readonly owed: readonly OwedFence[];
  readonly run: Run | null;
}

/** The part of a register that says which fences are closed, or may be closed. */
interface Fencing extends Pick<Writing, 'owed' | 'leftUnfenced'> {
  readonly opening: readonly string[];
}

/** Whether the run may have ordered its promotion, because the fence step before it has ended well. */
export function hasBegunPromotion({ steps }: Pick<Run, 'steps'>): boolean {
  const promote = steps.find(({ name }) => name === 'promote');
  const isOpenFor = (name: string) =>
    steps.every((step) => step.name !== name || ['done', 'fallback', 'skipped'].includes(step.state));
  return promote?.after.every(isOpenFor) ?? false;
}

/**
 * Sites that may take writes: the writer, and sites whose promotion was ordered and is not known to have failed, by the
 * newest run or by those before it.
 */
export function possibleWriters({
  writer,
  promoting,
  run,
}: Pick<Writing, 'writer' | 'promoting' | 'run'>): readonly string[] {
  const promotedTo = run !== null && hasBegunPromotion(run) ? [run.to] : [];
  return [...new Set([writer, ...promoting, ...promotedTo])];
}

/**
 * The same, with the sites that were left before the service had data: whoever added it may have made one of them its
 * writer. And with those that were left while no configuration had them, so that nobody could fence them.
 */
function writersBy(service: Pick<Service, 'data'>, register: Writing): readonly string[] {
  const { leftUnpromoted = [], leftUnfenced = [] } = register;
  const left = hasOneWriter(service) ? [...leftUnpromoted, ...leftUnfenced] : [];
  return [...new Set([...possibleWriters(register), ...left])];
}

/**
 * The fences that a move to a site owes: of every site that may take writes, and those that were owed before it.
 *
 * A fence that was closed for an earlier move is read again. A fence with proof `lease` needs no second wait while its
 * region is still silent. When the new site's own fence was owed, it stays owed until the site is proven to write. A
 * site that the register still calls by an earlier name is fenced as what it is called now.
 *
 * @param epoch - that the move begins
 */
export function fencesOwed(
  service: Pick<Service, 'sites' | 'data'>,
  register: Writing,
  to: string,
  epoch: number,
): readonly OwedFence[] {
  const before = register.owed.map(({ site }) => site);
  const writers = writersBy(service, register);
  const now = (site: string) => nameNow(service, site) ?? site;
  const isProven = writers.length === 1 && writers.every((site) => now(site) === to);
  const isNeeded = (site: string) => now(site) !== to || (before.includes(site) && !isProven);
  const fenced = [...new Set([...writers, ...before])].filter(
    (site) => isNeeded(site) && service.sites[now(site)]?.fence !== undefined,
  );
  return fenced.map((site) => {
    const owed = register.owed.find((fence) => fence.site === site);
    const isGuard = hasOneWriter(service) || owed?.guardsData === true;
    const proof = owed?.proof === 'lease' ? 'lease' : 'none';
    return { site, epoch, proof, ...(isGuard ? { guardsData: true } : {}) };
  });
}

/**
 * The register of a move by a configuration that lacks sites which may write, or whose fences were owed: nobody can
 * close them now, and none of them is forgotten.
 */
export function withStrangersLeft<R extends Writing>(service: Pick<Service, 'sites' | 'data'>, register: R): R {
  const { owed, leftUnfenced = [] } = register;
  const named = [...possibleWriters(register), ...owed.map(({ site }) => site)];
  const strangers = named.filter((site) => site !== lastResortName && nameNow(service, site) === null);
  return withLeftUnfenced(register, [...leftUnfenced, ...strangers]);
}

/** The register with these sites left unfenced; without the part where there are none. */
export function withLeftUnfenced<R extends Pick<Writing, 'leftUnfenced'>>(register: R, sites: readonly string[]): R {
  const { leftUnfenced: _, ...others } = register;
  return (sites.length === 0 ? others : { ...others, leftUnfenced: [...new Set(sites)] }) as R;
}

/**
 * The first register after one that is lost: these sites may have been the writer, and owe their fences until they are
 * proven standbys. A site that serves owes none.
 */
export function withFencesKept<
  R extends Pick<Writing, 'owed'> & { readonly epoch: number; readonly serving: readonly string[] },
>(service: Pick<Service, 'data'>, register: R, sites: readonly string[]): R {
  const others = sites.filter((site) => !register.serving.includes(site));
  const guard = hasOneWriter(service) ? { guardsData: true as const } : {};
  return { ...register, owed: others.map((site) => ({ site, epoch: register.epoch, proof: 'none', ...guard })) };
}

/**
 * The register once it is known of some sites that they do not write the data.
 *
 * @param sites - of those that were left without a promotion; all of them when left out
 */
export function withoutLeft<R extends Pick<Writing, 'leftUnpromoted'>>(register: R, sites?: readonly string[]): R {
  const { leftUnpromoted = [], ...settled } = register;
  const left = leftUnpromoted.filter((site) => sites !== undefined && !sites.includes(site));
  return (left.length === 0 ? settled : { ...settled, leftUnpromoted: left }) as R;
}

/** Whether a site may serve or write according to a value of the register, so that it is not only a standby. */
export function mayServe(
  service: Pick<Service, 'data'>,
  { active, serving, ...writing }: Writing & { active: string; serving: readonly string[] },
  site: string,
): boolean {
  const mayWrite = writersBy(service, writing).includes(site);
  return active === site || serving.includes(site) || mayWrite || isFenceOwed(writing, site);
}

/** Whether a site's fence is owed and was read back as closed. */
export function isFenceClosed({ owed }: Pick<Writing, 'owed'>, site: string): boolean {
  return owed.some((fence) => fence.site === site && fence.proof === 'closed');
}

/** Whether a site's fence is owed for data that this configuration has no more: nothing here says who writes it. */
export function guardsLostData(service: Pick<Service, 'data'>, { owed }: Pick<Writing, 'owed'>, site: string): boolean {
  return !hasOneWriter(service) && owed.some((fence) => fence.site === site && fence.guardsData === true);
}

/** Whether a site's fence may not be opened. */
export function isFenceOwed({ owed }: Pick<Writing, 'owed'>, site: string): boolean {
  return owed.some((fence) => fence.site === site);
}

/**
 * The register with new proofs of fences. A fence that is not owed is ignored, and a proof is never replaced by a
 * weaker one.
 */
export function withProofs<R extends Pick<Writing, 'owed'>>(
  register: R,
  proofs: Readonly<Record<string, FenceProof>>,
): R {
  const owed = register.owed.map((fence) => {
    const proof = proofs[fence.site];
    return proof === undefined || fence.proof === 'closed' ? fence : { ...fence, proof };
  });
  return { ...register, owed };
}

/**
 * The register with these fences owed. Fences that are no longer owed are marked to be opened, but for those of sites
 * that nobody here could fence.
 */
export function withOwed<R extends Fencing>(register: R, owed: Writing['owed']): R {
  const { leftUnfenced = [] } = register;
  const shut = [...register.opening, ...register.owed.map(({ site }) => site)];
  const opening = [...new Set(shut)].filter((site) => !isFenceOwed({ owed }, site) && !leftUnfenced.includes(site));
  return { ...register, owed, opening };
}

/** The register once some sites owe no fence any more. */
export function withReleased<R extends Fencing>(register: R, sites: readonly string[]): R {
  const left = (register.leftUnfenced ?? []).filter((site) => !sites.includes(site));
  return withOwed(
    withLeftUnfenced(register, left),
    register.owed.filter(({ site }) => !sites.includes(site)),
  );
}

/** The register with a fence that was read back as open. */
export function withOpened<R extends Pick<Fencing, 'opening'>>(register: R, site: string): R {
  return { ...register, opening: register.opening.filter((one) => one !== site) };
}
