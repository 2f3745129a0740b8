import { deploymentAlarms, serviceAlarms } from '../config/plan/alarms.ts';
import { alertOf } from '../core/alerting/alert.ts';
import type { AlertName } from '../core/alerting/alert-name.ts';
import type { Deployment } from '../core/model/deployment.ts';
import type { SimEvent } from './event.ts';
import type { World } from './world/world.ts';

/** What the clients of one service met. */
interface ClientMeasures {
  firstBadMs: number | null;
  recoveredMs: number | null;
}

/** How an operator's command ended. */
export interface OperatorEnd {
  readonly exit: number;
  readonly output: string;
}

/** Counts and times everything that an expectation can ask for. */
export class Measures {
  /** Instants of the calls of each API. */
  readonly calls = new Map<string, number[]>();
  readonly writesAtMs: number[] = [];
  /** Instants at which a function of the user began, by request; `beside`: beside another one of the same order. */
  readonly hooks = new Map<string, number[]>();
  readonly moves: { readonly atMs: number; readonly service: string }[] = [];
  readonly operators = new Map<string, OperatorEnd>();
  /** When each alarm was raised first. */
  readonly alarms = new Map<string, number>();
  /** Alarms whose end people were told of, and that were not raised again since. */
  readonly alarmsResolved = new Set<string>();
  readonly notifications: {
    readonly atMs: number;
    readonly text: string;
    /** ARNs of the topics of the user's that have taken it. */
    readonly topics: readonly string[];
  }[] = [];
  /** Alarms that were raised although no stack has them, and when. */
  readonly undeployed = new Map<string, number>();
  readonly #world: World;
  /** Every configuration that was deployed when an alarm was raised. */
  readonly #deployments: Set<Deployment>;
  /** Per second of demand: what was served, and what the living sites could have served of it; by service. */
  readonly #seconds = new Map<string, { atMs: number; good: number; offered: number; capacity: number }[]>();
  readonly #clients = new Map<string, ClientMeasures>();
  readonly #firstEpochs = new Map<string, number>();
  #firstEventMs: number | null = null;

