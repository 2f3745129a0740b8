import type { ScaleState } from '../../../core/kinds/start.ts';
import { PortError } from '../../../ports/port-error.ts';
import { textLengthMax } from '../lambda/lambda-calls.ts';
import type { AsksHooks } from '../lambda/lambda-hook.ts';
import type { ScaleHandle } from './scale-handle.ts';

/** Tells the request from those about a fence or about data, for a function that gets all of them. */
const mode = 'scale';

/**
 * Whatever a function of the user in the site's region scales.
 *
 * It answers `{ action: 'read', service, site, mode: 'scale' }` with `{ wanted, ready }`: the size that was asked for,
 * and how much of it is in service. It answers `{ action: 'set', service, site, mode: 'scale', state, size, epoch,
 * attempt }` with `{ ok: true }` once the change is under way, or either with `{ veto: "reason" }`. `docs/standby.md`
 * is the page for whoever writes one.
 *
 * The same `set` may come twice, and again when somebody else has changed the size since. An `epoch`, or an `attempt`
 * of one, below one that it has seen is an older order that was late.
 */
export function customScale(hook: AsksHooks): ScaleHandle<'custom'> {
  return {
    async read(_clients, { region, service, site }, { functionName }) {
      const answer = await hook.ask(region, functionName, { action: 'read', service, site, mode });
      if (!isScaleState(answer)) throw unexpected(functionName, answer);
      return { wanted: answer.wanted, ready: answer.ready };
    },

    async set(_clients, { region, service, site }, { functionName }, { size, isServing, token: { epoch, attempt } }) {
      const state = isServing ? 'serving' : 'standby';
      const request = { action: 'set', service, site, mode, state, size, epoch, attempt };
      const answer = await hook.ask(region, functionName, request);
      if (answer.ok !== true) throw unexpected(functionName, answer);
    },
  };
}

function isScaleState(answer: object): answer is ScaleState {
  const { wanted, ready } = answer as { readonly wanted?: unknown; readonly ready?: unknown };
  return isSize(wanted) && isSize(ready);
}

function isSize(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function unexpected(functionName: string, answer: unknown): PortError {
  const text = JSON.stringify(answer).slice(0, textLengthMax);
  return new PortError({ kind: 'invalid', detail: `${functionName} answered ${text}` });
}
