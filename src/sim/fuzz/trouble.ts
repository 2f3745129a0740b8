import type { Deployment } from '../../core/model/deployment.ts';
import type { Overrides } from '../../scenario/overrides.ts';
import type { ScenarioEvent, SiteName, Target } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';

/** When a trouble begins, and when it is over. */
export interface Span {
  readonly atMs: number;
  /** Null for one that lasts to the end of the run. */
  readonly untilMs: number | null;
  /** End of the run. */
  readonly endMs: number;
}

/** What goes wrong, as events of which each is a fault or the end of one. */
export type Draw = (random: SeededRandom, deployment: Deployment, span: Span) => readonly ScenarioEvent[];

type Body<T> = T extends unknown ? Omit<T, 'atMs' | 'line'> : never;

/** An event of a drawn scenario. */
export function event(atMs: number, body: Body<ScenarioEvent>): ScenarioEvent {
  return { atMs, line: null, ...body } as ScenarioEvent;
}

/** The event that ends a trouble; none where it lasts. */
export function ending({ untilMs }: Span, body: Body<ScenarioEvent>): readonly ScenarioEvent[] {
  return untilMs === null ? [] : [event(untilMs, body)];
}

/** What of a stack gets the new configuration later than the rest, and by how much, in milliseconds. */
export interface Lag {
  readonly functionsAfterMs?: number;
  readonly watchersAfterMs?: number;
}

/** A deployment of another configuration. @param regions - that have its stack now; null for all of them */
export function deploying(
  atMs: number,
  overrides: Overrides,
  regions: readonly string[] | null,
  lag: Lag = {},
): ScenarioEvent {
  return event(Math.round(atMs), { kind: 'redeploy', regions, overrides, as: null, ...lag });
}

/** How long a trouble lasts that says so when it begins. */
export function lengthMs({ atMs, untilMs, endMs }: Span): number {
  return (untilMs ?? endMs) - atMs;
}

/** One of several, each as likely. */
export function pick<T>(random: SeededRandom, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Some of several: each with this chance, one at least. */
export function some<T>(random: SeededRandom, from: readonly T[], chance: number): readonly T[] {
  const picked = from.filter(() => random() < chance);
  return picked.length > 0 ? picked : [pick(random, from)];
}

/** A site of any service. */
export function siteName(random: SeededRandom, deployment: Deployment): SiteName & { readonly service: string } {
  const service = pick(random, Object.keys(deployment.services));
  return { service, name: pick(random, Object.keys(deployment.services[service]?.sites ?? {})) };
}

/** A site as something that stops and starts. */
export function siteTarget(random: SeededRandom, deployment: Deployment): Extract<Target, { kind: 'site' }> {
  return { kind: 'site', ...siteName(random, deployment) };
}

/** Every site of every service. */
export function allSites(deployment: Deployment): readonly (SiteName & { readonly service: string })[] {
  return Object.entries(deployment.services).flatMap(([service, { sites }]) =>
    Object.keys(sites).map((name) => ({ service, name })),
  );
}
