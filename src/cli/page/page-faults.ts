import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { FaultMaker } from '../../dashboard/live/page-server.ts';
import type { Breakage } from '../../dashboard/live/page-state.ts';
import { heal, strike } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { type LabFault, labFaults } from '../program.ts';

/** Breaks and heals a lab as its page asks, and remembers what is broken. */
export class PageFaults implements FaultMaker {
  readonly ownSites: readonly string[];
  readonly #lab: Lab;
  readonly #tell: (event: LabEvent) => void;
  #broken: readonly Breakage[] = [];

  /** @param tell - hears of each fault and of each healing */
  constructor(lab: Lab, tell: (event: LabEvent) => void) {
    this.#lab = lab;
    this.#tell = tell;
    this.ownSites = [...lab.members.sites.keys()];
  }

  /** What is broken now, oldest first. */
  get broken(): readonly Breakage[] {
    return this.#broken;
  }

  strike: FaultMaker['strike'] = async (kind, name, fault) => {
    const known = labFaults.find((each): each is LabFault => each === fault);
    if (known === undefined) throw new FailoverError('USAGE', `${fault} is no fault: choose ${labFaults.join(', ')}`);
    const atMs = systemClock.wallMs();
    const message = strike(this.#lab, known, { kind, name });
    const broken = { kind, name, fault: brokenWords[known], sinceMs: atMs };
    this.#broken = [...this.#broken, broken];
    this.#report(atMs, 'fault', kind === 'site' ? name : null, message);
    return { isDone: true, message };
  };

  heal: FaultMaker['heal'] = async (kind, name) => {
    const message = await heal(this.#lab, { kind, name });
    const healed = (each: Breakage) => each.kind === kind && each.name === name;
    this.#broken = this.#broken.filter((each) => !healed(each));
    this.#report(systemClock.wallMs(), 'healed', kind === 'site' ? name : null, message);
    return { isDone: true, message };
  };

  #report(atMs: number, kind: 'fault' | 'healed', site: string | null, detail: string): void {
    this.#tell({ atMs, actor: 'lab', place: null, kind, service: null, site, detail, data: {} });
  }
}

/** What a part is while a fault lasts. */
const brokenWords: Readonly<Record<LabFault, string>> = {
  kill: 'killed',
  hang: 'hangs',
  slow: 'slow',
  error: 'answers 503',
  'wrong-body': 'answers a wrong page',
  partition: 'cut off from the other regions',
  region: 'lost',
  watcher: 'its watcher was killed',
};
