import type { ScaleState } from '../core/kinds/start.ts';
import type { Scalable } from '../core/model/site.ts';

/** What a standby is raised or started by. */
export interface Compute {
  readScale(region: string, scalable: Scalable): Promise<ScaleState>;
  /** Asks for a size and returns; what takes time is seen by reading again. One write, of the difference only. */
  setScale(region: string, scalable: Scalable, size: number): Promise<void>;
}
