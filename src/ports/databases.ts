import type { PromoteThing, WriterState } from '../core/kinds/promote.ts';
import type { DataResource } from '../core/model/data.ts';

/** Data that one site at a time may write. */
export interface Databases {
  readWriter(region: string, service: string, data: DataResource): Promise<WriterState>;
  /**
   * Asks for a promotion and returns; progress is seen by reading again.
   *
   * Planned: a switchover that loses nothing. Not planned: a failover, which may lose what was not replicated only when
   * `isDataLossAllowed`. A refusal by the data's own guard is a `denied` fault.
   */
  promote(input: PromoteThing): Promise<void>;
}
