import { systemClock } from '../../adapters/system/clock.ts';
import { statusIn } from '../../core/operator/answers.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import type { DeploymentView } from '../../core/operator/table-survey.ts';
import type { Register } from '../../core/register/register.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { DrillRecord } from '../drill/drill-record.ts';
import { TableLooks } from '../operator/table-looks.ts';
import { sitesAt } from '../page/page-reader.ts';
import type { Ground } from './ground.ts';
import { resolveName } from './rehearsal.ts';

/** What was last read of a service. */
export interface Seen {
  readonly status: ServiceStatus;
  readonly register: Register | null;
}

/**
 * Reads the state tables and the name again and again, and tells each change as an event, by this machine's clock: what
 * a lab's processes tell of themselves, seen from outside.
 */
export class CourseObserver {
  readonly #ground: Ground;
  readonly #service: string;
  readonly #record: DrillRecord;
  readonly #stop = new AbortController();
  readonly #opinions = new Map<string, string>();
  #answer = '';
  #epoch: number | null = null;
  #runState = '';
  #seen: Seen | null = null;

  constructor(ground: Ground, service: string, record: DrillRecord) {
    this.#ground = ground;
    this.#service = service;
    this.#record = record;
  }

  /** What was last read; null before the first look. */
  get seen(): Seen | null {
    return this.#seen;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Looks until stopped. A look that fails is made again: tables may be dark, and that is no end. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    const { target, sliceMs } = this.#ground;
    const looks = new TableLooks(target, signal);
    while (!signal.aborted) {
      const startMs = systemClock.monotonicMs();
      const looking = looks.next().then(
        (look) => (look === null ? undefined : this.#note(look.view)),
        () => undefined,
      );
      await Promise.all([looking, this.#ask()]);
      const waitMs = Math.max(1, startMs + sliceMs - systemClock.monotonicMs());
      await systemClock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  #note(view: DeploymentView): void {
    const status = statusIn(this.#ground.target.deployment, this.#service, view).json.services[this.#service];
    if (status === undefined) return;
    const known = view.serviceViews[this.#service]?.register;
    const register = known !== undefined && 'register' in known ? known.register : null;
    for (const [site, { opinions }] of Object.entries(status.sites)) {
      for (const [region, opinion] of Object.entries(opinions)) this.#noteOpinion(region, site, opinion);
    }
    if (register !== null) this.#noteRegister(register);
    this.#seen = { status, register };
  }

  #noteOpinion(region: string, site: string, opinion: string): void {
    const key = `${region} ${site}`;
    if (this.#opinions.get(key) === opinion) return;
    this.#opinions.set(key, opinion);
    this.#tell('watcher', region, 'opinion-changed', site, `${site} is ${opinion}`, { opinion });
  }

  #noteRegister({ epoch, active, run }: Register): void {
    if (this.#epoch !== null && epoch > this.#epoch) {
      const by = run?.holder?.region ?? null;
      this.#tell('watcher', by, 'run-started', active, `epoch ${epoch}: ${active} is to be active`, { epoch });
    }
    const state = run === null ? '' : `${run.epoch} ${run.state}`;
    if (this.#epoch !== null && state !== this.#runState && run !== null && run.state !== 'running') {
      this.#tell('watcher', run.holder?.region ?? null, 'run-ended', run.to, `the run to ${run.to} is ${run.state}`, {
        epoch: run.epoch,
      });
    }
    this.#epoch = epoch;
    this.#runState = state;
  }

  async #ask(): Promise<void> {
    const answers = await resolveName(this.#ground, this.#service);
    if (answers === null || answers.join() === this.#answer) return;
    this.#answer = answers.join();
    const [site = null] = sitesAt(this.#ground.target.deployment, this.#service, answers);
    const text = answers.join(', ') || 'no address';
    this.#tell('dns', null, 'answer-changed', site, `the name leads to ${site ?? text}`, { answer: text });
  }

  #tell(
    actor: LabEvent['actor'],
    place: string | null,
    kind: LabEvent['kind'],
    site: string | null,
    detail: string,
    data: LabEvent['data'],
  ): void {
    const atMs = Math.round(systemClock.wallMs());
    this.#record.hear({ atMs, actor, place, kind, service: this.#service, site, detail, data });
  }
}