  constructor(world: World) {
    this.#world = world;
    this.#deployments = new Set([world.deployment]);
    world.observe((event) => this.#hear(event));
  }

  epochDelta(service: string): number {
    return (this.#world.decisions.newest(service)?.epoch ?? 0) - (this.#firstEpochs.get(service) ?? 0);
  }

  movesSince(service: string, fromMs: number): number {
    return this.moves.filter((move) => move.service === service && move.atMs >= fromMs).length;
  }

  /** From the first event to the first good answer after an outage; 0 without one, null while it lasts. */
  recoveryMs(service: string): number | null {
    const clients = this.#clients.get(service);
    if (!clients || clients.firstBadMs === null || this.#firstEventMs === null) return 0;
    return clients.recoveredMs === null ? null : clients.recoveredMs - this.#firstEventMs;
  }

  /** Seconds of acknowledged writes that the site which goes on has not got. */
  lostWrites(service: string): number {
    return this.#world.writes.lost(service);
  }

  #hear(event: SimEvent): void {
    switch (event.type) {
      case 'scenario':
        this.#firstEventMs ??= event.atMs;
        return;
      case 'api':
        count(this.calls, event.api, event.atMs);
        return;
      case 'hook':
        count(this.hooks, event.request, event.atMs);
        if (event.isBeside) count(this.hooks, 'beside', event.atMs);
        return;
      case 'write':
        this.writesAtMs.push(event.atMs);
        return;
      case 'load':
        this.#hearLoad(event);
        return;
      case 'client':
        this.#hearClient(event);
        return;
      case 'decided':
        this.#hearDecided(event);
        return;
      case 'logged':
      case 'notified':
        this.#hearEvent(event);
        return;
      case 'operator':
        this.operators.set(event.name, { exit: event.exit, output: event.output });
        return;
      default:
        return;
    }
  }

  /** Percent of the demand that the living sites had room for and that was served; 100 without demand. */
  goodputPercent(service: string, fromMs: number): number {
    const seconds = (this.#seconds.get(service) ?? []).filter(({ atMs }) => atMs >= fromMs);
    const good = seconds.reduce((sum, second) => sum + second.good, 0);
    const possible = seconds.reduce((sum, { offered, capacity }) => sum + Math.min(offered, capacity), 0);
    return possible === 0 ? 100 : Math.round((good / possible) * 1_000) / 10;
  }

  #hearLoad({ service, offered, capacity, good, isDead, atMs }: SimEvent & { readonly type: 'load' }): void {
    const seconds = this.#seconds.get(service) ?? [];
    this.#seconds.set(service, seconds);
    let second = seconds.at(-1);
    if (second?.atMs !== atMs) {
      second = { atMs, good: 0, offered: 0, capacity: 0 };
      seconds.push(second);
    }
    second.good += good;
    second.offered += offered;
    if (!isDead) second.capacity += capacity;
  }

  #hearEvent(event: SimEvent & { readonly type: 'logged' | 'notified' }): void {
    const alarm = alertOf(event.event);
    if (alarm !== null && !this.alarms.has(alarm)) this.alarms.set(alarm, event.atMs);
    if (alarm !== null) this.#noteDeployed(alarm, event.event.service, event.atMs);
    if (event.type !== 'notified') return;
    const over = event.event.kind === 'alert-resolved' ? event.event.data.alarm : undefined;
    if (typeof over === 'string') this.alarmsResolved.add(over);
    else if (alarm !== null) this.alarmsResolved.delete(alarm);
    const { atMs, topics } = event;
    this.notifications.push({ atMs, topics, text: `${event.event.kind} ${event.event.detail}` });
  }

  /** Whether the stacks of this or an earlier configuration, or of one that some region has now, have the alarm. */
  #noteDeployed(alarm: AlertName, service: string | null, atMs: number): void {
    this.#deployments.add(this.#world.deployment);
    const regions = [...this.#deployments].flatMap(({ controlRegions }) => controlRegions);
    for (const one of this.#world.control.configurationsIn([...new Set(regions)])) this.#deployments.add(one);
    const isDeployed = [...this.#deployments].some((deployment) =>
      service === null
        ? deployment.controlRegions.some((region) =>
            deploymentAlarms(deployment, region).some((plan) => plan.alarm === alarm),
          )
        : deployment.services[service] !== undefined &&
          serviceAlarms(deployment, service).some((plan) => plan.alarm === alarm),
    );
    const what = service === null ? alarm : `${alarm} of ${service}`;
    if (!isDeployed && !this.undeployed.has(what)) this.undeployed.set(what, atMs);
  }

  #hearClient({ service, isGood, atMs }: SimEvent & { readonly type: 'client' }): void {
    const clients = this.#clientsOf(service);
    if (this.#firstEventMs === null) return;
    if (!isGood) clients.firstBadMs ??= atMs;
    else if (clients.firstBadMs !== null) clients.recoveredMs ??= atMs;
  }

  #hearDecided({ service, register, previous, atMs }: SimEvent & { readonly type: 'decided' }): void {
    if (!this.#firstEpochs.has(service)) this.#firstEpochs.set(service, register.epoch);
    if (previous === null || register.epoch === previous.epoch) return;
    this.moves.push({ atMs, service });
  }

  #clientsOf(service: string): ClientMeasures {
    const clients = this.#clients.get(service) ?? { firstBadMs: null, recoveredMs: null };
    this.#clients.set(service, clients);
    return clients;
  }
}

/** Notes one more instant under a name. */
function count(counts: Map<string, number[]>, name: string, atMs: number): void {
  const times = counts.get(name);
  if (times) times.push(atMs);
  else counts.set(name, [atMs]);
}
