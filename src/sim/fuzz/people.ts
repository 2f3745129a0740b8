import { secondOf } from '../../core/calendar/pause.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { preferredSite } from '../../core/model/service.ts';
import type { ScenarioEvent, Target } from '../../scenario/scenario.ts';
import { configurationDraws } from './configuration-draws.ts';
import { membershipDraws } from './membership-draws.ts';
import { allSites, type Draw, event, pick, siteName } from './trouble.ts';

/** What people do: operators, deployments, and whoever puts things right in the end. */

const operate: Draw = (random, deployment, { atMs, untilMs }) => {
  const { service, name } = siteName(random, deployment);
  const commands = [
    [`switchover ${service} --to ${name}`, null],
    [`switchover ${service} --to ${name}`, null],
    [`failover ${service} --to ${name} --force`, null],
    [`failover ${service} --to ${name} --force --allow-data-loss`, null],
    [`pause ${service} --reason fuzz`, `resume ${service}`],
    [`pause ${service} --for 1m --reason fuzz`, null],
    [`maintenance on ${service} ${name}`, `maintenance off ${service} ${name}`],
    [`maintenance on ${service} ${name} --allow-failover`, `maintenance off ${service} ${name}`],
    [`ack ${service}`, null],
    [`approve ${service}`, null],
    [`failback ${service}`, null],
  ] as const;
  const [first, undo] = pick(random, commands);
  // A machine that was forgotten holds the configuration of before the last deployment.
  const isStale = random() < 0.1;
  const begun = event(atMs, { kind: 'operator', commandLine: first, as: `op${atMs}`, isStale });
  if (undo === null || untilMs === null) return [begun];
  return [begun, event(untilMs, { kind: 'operator', commandLine: undo, as: `op${untilMs}`, isStale: false })];
};

/** Longest time ahead for which a switchover is planned. */
const plannedAheadMsMax = 120_000;
/** Most that a watcher's clock is wrong by meanwhile. */
const skewMsMax = 3_600_000;

/** A switchover is planned, and sometimes taken back; sometimes a watcher's clock is wrong meanwhile. */
const plan: Draw = (random, deployment, { atMs, untilMs }) => {
  const standbys = Object.entries(deployment.services).flatMap(([service, configured]) =>
    configured.mode === 'active-passive'
      ? Object.keys(configured.sites).flatMap((name) => (name === preferredSite(configured) ? [] : [{ service, name }]))
      : [],
  );
  if (standbys.length === 0) return [];
  const { service, name } = pick(random, standbys);
  const at = secondOf(atMs + 10_000 + random() * plannedAheadMsMax);
  const within = pick(random, ['1m', '2m', '10m']);
  const operator = (ms: number, commandLine: string) =>
    event(ms, { kind: 'operator', commandLine, as: `op${ms}`, isStale: false });
  const planned = operator(atMs, `switchover ${service} --to ${name} --at ${at} --within ${within}`);
  const region = pick(random, deployment.controlRegions);
  const byMs = Math.round((2 * random() - 1) * skewMsMax);
  const [isWrong, isCancelled] = [random() < 0.4, random() < 0.3];
  return [
    planned,
    ...(isWrong ? [event(atMs, { kind: 'skew', region, byMs })] : []),
    ...(isWrong && untilMs !== null ? [event(untilMs, { kind: 'skew', region, byMs: 0 })] : []),
    ...(isCancelled && untilMs !== null ? [operator(untilMs, `switchover ${service} --cancel`)] : []),
  ];
};

/** The same again, or with other thresholds: watchers of both live side by side until the old ones have ended. */
const redeploy: Draw = (random, deployment, { atMs }) => {
  const [service = ''] = Object.keys(deployment.services);
  const path = `services.${service}`;
  const overrides = pick<Readonly<Record<string, unknown>>>(random, [
    {},
    { [`${path}.detection.fallCount`]: 4 },
    { [`${path}.failover.blockMs`]: 90_000 },
    { [`${path}.failover.reconcileMs`]: 20_000 },
  ]);
  return [event(atMs, { kind: 'redeploy', regions: null, overrides, as: null })];
};

