import type { Observation } from '../../core/detection/observation.ts';
import type { NetProbe } from '../../core/model/probe.ts';
import { probeDns } from './dns-prober.ts';
import { probeGrpc } from './grpc/grpc-prober.ts';
import { probeHttp } from './http-prober.ts';
import { probeTcp } from './tcp-prober.ts';
import { probeTls } from './tls-prober.ts';
import { probeUdp } from './udp-prober.ts';

/** Something that has nothing to do with any site and accepts TCP connections. */
export interface ControlTarget {
  readonly host: string;
  readonly port: number;
}

/** What the prober asks when it doubts itself. */
export interface NetProberOptions {
  /** Asked all at once by the self-check; none means that the self-check always passes. */
  readonly controlTargets: readonly ControlTarget[];
  /** Deadline of the whole self-check, milliseconds. */
  readonly controlTimeoutMs: number;
}

/** Checks sites over the network. */
export interface NetProber {
  /**
   * Runs one probe within its own `timeoutMs`, with bounded memory whatever the target sends.
   *
   * @returns `fail` for whatever the target did wrong, `unknown` only for what this machine could not do. Never
   *   rejects.
   */
  probe(probe: NetProbe): Promise<Observation>;
  /** Whether something that has nothing to do with any site answers. */
  checkSelf(): Promise<{ readonly isConnected: boolean }>;
}

/** Probes over this machine's own network. */
export function createNetProber({ controlTargets, controlTimeoutMs }: NetProberOptions): NetProber {
  return {
    probe: probeByType,
    checkSelf: async () => {
      if (controlTargets.length === 0) return { isConnected: true };
      const answers = controlTargets.map(({ host, port }) =>
        probeTcp({ type: 'tcp', host, port, timeoutMs: controlTimeoutMs, corroborating: false }).then(demandPass),
      );
      return Promise.any(answers).then(
        () => ({ isConnected: true }),
        () => ({ isConnected: false }),
      );
    },
  };
}

function probeByType(probe: NetProbe): Promise<Observation> {
  switch (probe.type) {
    case 'http':
    case 'https':
      return probeHttp(probe);
    case 'tcp':
      return probeTcp(probe);
    case 'tls':
      return probeTls(probe);
    case 'udp':
      return probeUdp(probe);
    case 'dns':
      return probeDns(probe);
    case 'grpc':
      return probeGrpc(probe);
  }
}

function demandPass(observation: Observation): void {
  if (observation.outcome !== 'pass') throw new Error('the control target did not answer');
}
