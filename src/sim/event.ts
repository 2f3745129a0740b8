import type { FailoverEvent } from '../core/alerting/event.ts';
import type { Observation } from '../core/detection/observation.ts';
import type { KindName } from '../core/kinds/kind-name.ts';
import type { Order } from '../core/kinds/order.ts';
import type { Deployment } from '../core/model/deployment.ts';
import type { Ballot } from '../core/register/ballot.ts';
import type { Register } from '../core/register/register.ts';
import type { FencingToken } from '../core/register/run.ts';
import type { OpinionItem } from '../core/tables/opinion-item.ts';
import type { ProcessIdentity } from './process.ts';

/** What an actuator has written. */
export interface Written {
  readonly thing: KindName;
  readonly region: string;
  readonly target: string;
  readonly value: string;
  /** The thing with all its ids, as the actuator's own deployment has it. */
  readonly whole: unknown;
  readonly hasChanged: boolean;
  /** How long a function of the user took for it; 0 where none did it. */
  readonly takenMs: number;
  /** It came late, or once more, by no doing of the actuator's. */
  readonly isRepeated: boolean;
}

/**
 * What truly happened in the simulated world, seen from outside: the only thing that checkers and expectations judge.
 * What the product says of itself comes in only as what it said.
 */
export type SimEvent = { readonly atMs: number } & (
  | { readonly type: 'scenario'; readonly what: string; readonly isFault: boolean }
  | {
      readonly type: 'api';
      readonly api: string;
      readonly region: string;
      readonly by: ProcessIdentity;
      readonly outcome: string;
    }
  | {
      readonly type: 'accept';
      readonly incarnation: string;
      readonly region: string;
      readonly service: string;
      readonly ballot: Ballot;
      readonly register: Register;
    }
  | {
      readonly type: 'decided';
      readonly service: string;
      readonly ballot: Ballot;
      readonly register: Register;
      readonly previous: Register | null;
    }
  | {
      readonly type: 'claim';
      readonly region: string;
      readonly service: string;
      readonly token: FencingToken;
      readonly isGranted: boolean;
      readonly by: ProcessIdentity;
    }
  /** A function has read which claim its region's table holds. */
  | {
      readonly type: 'claim-read';
      readonly region: string;
      readonly service: string;
      readonly token: FencingToken;
      readonly by: ProcessIdentity;
    }
  /** A function of the user has begun to work on a request. */
  | {
      readonly type: 'hook';
      /** `read:KIND` or `write:KIND`. */
      readonly request: string;
      /** Whether it runs beside another one of the same order. */
      readonly isBeside: boolean;
    }
  /** An order reached a function. */
  | {
      readonly type: 'order';
      readonly order: Order;
      /** What whoever gave it was started with, and the function. */
      readonly meantBy: Deployment;
      readonly heldBy: Deployment;
      readonly by: ProcessIdentity;
    }
  /** What an actuator was truly shown of the thing that it looks after. */
  | {
      readonly type: 'look';
      readonly thing: KindName;
      readonly value: string;
      readonly by: ProcessIdentity;
    }
  | ({
      readonly type: 'write';
      readonly order: Order;
      /** What whoever gave the order was configured with. */
      readonly meantBy: Deployment;
      readonly by: ProcessIdentity;
    } & Written)
  | {
      readonly type: 'probe';
      readonly watcher: string;
      readonly serial: number;
      readonly service: string;
      readonly site: string;
      readonly outcome: Observation['outcome'] | 'fault';
      /** Null when it did not pass. */
      readonly latencyMs: number | null;
      /** Whether the site reported another role than the one it has when it was asked. */
      readonly disowns: boolean;
      /** Whether an API of AWS was asked in place of the site. */
      readonly isOfApi: boolean;
    }
  | { readonly type: 'voice'; readonly watcher: string; readonly serial: number; readonly item: OpinionItem }
  | { readonly type: 'logged'; readonly by: ProcessIdentity; readonly event: FailoverEvent }
  | {
      readonly type: 'notified';
      readonly event: FailoverEvent;
      /** ARNs of the topics of the user's that have taken it. */
      readonly topics: readonly string[];
    }
  /**
   * How much was asked of a site in a second, what it could carry, and what was served; in the unit of its capacity.
   */
  | {
      readonly type: 'load';
      readonly service: string;
      readonly site: string;
      readonly offered: number;
      readonly capacity: number;
      readonly good: number;
      readonly isDead: boolean;
    }
  /** Another site's part of the data takes writes from now on. */
  | {
      readonly type: 'writer';
      readonly service: string;
      readonly writer: string;
      /** The writer before it. */
      readonly from: string;
      /** A person has ordered it of AWS, outside of what is tested. */
      readonly isByHand: boolean;
    }
  | { readonly type: 'client'; readonly service: string; readonly site: string | null; readonly isGood: boolean }
  | {
      readonly type: 'operator';
      readonly name: string;
      readonly line: string;
      readonly exit: number;
      readonly output: string;
    }
);

/** Hears every event, in order. */
export type Observer = (event: SimEvent) => void;

/** An event without its instant, which the world adds. */
export type Occurrence = SimEvent extends infer Each ? (Each extends unknown ? Omit<Each, 'atMs'> : never) : never;
