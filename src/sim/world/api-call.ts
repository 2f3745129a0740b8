import type { Fault } from '../../core/fault.ts';

/** What it takes to answer one call: which API of which region, how long the caller waits, and what happens there. */
export interface ApiCall {
  readonly api: string;
  readonly region: string;
  readonly deadlineMs: number;
  /** Time the service itself takes, in milliseconds. */
  readonly serviceMs: number;
  /**
   * What the call does and answers; runs at the instant at which it arrives.
   *
   * @param isRepeated - whether it arrives late or once more, when nobody waits for it
   */
  readonly effect: (isRepeated: boolean) => unknown;
  /** Whether the caller needs the credentials of another account for it, which STS of its own region gives. */
  readonly isInOtherAccount?: boolean;
  /**
   * Time that passes before the effect, in milliseconds: a function of the user runs, whether or not anybody still
   * waits for it.
   */
  readonly takesMs?: number;
  /** What begins with the call, however it ends. */
  readonly begin?: () => void;
  /** Answers later than the effect: an actuator works before it reports. */
  readonly effectLater?: (answer: (value: unknown) => void) => void;
}

/** Deadline of a call to a control plane, several times what one takes. */
export const controlPlaneMs = 3_000;
/** What EC2 and its like take for one call. */
const ec2Ms = 250;

/** What asks a function of the user. */
export const hookApi = 'lambda:Invoke';

/** What gives the credentials of another account. */
export const takeRoleApi = 'sts:AssumeRole';
/** What says which table stands behind a name. */
export const identifyTableApi = 'dynamodb:DescribeTable';
/** What a process makes sockets with: no API of AWS, and it can fail all the same. */
export const proberApi = 'prober:Probe';
/** What a checker of Route 53 asks an oracle: no API of AWS either. */
export const oracleApi = 'oracle:Ask';
/** What brings the metrics of a region to the alarms there. */
export const metricsApi = 'cloudwatch:PutMetricData';

/** A call to a control plane of a region. */
export function regionalCall(api: string, region: string, effect: ApiCall['effect']): ApiCall {
  return { api, region, deadlineMs: controlPlaneMs, serviceMs: ec2Ms, effect };
}

/**
 * A call of a function of the user, which nothing ends but its own end.
 *
 * @param leftMs - what is left of the caller's attempt
 */
export function hookCall(
  region: string,
  leftMs: number,
  { takesMs, begin, effect }: Required<Pick<ApiCall, 'takesMs' | 'begin' | 'effect'>>,
): ApiCall {
  return { api: hookApi, region, deadlineMs: Math.max(1, leftMs), serviceMs: 0, takesMs, begin, effect };
}

/** What an effect throws when the API refuses the call. */
export class SimFault {
  readonly fault: Fault;

  constructor(fault: Fault) {
    this.fault = fault;
  }
}

/** Names with numbers in one text, in the order of the names. */
export function textOf(weights: Readonly<Record<string, number | boolean>>): string {
  return Object.keys(weights)
    .sort()
    .map((name) => `${name}=${weights[name]}`)
    .join(' ');
}
