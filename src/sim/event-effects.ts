import { valuesOf } from '../core/dns/record-values.ts';
import type { Deployment } from '../core/model/deployment.ts';
import { type OperatorRequest, operate } from '../core/operator/request.ts';
import { outsideEnd } from '../scenario/names.ts';
import type { ScenarioEvent, SiteFacts, SiteName, Target } from '../scenario/scenario.ts';
import { lateMsMax } from './world/api.ts';
import type { SimSite } from './world/sites.ts';
import type { World } from './world/world.ts';

/** What an operator's line means, or why it means nothing. Injected: the grammar belongs to the command line. */
export type ParseOperatorLine = (
  line: string,
  deployment: Deployment,
) => { readonly request: OperatorRequest } | { readonly exit: 2; readonly message: string };

/** Reads a changed configuration, or says why it is refused. */
export type Redeploy = (overrides: Readonly<Record<string, unknown>>) => Deployment | { readonly message: string };

/** What applying an event needs. */
export interface Applying {
  readonly world: World;
  readonly parseOperatorLine: ParseOperatorLine;
  readonly redeploy: Redeploy;
}

type EventOf<K extends ScenarioEvent['kind']> = Extract<ScenarioEvent, { readonly kind: K }>;

/** What each kind of event does to the world. */
const appliers: { readonly [K in ScenarioEvent['kind']]: (event: EventOf<K>, applying: Applying) => void } = {
  stop: ({ kind, target }, { world }) => applyToTarget(kind as 'stop', target, world),
  start: ({ kind, target }, { world }) => applyToTarget(kind as 'start', target, world),
  hang: ({ kind, target }, { world }) => applyToTarget(kind as 'hang', target, world),
  freeze: ({ role, region, forMs }, { world }) => {
    disturbFor(world, `freeze ${role} ${region}`, forMs);
    if (role === 'watcher') world.control.freezeWatcher(region, forMs);
    else world.control.freezeActuators(region, forMs);
  },
  backup: ({ table }, { world }) => world.tables.backUp(table),
  restore: ({ table }, { world }) => {
    world.disturbances.strike();
    world.tables.restore(table);
  },
  lose: ({ table }, { world }) => {
    world.disturbances.strike();
    world.tables.lose(table);
  },
  slow: ({ site, latencyMs }, { world }) => change(world, site, () => ({ latencyMs })),
  break: ({ site, status, body, role }, { world }) => change(world, site, () => ({ status, body, role })),
  cut: ({ ends, isOneWay }, { world }) => {
    world.disturbances.begin(`cut ${[...ends].sort().join()}`);
    world.links.cut(endName(world, ends[0]), endName(world, ends[1]), isOneWay);
  },
  heal: ({ ends }, { world }) => {
    world.disturbances.end(`cut ${[...ends].sort().join()}`);
    world.links.heal(endName(world, ends[0]), endName(world, ends[1]));
  },
  fail: ({ api, region, by, line, fault, forMs, rate }, { world }) => {
    // What comes late comes after the fault is over.
    disturbFor(
      world,
      `fail ${api} ${region} ${by} ${line}`,
      fault === 'late' || fault === 'twice' ? forMs + lateMsMax : forMs,
    );
    const untilMs = world.nowMs + forMs;
    world.faults.add({ api, region: region ?? undefined, by: by ?? undefined, kind: fault, untilMs, rate });
  },
  crash: ({ watcher, when, point, atMs, line }, { world }) =>
    world.crashes.arm({ watcher, when, point: point as never, atMs, line }),
  skew: ({ region, byMs }, { world }) => world.control.setSkew(region, byMs),
  set: ({ site: name, facts }, { world }) => {
    for (const site of sitesNamed(world, name)) applyFacts(world, site, facts);
  },
  grey: ({ site, fault }, { world }) => change(world, site, ({ grey }) => ({ grey: { ...grey, ...known(fault) } })),
  dependency: ({ name, isFailing }, { world }) => setMember(world.sites.failingDependencies, name, isFailing),
  misweigh: ({ service, weights }, { world }) => misweigh(world, service, weights),
  reroute: ({ table, to }, { world }) => {
    world.disturbances.strike();
    world.routes.misplace(table, to === 'nothing' ? null : to);
  },
  resize: ({ site, size }, { world }) => resize(world, site, size),
  turn: ({ site, isOn }, { world }) => turn(world, site, isOn),
  misplace: ({ address, record, to }, { world }) => misplace(world, address, record, to),
  redeploy: (event, applying) => redeploy(event, applying),
  operator: (event, applying) => command(event, applying),
};

