import type { WriterState } from '../../../core/kinds/promote.ts';
import type { DataResource } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';
import { type Promoter, partOf, type RegionOf } from './promoter.ts';

type CustomData = Extract<DataResource, { readonly kind: 'custom' }>;

/** Longest part of an answer that goes into a fault. */
const answerLengthMax = 120;

/** Invokes a function of the user. A veto, `{ veto: "reason" }`, is a `denied` fault with the reason as its detail. */
export interface Hook {
  ask(region: string, functionName: string, request: unknown): Promise<unknown>;
}

/**
 * Data that functions of the user promote, one function in each site's region.
 *
 * The function of the new site is invoked, in that site's region and account. It answers `{ action: 'read', service,
 * site }` with `{ writer, isMoving }`, and with `movingTo` when it knows which site is being promoted. It answers
 * `{ action: 'promote', service, site, from, to, isPlanned, isDataLossAllowed, epoch, attempt }` with `{ ok: true }`
 * once the promotion is under way, or with a veto. It may get the same order twice; an `epoch`, or an `attempt` of one,
 * below one that it has seen is an older order that was late.
 *
 * Each site's function gets `read` at rest, too. `isReplica: true` in its answer says that the site's copy takes no
 * writes. A writer elsewhere does not prove that, so without this answer an owed fence and a failback wait for a
 * person. `isReplica: false` keeps automatic moves away from a site that no move made the writer.
 */
export function customData(hook: Hook, data: CustomData, regionOf: RegionOf): Promoter {
  return {
    readWriter: async (region, service, site) => {
      const name = partOf(data.functions, site, 'function');
      const answer = await hook.ask(region, name, { action: 'read', service, site });
      if (!isCheckerState(answer)) throw unexpected(name, answer);
      const isSite = answer.writer !== null && Object.hasOwn(data.functions, answer.writer);
      return { writer: isSite ? answer.writer : null, isMoving: answer.isMoving, movingTo: answer.movingTo };
    },
    promote: async ({ service, from, to, isPlanned, isDataLossAllowed, token: { epoch, attempt } }) => {
      const name = partOf(data.functions, to, 'function');
      const risk = { isPlanned, isDataLossAllowed };
      const request = { action: 'promote', service, site: to, from, to, ...risk, epoch, attempt };
      const answer = await hook.ask(regionOf(service, to), name, request);
      if ((answer as { readonly ok?: unknown } | null)?.ok !== true) throw unexpected(name, answer);
    },
    roleOf: async (service, site) => {
      const name = partOf(data.functions, site, 'function');
      const answer = await hook.ask(regionOf(service, site), name, { action: 'read', service, site });
      const said = (answer as { readonly isReplica?: unknown } | null)?.isReplica;
      return typeof said === 'boolean' ? (said ? 'replica' : 'takes-writes') : undefined;
    },
  };
}

function isCheckerState(answer: unknown): answer is WriterState {
  if (typeof answer !== 'object' || answer === null) return false;
  const { writer, isMoving, movingTo } = answer as Readonly<Record<'writer' | 'isMoving' | 'movingTo', unknown>>;
  const isNamed = movingTo === undefined || typeof movingTo === 'string';
  return (writer === null || typeof writer === 'string') && typeof isMoving === 'boolean' && isNamed;
}

function unexpected(name: string, answer: unknown): PortError {
  const text = JSON.stringify(answer)?.slice(0, answerLengthMax);
  return new PortError({ kind: 'invalid', detail: `${name} answered ${text}` });
}
