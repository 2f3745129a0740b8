import type { Property } from '../checkers/checker.ts';
import type { Tamper } from './tamper.ts';

/** A mistake that somebody could make in the product, put there on purpose. */
export interface PlantedBug {
  /** Also the name of the scenario that brings it out: `scenarioPathOf`. */
  readonly name: string;
  /** The property whose checker must catch it. */
  readonly property: Property;
  /** Folder of that scenario below the property's, where that one is full; absent: none. */
  readonly folder?: string;
  /** What is wrong, as a reviewer would say it. */
  readonly mistake: string;
  /** Makes the tamperer of one run; null when the mistake is in no call. */
  readonly tamper: (() => Tamper) | null;
  /** How much too late watchers read the time of day, in milliseconds. */
  readonly wallAheadMs?: number;
  readonly isRedeployForgetful?: boolean;
  readonly isAgreementPresumed?: boolean;
  readonly areCookiesForgotten?: boolean;
  readonly areFormerWatchersForgotten?: boolean;
}