/** Deployments that change what must agree. Drawn as often as any other trouble. */
const changeDraws: readonly Draw[] = [...membershipDraws, ...configurationDraws];

/** Everything that people do. */
export const peopleDraws: readonly Draw[] = [operate, operate, operate, operate, plan, plan, redeploy, ...changeDraws];

/** Longest that a table's backup is behind what the table holds when it is restored. */
const backupAgeMsMax = 120_000;
/** A table that is backed up earlier has never heard of the registers. */
const backupFromMs = 15_000;

/**
 * A state table is lost and made anew, or restored from a backup that is behind; at most once a run, for a second loss
 * may leave no majority that remembers.
 */
export const loseTable: Draw = (random, deployment, { atMs }) => {
  const table = pick(random, deployment.controlRegions);
  if (random() < 0.5) return [event(atMs, { kind: 'lose', table })];
  const backedUpMs = Math.round(Math.max(backupFromMs, atMs - random() * backupAgeMsMax));
  return [event(backedUpMs, { kind: 'backup', table }), event(atMs, { kind: 'restore', table })];
};

/** Longest that a person takes to make an old writer's data anew as a replica, once all is well. */
const rebuildMs = 60_000;

/**
 * Puts right whatever may still be wrong; the last word of every run.
 *
 * @param lasting - troubles that stay: what they stopped is not started
 */
export function healing(
  deployment: Deployment,
  healedMs: number,
  lasting: readonly ScenarioEvent[],
): readonly ScenarioEvent[] {
  const isKept = (each: ScenarioEvent) =>
    each.kind === 'start' && lasting.some((fault) => concerns(fault, each.target));
  const starts = allSites(deployment).flatMap((site) => [
    event(healedMs, { kind: 'start', target: { kind: 'site', ...site } }),
    event(healedMs, {
      kind: 'set',
      site,
      facts: {
        load: 0,
        replicationLagMs: 0,
        ready: true,
        data: 'usable',
        canBoot: true,
        veto: '',
        promotionMs: 20_000,
      },
    }),
    ...[0, rebuildMs].map((afterMs) => event(healedMs + afterMs, { kind: 'set', site, facts: { data: 'replica' } })),
    event(healedMs + 10_000, {
      kind: 'operator',
      commandLine: `maintenance off ${site.service} ${site.name}`,
      as: `heal ${site.service} ${site.name}`,
      isStale: false,
    }),
  ]);
  const parts = deployment.controlRegions.flatMap((name) =>
    (['region', 'table', 'oracle', 'watcher'] as const).map((kind) =>
      event(healedMs, { kind: 'start', target: { kind, name } }),
    ),
  );
  // Once more when a register may have been founded again, with the pause that the lost one had.
  const resumes = Object.keys(deployment.services).flatMap((service) =>
    [20_000, 60_000].map((afterMs) =>
      event(healedMs + afterMs, {
        kind: 'operator',
        commandLine: `resume ${service}`,
        as: `heal ${service} ${afterMs}`,
        isStale: false,
      }),
    ),
  );
  return [...parts, ...starts, ...resumes].filter((each) => !isKept(each));
}

/** Every oracle goes dark and stays so: all that is left is what DNS remembers. */
export function forgetting({ controlRegions }: Deployment, atMs: number): readonly ScenarioEvent[] {
  return controlRegions.map((name) => event(atMs, { kind: 'stop', target: { kind: 'oracle', name } }));
}

function concerns(fault: ScenarioEvent, target: Target): boolean {
  if (fault.kind === 'stop' || fault.kind === 'hang') return JSON.stringify(fault.target) === JSON.stringify(target);
  if (fault.kind !== 'break' || target.kind !== 'site') return false;
  return fault.site.service === target.service && fault.site.name === target.name;
}
