import { beforeEach, expect, it } from 'vitest';
import type { AwsDatabases } from '../../src/adapters/aws/promote.ts';
import type { DataResource } from '../../src/core/model/data.ts';
import { faultOf } from '../support/stand-in.ts';

type Databases = Pick<AwsDatabases, 'readWriter' | 'promote'>;

/** Region of the site that writes at first, and of the one that is promoted. */
export const home = 'us-east-1';
export const away = 'us-west-2';

/** Sites as the services of the suite have them. */
export const places = { web: { sites: { virginia: { region: home }, oregon: { region: away } } } };

/** Looks that a promotion may take in the suite; the fakes take two or three. */
const looksMax = 10;

/** Data that `virginia` writes, and something that keeps it. */
export interface Holder {
  readonly databases: Databases;
  readonly data: DataResource;
  /** Time goes by between two looks. */
  readonly wait: () => Promise<void>;
  /**
   * `switchover`: a planned promotion waits until nothing would be lost. `replicates`: it takes what has arrived, and
   * so needs leave. `keeps`: moving loses nothing, planned or not.
   */
  readonly way: 'switchover' | 'replicates' | 'keeps';
}

/** Facts of any keeper of data; `open` makes a fresh one for each. */
export function describeDatabases(open: () => Holder | Promise<Holder>): void {
  let holder: Holder;

  beforeEach(async () => {
    holder = await open();
  });

  const look = () => holder.databases.readWriter(away, 'web', holder.data, 'oregon');
  const promote = (isPlanned: boolean, isDataLossAllowed: boolean) =>
    holder.databases.promote({
      region: away,
      service: 'web',
      data: holder.data,
      from: 'virginia',
      to: 'oregon',
      isPlanned,
      isDataLossAllowed,
      token: { epoch: 2, attempt: 1 },
    });
  /** Looks until nothing moves; who wrote at each look. */
  const settle = async () => {
    const writers: (string | null)[] = [];
    for (let looks = 0; looks < looksMax; looks += 1) {
      const { writer, isMoving } = await look();
      writers.push(writer);
      if (!isMoving) return writers;
      await holder.wait();
    }
    return expect.fail(`still moving after ${looksMax} looks`);
  };

  it('knows who writes', async () => {
    expect(await look()).toEqual({ writer: 'virginia', isMoving: false });
  });

  it('makes the site the writer when it is planned', async () => {
    await promote(true, holder.way === 'replicates');

    const writers = await settle();

    expect(writers.at(-1)).toBe('oregon');
    expect(new Set(writers)).toEqual(
      new Set(writers.filter((writer) => writer !== null && writer in places.web.sites)),
    );
  });

  it('makes the site the writer when it is not planned and may lose data', async () => {
    await promote(false, true);

    expect((await settle()).at(-1)).toBe('oregon');
  });

  it('loses nothing without leave: it is denied, or nothing can be lost', async () => {
    if (holder.way === 'keeps') {
      await promote(false, false);

      expect((await settle()).at(-1)).toBe('oregon');
    } else {
      const fault = await faultOf(() => promote(false, false));

      expect(fault.kind).toBe('denied');
      expect(await look()).toEqual({ writer: 'virginia', isMoving: false });
    }
  });

  it.each(['while it is under way', 'when it is done'])('is done once when it is asked for again %s', async (when) => {
    await promote(false, true);
    if (when === 'when it is done') await settle();

    // The API may refuse what is under way or done already; nothing else may come of it.
    const again = await promote(false, true).then(
      () => null,
      async (error: unknown) => faultOf(() => Promise.reject(error)),
    );

    expect(again?.kind ?? 'unavailable').toBe('unavailable');
    expect((await settle()).at(-1)).toBe('oregon');
  });
}

/** The fact of whoever keeps more than what is declared: what nobody has made is the caller's fault. */
export function describeStrangers(
  open: () => Promise<{ readonly databases: Databases }>,
  stranger: DataResource,
): void {
  it('is invalid to ask for what is not there, and to promote it', async () => {
    const { databases } = await open();
    const token = { epoch: 2, attempt: 1 };
    const order = { region: away, service: 'web', data: stranger, from: 'virginia', to: 'oregon', token };

    const faults = [
      await faultOf(() => databases.readWriter(away, 'web', stranger, 'oregon')),
      await faultOf(() => databases.promote({ ...order, isPlanned: false, isDataLossAllowed: true })),
    ];

    expect(faults.map(({ kind }) => kind)).toEqual(['invalid', 'invalid']);
  });
}
