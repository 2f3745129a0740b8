import type { Observation } from '../core/detection/observation.ts';
import { isAwsProbe, type Probe } from '../core/model/probe.ts';
import type { HandlersOf } from '../ports/ports.ts';
import { probeAuthorized } from './aws/probe/authorized-prober.ts';
import type { AwsProber } from './aws/probe/aws-prober.ts';
import type { Secrets } from './aws/probe/secrets.ts';
import type { NetProber } from './net/net-prober.ts';

/** Runs a probe of any type. Never rejects. */
export function runProbe(probe: Probe, { net, aws, secrets }: Probers): Promise<Observation> {
  if (isAwsProbe(probe)) return aws.probe(probe);
  if ('auth' in probe && probe.auth !== undefined) return probeAuthorized(probe, probe.auth, secrets);
  return net.probe(probe);
}

/** Who carries out which probes. */
export interface Probers {
  readonly net: NetProber;
  readonly aws: AwsProber;
  /** For pages that want to know who asks. */
  readonly secrets: Secrets;
}

/** The calls of the core that probers answer. */
export function proberHandlers(probers: Probers): HandlersOf<'probe' | 'checkSelf'> {
  return { probe: ({ probe }) => runProbe(probe, probers), checkSelf: () => probers.net.checkSelf() };
}
