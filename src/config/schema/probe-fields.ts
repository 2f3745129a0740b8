import { duration } from './duration.ts';
import { flag, nameField } from './fields.ts';

/** Three quarters of the default tick. Source: our own; a round trip between the farthest regions takes 0.3 s. */
const probeTimeoutMsDefault = 1_500;

/** Keys that probes of every type have. */
export const probeFields = {
  timeoutMs: duration(50, 30_000)
    .default(probeTimeoutMsDefault)
    .describe('Deadline of the whole probe, name resolution included; it ends inside its tick.'),
  corroborating: flag()
    .default(false)
    .describe(
      'Whether the probe only corroborates. It never makes the site down; while it passes, the site is degraded instead of down.',
    ),
  dependency: nameField
    .optional()
    .describe(
      'Name of something behind the site that other sites depend on too. When it fails for several sites, nothing moves.',
    ),
};
