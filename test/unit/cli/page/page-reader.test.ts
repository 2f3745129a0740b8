import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PageReader, type PageSources } from '../../../../src/cli/page/page-reader.ts';
import { Feed } from '../../../../src/dashboard/live/feed.ts';
import type { PageTarget } from '../../../../src/dashboard/live/page-state.ts';
import { fakeTarget } from '../operator/target.fixture.ts';

function readerOver(more: Partial<PageSources>, target = fakeTarget()) {
  const feed = new Feed();
  const pageTarget: PageTarget = { kind: 'lab', where: 'here', deployment: target.deployment, resolver: 'a resolver' };
  const resolve = async () => ({ addresses: [] });
  const sources = { target, pageTarget, resolve, oracles: null, broken: () => [], everyMs: 1, ...more };
  return { feed, reader: new PageReader(sources as PageSources, feed) };
}

async function until(feed: Feed, part: string, text: string): Promise<void> {
  while (!feed.part(part).includes(text)) await sleep(1);
}

test('what goes wrong while the tables are read is shown, and reading goes on', async () => {
  const target = fakeTarget();
  let isBroken = true;
  const clock = {
    ...target.ports.clock,
    monotonicMs: () => {
      if (isBroken) throw new Error('the clock stands still');
      return target.ports.clock.monotonicMs();
    },
  };
  const { feed, reader } = readerOver({ target: { ...target, ports: { ...target.ports, clock } } });

  reader.start();
  await until(feed, 'first/web', 'CANNOT SEE');
  const broken = feed.part('first/web');
  isBroken = false;
  await until(feed, 'first/web', '>PROTECTED<');
  await reader.stop();

  expect(broken).toContain('web: this page cannot read it: the clock stands still');
});

test('what goes wrong while the page is made is shown, and reading goes on', async () => {
  let isBroken = true;
  const broken = () => {
    if (isBroken) throw new Error('no list of faults');
    return [];
  };
  const { feed, reader } = readerOver({ broken });

  reader.start();
  await until(feed, 'first/web', 'no list of faults');
  isBroken = false;
  await until(feed, 'first/web', '>PROTECTED<');
  await reader.stop();
});
