import { hasOneWriter } from '../../model/data.ts';
import { type NamedService, nameNow } from '../../model/service.ts';
import { type OwedFence, withLeftUnfenced, withOwed } from '../../register/owed-fence.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { isShut, movesActive, type Run } from '../../register/run.ts';
import { planSteps } from '../plan.ts';

/**
 * Sites that were left while no configuration had them, that this one has, and whose fences have to be closed now. With
 * data that has one writer always; without such data only while a move that is to leave them has not arrived.
 */
export function returnedSites(service: NamedService, register: Register): readonly string[] {
  const { leftUnfenced = [], writer } = register;
  const isNeeded = service.mode === 'active-passive' && (hasOneWriter(service) || isOnItsWay(register));
  const target = hasOpenRun(register) ? register.run.to : writer;
  return leftUnfenced.filter((site) => {
    const now = nameNow(service, site);
    return isNeeded && now !== null && now !== target && service.sites[now]?.fence !== undefined;
  });
}

/**
 * The register once it owes the fences of sites that have come back into the configuration. A move that has promoted
 * nothing yet waits for them, but where a person has skipped its fence.
 *
 * @returns the same value where no such site has come back
 */
export function withReturned<R extends Register>(service: NamedService, register: R): R {
  const back = returnedSites(service, register);
  if (back.length === 0) return register;
  const { epoch, leftUnfenced = [], owed } = register;
  const guard = hasOneWriter(service) ? { guardsData: true as const } : {};
  const fences = back.map((site): OwedFence => ({ site, epoch, proof: 'none', ...guard }));
  const others = owed.filter(({ site }) => !back.includes(site));
  const left = leftUnfenced.filter((site) => !back.includes(site));
  const owing = withOwed(withLeftUnfenced(register, left), [...others, ...fences]);
  return isOnItsWay(owing) ? { ...owing, run: withFenceAgain(service, owing.run, owing.owed) } : owing;
}

/** Whether a move is under way that has neither promoted data nor, where it promotes none, led clients to its site. */
function isOnItsWay(register: Register): register is Register & { readonly run: Run } {
  if (!hasOpenRun(register) || !movesActive(register.run) || isShut(register.run)) return false;
  const promote = register.run.steps.find(({ name }) => name === 'promote');
  return promote === undefined ? !register.serving.includes(register.run.to) : promote.state === 'pending';
}

/** The run with its fence step still to be done. */
function withFenceAgain(service: NamedService, run: Run, owed: Register['owed']): Run {
  const fences = owed.flatMap(({ site }) => (site === run.to ? [] : [site]));
  const [planned] = planSteps(service, { ...run, fences }).filter(({ name }) => name === 'fence');
  const before = run.steps.find(({ name }) => name === 'fence');
  if (planned === undefined || before?.state === 'skipped') return run;
  return { ...run, steps: [planned, ...run.steps.filter(({ name }) => name !== 'fence')] };
}
