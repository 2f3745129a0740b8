import type { TableView } from '../../../core/tables/table-view.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { StateTables } from '../../../ports/state-tables.ts';

/** How long a region that has been asked may still answer once the others' answers were enough. */
export const graceMsMax = 500;

/** What a region did that has not answered when nobody waits any longer. */
const noAnswerYet = 'no answer yet';

/** Hears every call to the state tables, and knows afterwards which regions did not answer, and why. */
export class RegionReports {
  readonly #why = new Map<string, string>();
  readonly #pending = new Map<string, Set<Promise<unknown>>>();
  readonly #explain: (error: PortError) => string;

  /** @param explain - puts a fault in words */
  constructor(explain: (error: PortError) => string) {
    this.#explain = explain;
  }

  /** The same tables; a fault's detail is put in words before it goes on. */
  listenTo(tables: StateTables): StateTables {
    return {
      prepare: (region, ...rest) => this.#hear(region, tables.prepare(region, ...rest)),
      accept: (region, ...rest) => this.#hear(region, tables.accept(region, ...rest)),
      read: (region, ...rest) => this.#hear(region, tables.read(region, ...rest).then(identified)),
      writeOpinions: (region, ...rest) => this.#hear(region, tables.writeOpinions(region, ...rest)),
      claimToken: (region, ...rest) => this.#hear(region, tables.claimToken(region, ...rest)),
      readClaim: (region, ...rest) => this.#hear(region, tables.readClaim(region, ...rest)),
    };
  }

  /**
   * Regions whose last call brought no answer, and why.
   *
   * @param sleep - waits; calls under way are given `graceMsMax`
   */
  async list(sleep: (ms: number) => Promise<void>): Promise<Readonly<Record<string, string>>> {
    const pending = [...this.#pending.values()].flatMap((calls) => [...calls]);
    if (pending.length > 0) await Promise.race([Promise.allSettled(pending), sleep(graceMsMax)]);
    const late = [...this.#pending].flatMap(([region, calls]) => (calls.size > 0 ? [region] : []));
    return { ...Object.fromEntries(late.map((region) => [region, noAnswerYet])), ...Object.fromEntries(this.#why) };
  }

  async #hear<T>(region: string, call: Promise<T>): Promise<T> {
    const calls = this.#pending.get(region) ?? new Set();
    this.#pending.set(region, calls.add(call));
    try {
      const answer = await call;
      this.#why.delete(region);
      return answer;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      const detail = this.#explain(error);
      this.#why.set(region, detail);
      throw new PortError({ kind: error.fault.kind, detail }, error.cause);
    } finally {
      calls.delete(call);
    }
  }
}

/** For a person a table that cannot be told from a stranger is one that did not answer, and the reason is shown. */
function identified(view: TableView): TableView {
  if (view.unidentified !== undefined) throw new PortError(view.unidentified);
  return view;
}
