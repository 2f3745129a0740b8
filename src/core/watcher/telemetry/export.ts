import { newEvent } from '../../alerting/event.ts';
import type { Opinion } from '../../detection/opinion.ts';
import type { NamedService } from '../../model/service.ts';
import type { TelemetrySignal } from '../../model/telemetry.ts';
import type { Run } from '../../register/run.ts';
import { call, type Routine, readTime, spawn } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { runFacts, type ServiceFacts, type SiteFacts, type TelemetryReport } from '../../telemetry/report.ts';
import type { WatcherState } from '../state.ts';
import { protectionSeen } from './protection-view.ts';

/** Tells the collector of the state of all services. Returns at once; nothing where no collector wants it. */
export function* exportMetrics(
  state: WatcherState,
  serviceViews: Readonly<Record<string, ServiceView>>,
): Routine<void> {
  if (!isWanted(state, 'metrics')) return;
  const { wallMs } = yield* readTime();
  const services = Object.fromEntries(
    state.services.map((service) => [service.name, factsOf(state, service, serviceViews, wallMs)]),
  );
  yield* send(state, { signal: 'metrics', services });
}

/** Tells the collector of a run that has ended. Returns at once; nothing where no collector wants it. */
export function* exportRun(state: WatcherState, service: NamedService, run: Run): Routine<void> {
  if (isWanted(state, 'traces')) yield* send(state, { signal: 'traces', service: service.name, run });
}

function isWanted({ setup }: WatcherState, signal: TelemetrySignal): boolean {
  return setup.deployment.telemetry?.otlp?.signals.includes(signal) === true;
}

type Content<R> = R extends TelemetryReport ? Omit<R, 'deployment' | 'region' | 'atMs'> : never;

function* send({ setup }: WatcherState, content: Content<TelemetryReport>): Routine<void> {
  const { wallMs } = yield* readTime();
  const report = { ...content, deployment: setup.deployment.name, region: setup.region, atMs: wallMs };
  yield* spawn(deliver(report));
}

/** One attempt beside the ticks. What is not taken is dropped: the next minute has newer metrics. */
function* deliver(report: TelemetryReport): Routine<void> {
  const answer = yield* call('export', { report });
  if (answer.ok) return;
  const { kind, detail } = answer.fault;
  const said = `${report.signal} were not taken: ${kind}, ${detail}`;
  yield* call('log', {
    event: newEvent('telemetry-dropped', null, said, { data: { signal: report.signal, fault: kind } }),
  });
}

function factsOf(
  state: WatcherState,
  service: NamedService,
  serviceViews: Readonly<Record<string, ServiceView>>,
  wallMs: number,
): ServiceFacts {
  const view = serviceViews[service.name];
  if (view === undefined) throw new RangeError(`nothing is known of ${service.name}`);
  const register = 'register' in view.register ? view.register.register : null;
  return {
    protection: protectionSeen(state, service, serviceViews, wallMs),
    epoch: register?.epoch ?? null,
    active: register?.active ?? null,
    run: runFacts(register?.run ?? null),
    sites: Object.fromEntries(Object.keys(service.sites).map((site) => [site, siteFacts(state, service, site, view)])),
  };
}

function siteFacts(state: WatcherState, { name }: NamedService, site: string, view: ServiceView): SiteFacts {
  const votes: Partial<Record<Opinion, number>> = {};
  for (const { opinion } of view.testimonies[site] ?? []) votes[opinion] = (votes[opinion] ?? 0) + 1;
  return {
    votes,
    replicationLagMs: view.knowledge.reports[site]?.replicationLagMs,
    probeMs: state.probeMs.get(`${name}/${site}`),
  };
}