/** Makes one event of a scenario happen now. */
export function applyEvent(event: ScenarioEvent, applying: Applying): void {
  const apply = appliers[event.kind] as (event: ScenarioEvent, applying: Applying) => void;
  apply(event, applying);
  applying.world.occur({
    type: 'scenario',
    what: describeEvent(event),
    isFault: event.kind !== 'operator' && event.kind !== 'redeploy',
  });
}

/** Changes every site that a name stands for. */
function change(world: World, name: SiteName, changesOf: (site: SimSite) => object): void {
  for (const site of sitesNamed(world, name)) Object.assign(site, changesOf(site));
}

function disturbFor(world: World, name: string, forMs: number): void {
  world.disturbances.begin(name);
  world.scheduler.after(forMs, () => world.disturbances.end(name));
}

function applyToTarget(kind: 'stop' | 'start' | 'hang', target: Target, world: World): void {
  if (target.kind === 'site') {
    for (const site of sitesNamed(world, target)) {
      if (kind === 'start') world.sites.repair(site);
      else site.state = kind === 'stop' ? 'stopped' : 'hung';
    }
    return;
  }
  const { kind: what, name } = target;
  if (kind === 'start') world.disturbances.end(`${what} ${name}`);
  else world.disturbances.begin(`${what} ${name}`);
  const isStart = kind === 'start';
  switch (what) {
    case 'watcher':
      if (isStart) world.control.startWatcher(name);
      else world.control.stopWatcher(name);
      return;
    case 'oracle':
      setMember(world.stoppedOracles, name, !isStart);
      return;
    case 'table':
      setMember(world.stoppedTables, name, !isStart);
      return;
    case 'region':
      if (isStart) {
        world.links.startRegion(name);
        world.control.reviveRegion(name);
      } else {
        world.links.stopRegion(name);
        world.control.killRegion(name);
      }
  }
}

function setMember(set: Set<string>, name: string, isIn: boolean): void {
  if (isIn) set.add(name);
  else set.delete(name);
}

function sitesNamed(world: World, { service, name }: SiteName): readonly SimSite[] {
  const isMeant = (site: SimSite) => site.name === name || site.id === name;
  return world.sites.all().filter((site) => isMeant(site) && (service === null || site.service === service));
}

/** `site/virginia` is the site of that name in whichever service has it; other ends are named as they are. */
function endName(world: World, end: string): string {
  const [kind, ...rest] = end.split('/');
  if (kind !== 'site' || rest.length !== 1) return end;
  const site = world.sites.all().find(({ name, id }) => name === rest[0] || id === rest[0]);
  return site ? `site/${site.service}/${site.id}` : end;
}

function applyFacts(world: World, site: SimSite, facts: SiteFacts): void {
  const { replicationLagMs, ready, capacity, load, maintenance } = facts;
  if (replicationLagMs !== undefined) {
    site.lagBefore = { lagMs: site.replicationLagMs, atMs: world.nowMs };
    site.replicationLagMs = replicationLagMs;
  }
  if (ready !== undefined) site.ready = ready;
  if (capacity !== undefined) site.capacity = capacity;
  if (load !== undefined) world.load.setDemand(site, load);
  const { bootMs, canBoot, promotionMs, promotionEnds, hookMs, drainMs, findings, veto } = facts;
  Object.assign(site, known({ bootMs, canBoot, promotionMs, promotionEnds, hookMs, drainMs, findings }));
  if (facts.data === 'replica') {
    if (world.databases.takesWrites(site.service, site.name)) world.disturbances.strike();
    world.databases.makeReplica(site.service, site.name);
    world.writes.copy(site);
  }
  if (facts.data === 'writer' && !world.databases.takesWrites(site.service, site.name)) {
    world.disturbances.strike();
    world.databases.promoteByHand(site.service, site.name);
  }
  if (facts.data === 'usable' || facts.data === 'unusable') site.isDataUsable = facts.data === 'usable';
  const atMs = (ageMs: number | null | undefined) => (typeof ageMs === 'number' ? world.nowMs - ageMs : ageMs);
  Object.assign(site, known({ backupAtMs: atMs(facts.backupAgeMs), restoreAtMs: atMs(facts.restoreAgeMs) }));
  if (facts.page !== undefined) site.page = facts.page;
  if (veto !== undefined) site.veto = veto === '' ? null : veto;
  if (maintenance === undefined) return;
  // Maintenance is no fact of a site but an operator's word, so it goes the operator's way.
  const command = { verb: 'maintenance', site: site.name, isOn: maintenance, isFailoverAllowed: false } as const;
  const request = { verb: 'command', service: site.service, command, isWaiting: false } as const;
  const operator = { role: 'operator', place: 'scenario', watcher: null } as const;
  world.control.spawn(operator, operate(world.deployment, request, 'scenario'), () => {});
}

