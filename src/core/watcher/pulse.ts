import type { AlertName } from '../alerting/alert-name.ts';
import { deploymentPulse, pulseMs, pulseOf } from '../alerting/pulse.ts';
import { memoryData } from '../dns/memory.ts';
import { valueHeldAsVoter } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { call, type Routine } from '../routine.ts';
import { tableCallMs } from '../timing.ts';
import type { WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';
import { exportMetrics } from './telemetry/export.ts';

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
    const event = pulseOf(service, view);
    const data = { ...event.data, ...memoryData(service, ownRegister(state, service.name, nowMs)) };
    yield* call('log', { event: { ...event, data } });
  }
  yield* exportMetrics(state, serviceViews);
  const raised = raisedFor(state, null);
  if (raised.length > 0) yield* call('log', { event: deploymentPulse(raised) });
}

/** A service's register in the own table, as the oracle beside this watcher reads it; null when it does not answer. */
function ownRegister(state: WatcherState, service: string, nowMs: number): Register | null {
  const read = state.reads.get(state.setup.region);
  const isCurrent = read !== undefined && nowMs - read.askedAtMs <= 2 * state.tickMs + tableCallMs;
  return isCurrent ? valueHeldAsVoter(read.view.acceptors[service]) : null;
}

/** Alarms that last for one service, or for the whole deployment, each once. */
function raisedFor(state: WatcherState, service: string | null): readonly AlertName[] {
  const mine = [...state.raisedAlerts.values()].filter(({ event }) => event.service === service);
  return [...new Set(mine.map(({ alarm }) => alarm))];
}
