import type { Deployment } from '../../core/model/deployment.ts';
import type { Occurrence } from '../event.ts';
import type { SeededRandom } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { ApiFaults } from './api-faults.ts';
import type { Links } from './links.ts';
import type { SimSites } from './sites.ts';

/**
 * What every part of the world stands on. A part names this and the other parts that it uses, so that it can be read,
 * and made, without the whole world.
 */
export interface Ground {
  readonly scheduler: Scheduler;
  readonly nowMs: number;
  /** Chance of the network: delays, and which of many calls a fault strikes. */
  readonly random: SeededRandom;
  readonly links: Links;
  readonly faults: ApiFaults;
  readonly sites: SimSites;
  /** What is deployed now. */
  readonly deployment: Deployment;
  /** Tells every observer what has happened now. */
  occur(occurrence: Occurrence): void;
}
