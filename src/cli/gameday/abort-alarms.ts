import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import { PortError } from '../../ports/port-error.ts';
import { duration } from '../show/layout.ts';
import type { AlarmReader, NamedAlarm } from './ground.ts';

/** How long an alarm may not be readable before the fault is ended: nobody would see it ring. Source: our own. */
const blindMsMax = 60_000;

/** The worst first; a state that is not known is worse than one that nobody has data for. */
const order = ['ALARM', 'unknown', 'INSUFFICIENT_DATA', 'OK'];

/** The alarms at which a game day ends its fault. */
export class AbortAlarms {
  readonly #reader: AlarmReader | null;
  readonly #alarms: readonly NamedAlarm[];
  readonly #worst = new Map<string, string>();
  readonly #seenMs = new Map<string, number>();

  /** @param reader - null where there are none to read */
  constructor(reader: AlarmReader | null, alarms: readonly NamedAlarm[]) {
    this.#reader = reader;
    this.#alarms = alarms;
  }

  /**
   * Refuses to begin while an alarm rings already, or cannot be read.
   *
   * @throws {FailoverError} USAGE for an alarm that is not there, TARGET for one that rings
   */
  async refuse(): Promise<void> {
    for (const alarm of this.#alarms) {
      const name = textOf(alarm);
      let state: string | null;
      try {
        state = await this.#read(alarm);
      } catch (error) {
        const why = error instanceof PortError ? `${error.fault.kind}: ${error.fault.detail}` : String(error);
        throw new FailoverError('TARGET', `--abort-alarm ${name} cannot be read: ${why}`, { cause: error });
      }
      if (state === null) throw new FailoverError('USAGE', `--abort-alarm ${name}: there is no such metric alarm`);
      if (state === 'ALARM')
        throw new FailoverError('TARGET', `--abort-alarm ${name} rings already; nothing was begun`);
    }
  }

  /** Why the fault must end; null while all is quiet. Never throws. */
  async ringing(): Promise<string | null> {
    for (const alarm of this.#alarms) {
      const name = textOf(alarm);
      try {
        const state = await this.#read(alarm);
        if (state === 'ALARM') return `alarm ${name} rings`;
      } catch {
        const blindMs = systemClock.monotonicMs() - (this.#seenMs.get(name) ?? 0);
        this.#note(name, 'unknown');
        if (blindMs > blindMsMax) return `alarm ${name} cannot be read for ${duration(blindMs)}`;
      }
    }
    return null;
  }

  /** The worst state of each, as it was read. */
  worst(): readonly { readonly name: string; readonly worst: string }[] {
    return this.#alarms.map((alarm) => ({ name: textOf(alarm), worst: this.#worst.get(textOf(alarm)) ?? 'unknown' }));
  }

  async #read(alarm: NamedAlarm): Promise<string | null> {
    const seen = (await this.#reader?.stateOf(alarm)) ?? null;
    this.#seenMs.set(textOf(alarm), systemClock.monotonicMs());
    if (seen !== null) this.#note(textOf(alarm), seen.state);
    return seen?.state ?? null;
  }

  #note(name: string, state: string): void {
    const rank = (word: string | undefined) => (word === undefined ? order.length : order.indexOf(word));
    if (rank(state) < rank(this.#worst.get(name))) this.#worst.set(name, state);
  }
}

function textOf({ region, name }: NamedAlarm): string {
  return `${region}/${name}`;
}
