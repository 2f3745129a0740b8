import type { FenceInput, Isolation } from '../core/calls.ts';

/** What cuts sites off from their clients. */
export interface Fences {
  readIsolation(input: FenceInput): Promise<Isolation>;
  /** Cuts the site off, remembering what is needed to undo it, or lets it back. Takes effect before it returns. */
  setIsolation(input: FenceInput & { readonly isIsolated: boolean }): Promise<void>;
}
