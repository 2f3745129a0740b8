import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { ScenarioEvent } from '../../scenario/scenario.ts';
import type { SeededRandom } from '../random.ts';
import type { TroubleTime } from './rescue-draws.ts';

/** Another configuration made of one, whatever other deployments have changed of it. */
export type Edit = (configuration: DeploymentInput) => DeploymentInput;

/** A deployment of a change. */
export interface Step {
  readonly atMs: number;
  readonly edit: Edit;
  /** Regions whose stacks it reaches; left out: all of them, at once or stack by stack. */
  readonly regions?: readonly string[];
}

/** A change that stays: later deployments have it, too. */
export interface Reshaping {
  /** Deployments, in turn, and what each makes of a configuration. */
  readonly steps: readonly Step[];
  /** What people do beside them. */
  readonly events: readonly ScenarioEvent[];
  /** What they do once everything is healed, whatever has become of the rest. */
  readonly healing: readonly ScenarioEvent[];
  /** What people call a site from some time on, and up to another one. */
  readonly renamed?: { readonly from: string; readonly to: string; readonly fromMs: number; readonly untilMs?: number };
  /** Whether the service is steady in the end: not if a site may have been removed while it served, or amid a run. */
  readonly isSteady: boolean;
}

/** Draws one kind of change; null where the deployment cannot have it. */
export type Reshape = (
  random: SeededRandom,
  deployment: Deployment,
  time: TroubleTime,
  configuration: DeploymentInput,
) => Reshaping | null;