/** Without what was left out. */
function known<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** A stranger changes weights, dials, controls or the key of the edge: of several listeners those of the last one. */
function misweigh(world: World, service: string, weights: Readonly<Record<string, number>>): void {
  world.disturbances.strike();
  const { targets, accelerator, controls, edge, zonal, dns } = world.deployment.services[service]?.traffic ?? {};
  const [listener] = targets?.listenerArn.slice(-1) ?? [];
  if (targets && listener !== undefined) {
    const byArn = Object.entries(targets.targetGroups).map(([site, arn]) => [arn, weights[site] ?? 0]);
    world.cloud.writeWeights(listener, Object.fromEntries(byArn));
  } else if (accelerator) world.dials.misplace(accelerator, weights);
  else if (controls) {
    const isOn = (site: string) => (weights[site] ?? 0) >= 50;
    const byArn = Object.entries(controls.routingControlArns).map(([site, arn]) => [arn, isOn(site)]);
    world.controls.write(Object.fromEntries(byArn));
  } else if (edge) {
    const [most] = Object.entries(edge.originIds).sort(([a], [b]) => (weights[b] ?? 0) - (weights[a] ?? 0));
    if (most !== undefined) world.stores.write(edge, most[1]);
  } else if (zonal) world.shifts.misplace(zonal, weights);
  else if (dns) world.cloud.writeRecordWeights(dns.record, weights, world.nowMs);
}

function resize(world: World, name: SiteName, size: number): void {
  world.disturbances.strike();
  for (const { service, name: site, place: region } of sitesNamed(world, name)) {
    for (const scalable of world.deployment.services[service]?.sites[site]?.scale ?? []) {
      world.scales.write(world.deployment, { region, service, site }, scalable, size);
    }
  }
}

function turn(world: World, name: SiteName, isOn: boolean): void {
  world.disturbances.strike();
  for (const { service, name: site, place: region } of sitesNamed(world, name)) {
    for (const one of world.deployment.services[service]?.sites[site]?.work ?? []) world.work.set(region, one, isOn);
  }
}

function misplace(world: World, address: string | null, record: string | null, to: string): void {
  world.disturbances.strike();
  if (address !== null) world.cloud.misplace(address, to === 'nothing' ? null : to);
  if (record !== null)
    world.cloud.writeRecord(record, valuesOf(/^[0-9.]+$/.test(to) ? { a: [to] } : { cname: to }), world.nowMs);
}

function redeploy(event: Extract<ScenarioEvent, { kind: 'redeploy' }>, { world, redeploy: read }: Applying): void {
  const result = read(event.overrides);
  const isRefused = 'message' in result;
  const { watchersAfterMs = 0, functionsAfterMs = 0 } = event;
  const regions = event.regions ?? ('message' in result ? [] : result.controlRegions);
  if (!isRefused) world.redeploy(result, { regions, watchersAfterMs, functionsAfterMs });
  if (event.as === null) return;
  const [exit, output] = isRefused ? [2, result.message] : [0, 'deployed'];
  world.occur({ type: 'operator', name: event.as, line: 'redeploy', exit, output });
}

function command(event: Extract<ScenarioEvent, { kind: 'operator' }>, { world, parseOperatorLine }: Applying): void {
  const { commandLine, as, from: at = outsideEnd, isStale } = event;
  const deployment = isStale ? world.previousDeployment : world.deployment;
  const parsed = parseOperatorLine(commandLine, deployment);
  const finish = (exit: number, output: string) =>
    world.occur({ type: 'operator', name: as, line: commandLine, exit, output });
  if ('exit' in parsed) {
    finish(parsed.exit, parsed.message);
    return;
  }
  const routine = operate(deployment, parsed.request, as);
  world.control.spawn({ role: 'operator', place: as, at, watcher: null }, routine, ({ exit, message, json }) =>
    finish(exit, `${message}\n${JSON.stringify(json)}`),
  );
}

/** An event in one line, for traces. */
export function describeEvent(event: ScenarioEvent): string {
  const { atMs: _at, line: _line, kind, ...rest } = event;
  return `${kind} ${JSON.stringify(rest)}`;
}
