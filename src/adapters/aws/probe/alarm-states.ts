import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type AlarmProbe, alarmReadIntervalMs } from '../../../core/model/probe.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';

/** Most alarms that one call reads. Source: CloudWatch API Reference, `DescribeAlarms`. */
const alarmsPerCallMax = 100;

/** What CloudWatch says of an alarm. */
export interface AlarmState {
  readonly state: string;
  /** What is wrong with the evaluation of the alarm itself; null for nothing. */
  readonly evaluation: string | null;
  readonly reason: string;
}

/** An alarm that is asked for. */
type NamedAlarm = Pick<AlarmProbe, 'region' | 'name'> & Partial<Pick<AlarmProbe, 'composite'>>;

type States = ReadonlyMap<string, AlarmState>;

/** One read of the alarms of a region, whatever came of it. */
interface Read {
  readonly atMs: number;
  readonly states: Promise<States>;
}

/**
 * Reads the alarms of a deployment, all those of a region in one call, at most once in `alarmReadIntervalMs`.
 *
 * What came of a read, its failure too, is the answer until the next one: a tick asks more often than CloudWatch
 * evaluates, and its limit on calls is shared by the whole account. Make one for each generation of a watcher, so that
 * nothing old is answered after a freeze.
 */
export class AlarmStates {
  readonly #clients: AwsClients;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #alarms: readonly NamedAlarm[];
  readonly #reads = new Map<string, Read>();

  /** @param alarms - all that will be asked for */
  constructor(clients: AwsClients, clock: Pick<Clock, 'monotonicMs'>, alarms: readonly NamedAlarm[]) {
    this.#clients = clients;
    this.#clock = clock;
    this.#alarms = alarms;
  }

  /**
   * @returns null when CloudWatch shows no such alarm to this role
   * @throws {PortError} when the alarms of the region could not be read
   */
  async stateOf({ region, name }: NamedAlarm): Promise<AlarmState | null> {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#reads.get(region);
    if (last !== undefined && nowMs - last.atMs < alarmReadIntervalMs) return (await last.states).get(name) ?? null;
    const states = this.#read(region);
    this.#reads.set(region, { atMs: nowMs, states });
    return (await states).get(name) ?? null;
  }

  async #read(region: string): Promise<States> {
    const alarms = this.#alarms.filter((alarm) => alarm.region === region);
    // Composite alarms are asked for only where the role may read them: otherwise the whole call could be denied.
    const isAnyComposite = alarms.some(({ composite }) => composite === true);
    const names = [...new Set(alarms.map(({ name }) => name))];
    const parts = Array.from({ length: Math.ceil(names.length / alarmsPerCallMax) }, (_, index) =>
      names.slice(index * alarmsPerCallMax, (index + 1) * alarmsPerCallMax),
    );
    const found = await Promise.all(parts.map((part) => this.#describe(region, part, isAnyComposite)));
    return new Map(found.flat());
  }

  async #describe(
    region: string,
    AlarmNames: string[],
    isAnyComposite: boolean,
  ): Promise<readonly (readonly [string, AlarmState])[]> {
    // Loaded at the first read: most deployments have no alarm, and start without it.
    const { CloudWatchClient, DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
    const command = new DescribeAlarmsCommand({
      AlarmNames,
      AlarmTypes: isAnyComposite ? ['MetricAlarm', 'CompositeAlarm'] : ['MetricAlarm'],
      MaxRecords: alarmsPerCallMax,
    });
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.#clients.call((options) =>
      this.#clients.of(CloudWatchClient, region).send(command, options),
    );
    const alarms: readonly MetricAlarm[] = [...MetricAlarms, ...CompositeAlarms];
    return alarms.flatMap(({ AlarmName, StateValue, StateReason = '', EvaluationState }) =>
      AlarmName === undefined || StateValue === undefined
        ? []
        : [[AlarmName, { state: StateValue, evaluation: EvaluationState ?? null, reason: StateReason }] as const],
    );
  }
}
