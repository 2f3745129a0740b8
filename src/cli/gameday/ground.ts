import type { Experiments } from '../../adapters/aws/gameday/experiments.ts';
import type { AlarmState } from '../../adapters/aws/probe/alarm-states.ts';
import { createResolve, type NameServer, type Resolve } from '../../adapters/net/resolver.ts';
import { obey } from '../../core/kinds/actuator.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Ports } from '../../ports/ports.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { probeSites } from '../deploy/site-answers.ts';
import { askEveryMs } from '../drill/client.ts';
import type { LabFile } from '../lab/lab-file.ts';
import { connectToLab } from '../operator/lab-target.ts';
import type { Target } from '../operator/target.ts';
import type { ProbedSite } from '../show/probe.ts';

/** Time between two looks at a lab; a failover there takes about a second. */
const labSliceMs = 250;

/** How long a client may take to be well served, in milliseconds. Source: our own. */
export const warmUpMsMax = 15_000;

/** An alarm that may end a game day. */
export interface NamedAlarm {
  readonly region: string;
  readonly name: string;
}

/** Reads alarms; null when CloudWatch shows no such alarm. */
export interface AlarmReader {
  readonly stateOf: (alarm: NamedAlarm) => Promise<AlarmState | null>;
}

/** The experiments of AWS FIS in a region. */
export type ExperimentsOf = Pick<Experiments, 'readTemplate' | 'start' | 'find' | 'read' | 'stop'>;

/** What only AWS has: null in a lab. */
export interface AwsGround {
  readonly experiments: (region: string) => ExperimentsOf;
  readonly alarms: (alarms: readonly NamedAlarm[]) => AlarmReader;
}

/** A deployment within reach, and all that a game day may ask and use there. */
export interface Ground {
  readonly target: Omit<Target, 'close'>;
  /** The target's ports, and the functions of every region besides. */
  readonly asking: Ports;
  readonly resolve: Resolve;
  /** Where the client from outside asks for the name; null: at this machine's resolver. */
  readonly nameServer: NameServer | null;
  readonly askEveryMs: number;
  /** How long a client from outside may take until it is well served, in milliseconds; a resolver may be slow. */
  readonly warmUpMsMax: number;
  /** Time between two looks at the state tables, in milliseconds. */
  readonly sliceMs: number;
  readonly aws: AwsGround | null;
  /** Runs the probes of one site once, from here. */
  readonly probe: (service: string, site: string) => Promise<ProbedSite | null>;
  readonly close: () => void;
}

/** The ground of a running lab. */
export function labGround(lab: LabFile): Ground {
  const target = connectToLab(lab);
  return {
    target,
    asking: askingInLab(target),
    resolve: createResolve([lab.dns]),
    nameServer: lab.dns,
    askEveryMs,
    warmUpMsMax,
    sliceMs: labSliceMs,
    aws: null,
    probe: proberOf(target.deployment),
    close: () => target.close(),
  };
}

/**
 * In a lab each watcher is its own actuator, with nothing but the tables. So an order is carried out here as there.
 * What inside clients are told stays within the watchers, and nobody else can look at it.
 */
function askingInLab({ deployment, ports }: Pick<Target, 'deployment' | 'ports'>): Ports {
  return {
    ...ports,
    handlers: {
      ...ports.handlers,
      invoke: async ({ region, order }) => {
        if (order.kind !== 'publish') return runRoutine(obey(kindOf(order.kind), order, { deployment, region }), ports);
        return { outcome: 'pending', hasWritten: false, detail: 'the watchers do it; a lab has no Parameter Store' };
      },
    },
  };
}

/** Probes from this machine, with the watchers' own probes. */
export function proberOf(deployment: Deployment): Ground['probe'] {
  return async (service, site) => {
    const probed = await probeSites(deployment, (its, name) => its === service && name === site);
    return probed[service]?.sites[site] ?? null;
  };
}
