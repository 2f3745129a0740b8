import type { NamedService } from '../../../core/model/service.ts';
import type { Register } from '../../../core/register/register.ts';
import { movesActive } from '../../../core/register/run.ts';
import { dataApis } from '../../world/kinds/promote.ts';
import type { World } from '../../world/world.ts';
import type { Wanted } from './wanted-part.ts';

/** Longest that an API may call roles unsettled when they are not any more: as `world/databases.ts`. */
const unsettledMs = 60_000;
/** A survey that is due, and the age up to which one counts: docs/data.md, "When a person moves the data". */
const surveysMs = 40_000;

/**
 * What the register must say of data that a person has made another site the writer of, or whose service was moved
 * while the configuration of whoever moved it had no data; undefined where neither is so.
 *
 * Owed is that it names the writer, once the APIs of both sites have said so for a while. Where clients are is for
 * that person to see to. A run that has failed moves the data itself.
 */
export function movedOutside(
  world: World,
  { name, sites, data, detection }: NamedService,
  { writer: named, run }: Register,
): readonly Wanted[] | undefined {
  const writer = world.databases.writerOf(name);
  if (writer === null || data === undefined) return undefined;
  const isMovedAlone = run !== null && movesActive(run) && run.steps.every((step) => step.name !== 'promote');
  if (!isMovedAlone && !world.databases.isWriterByHand(name, writer)) return undefined;
  const isAtRest = run === null || run.state === 'done';
  const { read } = dataApis[data.kind];
  const roleTold = (site: string) => {
    const region = sites[site]?.region;
    const { contact } = world;
    const isTold = region !== undefined && contact.canCall(region, region, read) && isAsked(world, region);
    return isTold ? world.databases.roleByApi(name, site) : null;
  };
  const others = Object.keys(sites).filter((site) => site !== writer);
  const isSole = roleTold(writer) === 'sole-writer' || others.every((site) => roleTold(site) === 'replica');
  const region = sites[writer]?.region;
  if (!isAtRest || named === writer || region === undefined || roleTold(writer) === null) return [];
  if (!isSole || roleTold(named) !== 'replica') return [];
  const why = `data of ${name} is written at ${writer}, where no run has moved it, and the register says ${named}`;
  const afterMs = unsettledMs + surveysMs + detection.opinionTtlMs + 2 * detection.intervalMs;
  return [{ kind: 'data', why, by: { region, apis: [read] }, afterMs }];
}

/** Whether what an API of a region says can come to a watcher that can decide. */
function isAsked({ contact }: World, region: string): boolean {
  return contact.ableWatchers().some((from) => from === region || contact.canCall(from, region, 'lambda:Invoke'));
}

/**
 * Whether a person has made a site's data take writes, and the register does not know of it: what both writers take
 * until then is for that person to bring together.
 */
export function isUnknownWriter(world: World, service: string, register: Register | null, site: string): boolean {
  const known = register === null ? [] : [register.writer, ...register.promoting];
  return world.databases.isWriterByHand(service, site) && !known.includes(site);
}
