import type { Observation } from '../core/detection/observation.ts';
import { isAwsProbe, type Probe } from '../core/model/probe.ts';
import type { HandlersOf } from '../ports/ports.ts';
import type { AwsProber } from './aws/probe/aws-prober.ts';
import type { NetProber } from './net/net-prober.ts';

/** Runs a probe of any type. Never rejects. */
export function runProbe(probe: Probe, { net, aws }: Probers): Promise<Observation> {
  return isAwsProbe(probe) ? aws.probe(probe) : net.probe(probe);
}

/** Who carries out which probes. */
export interface Probers {
  readonly net: NetProber;
  readonly aws: AwsProber;
}

/** The calls of the core that probers answer. */
export function proberHandlers(probers: Probers): HandlersOf<'probe' | 'checkSelf'> {
  return { probe: ({ probe }) => runProbe(probe, probers), checkSelf: () => probers.net.checkSelf() };
}
