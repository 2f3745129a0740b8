import type { AlertName } from '../alerting/catalogue.ts';
import { deploymentPulse, pulseMs, pulseOf } from '../alerting/pulse.ts';
import { call, type Routine } from '../routine.ts';
import type { WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';

/**
 * Logs, once a minute, the state of each service and the alarms that last. A watcher that takes over does so at its
 * first tick.
 */
export function* pulse(state: WatcherState, nowMs: number): Routine<void> {
  if (nowMs < state.nextPulseMs) return;
  // Counted from the last due time and not from now, so that delays of ticks do not add up to a minute without a pulse.
  const dueMs = state.nextPulseMs + pulseMs;
  state.nextPulseMs = dueMs > nowMs ? dueMs : nowMs + pulseMs;
  const { deployment, region } = state.setup;
  const serviceViews = Object.fromEntries(
    state.services.map((service) => [service.name, serviceViewOf(state, service, nowMs)]),
  );
  for (const service of state.services) {
    const view = {
      deployment,
      region,
      serviceViews,
      stopwatches: state.stopwatches,
      raised: raisedFor(state, service.name),
    };
    yield* call('log', { event: pulseOf(service, view) });
  }
  const raised = raisedFor(state, null);
  if (raised.length > 0) yield* call('log', { event: deploymentPulse(raised) });
}

/** Alarms that last for one service, or for the whole deployment, each once. */
function raisedFor(state: WatcherState, service: string | null): readonly AlertName[] {
  const mine = [...state.raisedAlerts.values()].filter(({ event }) => event.service === service);
  return [...new Set(mine.map(({ alarm }) => alarm))];
}
