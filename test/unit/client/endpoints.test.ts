import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEndpoints, type Endpoints, type EndpointsOptions } from '../../../src/client/endpoints.ts';
import type { Publication } from '../../../src/core/kinds/publication.ts';
import { FakeMachine, never } from './machine.fixture.ts';

function listOf(epoch: number, ...sites: readonly string[]): Publication {
  const endpoints = sites.map((site) => ({ site, url: `http://${site}.example` }));
  return { service: 'web', epoch, endpoints, isReadOnly: false };
}

const one = 'https://one.example/';
const two = 'https://two.example';

/** Endpoints by two oracles, of which each answers with what `lists` holds for it, or not at all. */
async function open(lists: Record<string, unknown>, more: Partial<EndpointsOptions> = {}) {
  const machine = new FakeMachine();
  machine.serve = (url) => {
    const list = lists[new URL(url).hostname.split('.')[0] ?? ''];
    return list === undefined ? never : typeof list === 'string' ? list : JSON.stringify(list);
  };
  const endpoints = createEndpoints({ service: 'web', sources: [one, two], system: machine, ...more });
  onTestFinished(() => endpoints.stop());
  await machine.pass(0);
  return { machine, endpoints };
}

const siteOf = (endpoints: Endpoints) => endpoints.pick()?.site ?? null;

describe('endpoints', () => {
  it('asks every source at the path of its service and gives the best endpoint', async () => {
    const { machine, endpoints } = await open({ one: listOf(1, 'a', 'b'), two: listOf(1, 'a', 'b') });

    expect(machine.asked).toEqual(['https://one.example/v1/web/endpoints', 'https://two.example/v1/web/endpoints']);
    expect(siteOf(endpoints)).toBe('a');
  });

  it('is ready with the first answer, without waiting for the others', async () => {
    const { endpoints } = await open({ one: listOf(1, 'a') });

    await endpoints.ready;

    expect(siteOf(endpoints)).toBe('a');
  });

  it('keeps the last good list when nothing answers any more, for ever', async () => {
    const lists: Record<string, unknown> = { one: listOf(4, 'a') };
    const { machine, endpoints } = await open(lists);

    delete lists.one;
    await machine.pass(3_600_000);

    expect(siteOf(endpoints)).toBe('a');
    expect(machine.asked.length).toBeGreaterThan(1_000);
  });

  it('follows a newer epoch at the next round', async () => {
    const lists: Record<string, unknown> = { one: listOf(1, 'a') };
    const { machine, endpoints } = await open(lists);

    lists.one = listOf(2, 'b');
    await machine.pass(7_000);

    expect(siteOf(endpoints)).toBe('b');
  });

  it('refuses an older epoch, from whichever source and however often', async () => {
    const lists: Record<string, unknown> = { one: listOf(2, 'b'), two: listOf(1, 'a') };
    const { machine, endpoints } = await open(lists);

    delete lists.one;
    await machine.pass(60_000);

    expect(siteOf(endpoints)).toBe('b');
  });

  it('never gives an endpoint of an older epoch after one of a newer, whatever answers come (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 12 }), async (rounds) => {
        const lists: Record<string, unknown> = {};
        const { machine, endpoints } = await open(lists);
        let newest = 0;
        for (const [first, second] of rounds) {
          lists.one = listOf(first, `s${first}`);
          lists.two = listOf(second, `s${second}`);
          await endpoints.refresh();
          newest = Math.max(newest, first, second);
          expect(siteOf(endpoints)).toBe(`s${newest}`);
        }
        endpoints.stop();
        await machine.pass(10_000);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['another service', { ...listOf(9, 'x'), service: 'api' }],
    ['an epoch that is none', { ...listOf(1, 'x'), epoch: '9' }],
    ['endpoints that are none', { ...listOf(9), endpoints: [{ site: 'x' }] }],
  ])('takes nothing from %s', async (_, answer) => {
    const { endpoints } = await open({ one: listOf(1, 'a'), two: answer });

    expect(siteOf(endpoints)).toBe('a');
  });

  it('starts with a list that was kept, and does not go back behind it', async () => {
    const { endpoints } = await open({ one: listOf(2, 'a') }, { initial: listOf(3, 'b') });

    expect(siteOf(endpoints)).toBe('b');
  });

  it('reads the parameter by a function, tells of each new list once, and asks no more when stopped', async () => {
    const told: Publication[] = [];
    let reads = 0;
    const source = async () => {
      reads += 1;
      return JSON.stringify(listOf(reads < 3 ? 1 : 2, 'a'));
    };
    const { machine, endpoints } = await open({}, { sources: [source], onPublication: (list) => told.push(list) });

    await machine.pass(20_000);
    endpoints.stop();
    const readsThen = reads;
    await machine.pass(20_000);

    expect(told.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(readsThen).toBeGreaterThan(2);
    expect(reads).toBe(readsThen);
  });

  it('says what to do without a source', () => {
    expect(() => createEndpoints({ service: 'web', sources: [] })).toThrow(/sources: name a URL/);
  });
});

