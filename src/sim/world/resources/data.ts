import type { DataResource } from '../../../core/model/data.ts';
import type { SimReplicas } from './replicas.ts';

/** What the world holds of one service's data. */
export interface Data {
  kind: DataResource['kind'];
  /** Site that the newest promotion made the writer. All sites are kept by what they were called first. */
  writer: string;
  /** Site whose promotion is under way; null when none is. */
  movingTo: string | null;
  /** Site that AWS calls the target of a move under way, for longer than the promotion takes, or shorter. */
  shownTo: string | null;
  /** Sites whose own data takes writes: the writer, and every older one that nobody has demoted. */
  readonly writing: Set<string>;
  /** Sites whose data is being made anew. `nothing`: the old instance was renamed, and there is no new one yet. */
  readonly rebuilding: Map<string, 'changing' | 'nothing'>;
  readonly rebuiltAtMs: Map<string, number>;
  /** Sites whose old instance was deleted, with all that only it had. */
  readonly deleted: Set<string>;
  /** Sites whose own promotion goes on, whatever was ordered since. */
  readonly promoting: Set<string>;
  /** Sites whose newest promotion a person has ordered of AWS, outside of what is tested, and when they took writes. */
  readonly byHand: Map<string, number>;
  /** What RDS has, where the data is RDS's. */
  readonly replicas: SimReplicas | null;
}
