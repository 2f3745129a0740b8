import { systemClock } from '../../adapters/system/clock.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import { LabProcess } from './lab-process.ts';
import type { LabRole } from './protocol.ts';

/** All processes of a lab: started together, heard together, and ended together. */
export class Processes {
  readonly #members: LabProcess<LabRole>[] = [];
  readonly #onEvent: (event: LabEvent) => void;

  constructor(onEvent: (event: LabEvent) => void) {
    this.#onEvent = onEvent;
  }

  start<R extends LabRole>(role: R, place: string | null): LabProcess<R> {
    const member = new LabProcess(role, place, (event) => this.#onEvent({ ...event, actor: role, place }));
    this.#members.push(member as unknown as LabProcess<LabRole>);
    void member.ended.then(() => {
      if (member.isEndWanted) return;
      const detail = `${member.name} is gone`;
      const atMs = systemClock.wallMs();
      this.#onEvent({ atMs, actor: role, place, kind: 'process-ended', service: null, site: null, detail, data: {} });
    });
    return member;
  }

  /** One process a place. */
  startAll<R extends LabRole>(role: R, places: readonly string[]): ReadonlyMap<string, LabProcess<R>> {
    return new Map(places.map((place) => [place, this.start(role, place)]));
  }

  get size(): number {
    return this.#members.length;
  }

  pids(): readonly number[] {
    return this.#members.map((member) => member.pid);
  }

  /** Ends every process and waits until the last is gone. Harmless when called again. */
  async stop(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.stop()));
  }
}