describe('a call', () => {
  const both = { one: listOf(1, 'a', 'b') };
  const requestTimeoutMs = 2_000;

  it('is answered by the best endpoint', async () => {
    const { endpoints } = await open(both);

    expect(await endpoints.call(({ site }) => site)).toBe('a');
  });

  it('is answered within one request timeout when the best endpoint is silent, even if it heeds no signal', async () => {
    const { machine, endpoints } = await open(both);
    const answered = endpoints.call(({ site }) => (site === 'a' ? never : { site, atMs: machine.nowMs }));

    await machine.pass(requestTimeoutMs);

    const { site, atMs } = await answered;
    expect(site).toBe('b');
    expect(atMs).toBeLessThan(requestTimeoutMs);
  });

  it('goes to the other endpoint at once when the best one refuses', async () => {
    const { machine, endpoints } = await open(both);
    const answered = endpoints.call(({ site }) => {
      if (site === 'a') throw new Error('refused');
      return machine.nowMs;
    });

    await machine.pass(100);

    expect(await answered).toBeLessThan(50);
  });

  it('leaves a failing endpoint alone until its cool-down is over, then tries it with one call', async () => {
    const { machine, endpoints } = await open(both);
    const tried: string[] = [];
    let isDown = true;
    const once = async () => {
      const done = endpoints.call(({ site }) => {
        tried.push(site);
        if (site === 'a' && isDown) throw new Error('refused');
        return site;
      });
      await machine.pass(50);
      return done;
    };
    for (let count = 0; count < 3; count += 1) await once();
    tried.length = 0;

    expect(await once()).toBe('b');
    expect(tried).toEqual(['b']);
    expect(siteOf(endpoints)).toBe('b');

    isDown = false;
    await machine.pass(5_000);
    expect(await once()).toBe('a');
  });

  it('rejects within the request timeout when nobody answers, and gives the only endpoint all of the time', async () => {
    const { machine, endpoints } = await open({ one: listOf(1, 'a') });
    const failed = endpoints.call(() => never).catch((error: Error) => ({ atMs: machine.nowMs, error }));

    await machine.pass(requestTimeoutMs);

    expect(await failed).toMatchObject({ atMs: requestTimeoutMs, error: { code: 'TIMEOUT' } });
  });

  it('does not repeat what must not happen twice, and does not blame the endpoint for the caller', async () => {
    const { endpoints } = await open(both);
    let calls = 0;
    const bad = () => {
      calls += 1;
      throw new Error('bad request');
    };

    await expect(endpoints.call(bad, { attemptsMax: 1 })).rejects.toThrow('bad request');
    await expect(endpoints.call(bad, { isFailure: () => false })).rejects.toThrow('bad request');

    expect(calls).toBe(2);
    expect(siteOf(endpoints)).toBe('a');
  });

  it('ends with the reason of the caller who gives up', async () => {
    const { endpoints } = await open(both);
    const controller = new AbortController();
    const call = endpoints.call(() => never, { signal: controller.signal });

    controller.abort(new Error('enough'));

    await expect(call).rejects.toThrow('enough');
  });

  it('says so when no endpoint is known', async () => {
    const { endpoints } = await open({});

    await expect(endpoints.call(() => 1)).rejects.toMatchObject({ code: 'NO_ENDPOINT' });
  });
});
