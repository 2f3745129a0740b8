import type { Deployment, NamedService } from '../../core/deployment.ts';
import { serviceOf } from '../../core/deployment.ts';
import type { OpinionItem } from '../../core/opinion-item.ts';
import type { Register } from '../../core/register/register.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';

/** Safety and liveness properties, as the design numbers them. */
export type Property =
  | 'S1'
  | 'S2'
  | 'S3'
  | 'S4'
  | 'S5'
  | 'S6'
  | 'S7'
  | 'S8'
  | 'S9'
  | 'S10'
  | 'S11'
  | 'S12'
  | 'S13'
  | 'L1'
  | 'L2';

/** A breach of a property: the product did what it must never do, or did not do what it must. */
export interface Violation {
  readonly property: Property;
  readonly atMs: number;
  readonly detail: string;
}

/** Watches one property over a whole run, from outside. */
export interface Checker {
  readonly property: Property;
  /** Looks at one event; what it returns ends the run as failed. */
  hear(event: SimEvent): string | null;
  /** Looks at the world when the run is over. */
  end?(): string | null;
}

/** Makes the checker of one run. */
export type MakeChecker = (world: World) => Checker;

/** A checker that only looks at decided values. */
export function onDecided(
  property: Property,
  look: (event: SimEvent & { readonly type: 'decided' }) => string | null,
): Checker {
  return { property, hear: (event) => (event.type === 'decided' ? look(event) : null) };
}

/** Whether a decided value is the one that began an epoch by moving, rather than a note about a run under way. */
export function beginsEpoch(event: { readonly register: Register; readonly previous: Register | null }): boolean {
  return event.previous !== null && event.register.epoch > event.previous.epoch;
}

/** Whether a watcher decided the move by itself. */
export function isAutomatic(deployment: Deployment, register: Register): boolean {
  return register.run !== null && deployment.controlRegions.includes(register.run.by);
}

/** The newest word of each watcher, whether its table took it or not, and when it was spoken. */
export class Voices {
  readonly #voices = new Map<string, { readonly atMs: number; readonly item: OpinionItem }>();

  hear(event: SimEvent): void {
    if (event.type === 'voice') this.#voices.set(event.watcher, { atMs: event.atMs, item: event.item });
  }

  /** Watchers whose word is at most `ageMs` old at `nowMs`, with what they say of a site. */
  lately(service: string, site: string, nowMs: number, ageMs: number) {
    return [...this.#voices]
      .filter(([, voice]) => nowMs - voice.atMs <= ageMs)
      .flatMap(([watcher, { item }]) => {
        const track = item.tracks[service]?.[site];
        return track ? [{ watcher, track }] : [];
      });
  }
}

/**
 * How old a watcher's word may be when a decision based on it has been accepted: it counts for its time to live, was
 * read a little later, and the change took a few calls.
 */
export function voiceAgeMaxMs(service: NamedService): number {
  return service.detection.opinionTtlMs + service.detection.intervalMs + 5_000;
}

/** A service of the world's present deployment. */
export function serviceIn(world: World, name: string): NamedService {
  return serviceOf(world.deployment, name);
}
