import type { FenceState, FenceThing } from '../core/kinds/fence.ts';

/** What cuts sites off from their clients. */
export interface Fences {
  readIsolation(input: Omit<FenceThing, 'isIsolated'>): Promise<FenceState>;
  /** Cuts the site off, remembering what is needed to undo it, or lets it back. Takes effect before it returns. */
  setIsolation(input: FenceThing): Promise<void>;
}
