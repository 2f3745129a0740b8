import type { Observation } from '../core/detection/observation.ts';
import type { Probe } from '../core/model/probe.ts';

/** Checks sites over the network. */
export interface Prober {
  /**
   * Runs one probe within its own `timeoutMs`, with bounded memory whatever the target sends.
   *
   * @returns `fail` for whatever the target did wrong, `unknown` only for what this machine could not do. Never rejects.
   */
  probe(probe: Probe): Promise<Observation>;

  /**
   * Whether something that has nothing to do with any site answers.
   *
   * A watcher without a way out sees every site down; it must say `unknown` instead.
   */
  checkSelf(): Promise<{ readonly isConnected: boolean }>;
}
