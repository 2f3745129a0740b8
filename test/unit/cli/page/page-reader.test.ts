import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PageReader, type PageSources } from '../../../../src/cli/page/page-reader.ts';
import { Feed } from '../../../../src/dashboard/live/feed.ts';
import type { PageTarget } from '../../../../src/dashboard/live/page-state.ts';
import { fakeTarget, memoriesSaying } from '../operator/target.fixture.ts';

function readerOver(more: Partial<PageSources>, target = fakeTarget()) {
  const feed = new Feed();
  const pageTarget: PageTarget = { kind: 'lab', where: 'here', deployment: target.deployment, resolver: 'a resolver' };
  const resolve = async () => ({ addresses: [] });
  const sources = { target, pageTarget, resolve, broken: () => [], everyMs: 1, ...more };
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

test('what DNS remembers is shown by region and of the service, and the first line reckons with it', async () => {
  let state: 'OK' | 'ALARM' | null = 'OK';
  const { feed, reader } = readerOver({}, fakeTarget([], { dns: memoriesSaying(() => state) }));

  reader.start();
  await until(feed, 'dns/web', 'virginia 3/3');
  const calm = [feed.part('region/us-east-1'), feed.part('dns/web'), feed.part('first/web')];
  state = 'ALARM';
  await until(feed, 'first/web', 'UNPROTECTED');
  await until(feed, 'dns/web', 'leads elsewhere');
  const odd = [feed.part('region/us-east-1'), feed.part('dns/web'), feed.part('facts/web')];
  const sites = ['virginia', 'oregon'].map((site) => feed.part(`site/web/${site}`));
  state = null;
  await until(feed, 'region/us-east-1', 'denied');
  await until(feed, 'first/web', '>PROTECTED<');
  await reader.stop();

  expect(calm[0]).toMatch(/<dt>memory<\/dt><dd><span class="chip quiet">virginia: not left</);
  expect(calm[0]).not.toContain('oracle');
  expect(calm[1]).toContain('as the register');
  expect(calm[2]).toContain('>PROTECTED<');
  expect(odd[0]).toContain('virginia was left');
  expect(odd[1]).toContain('<dd>oregon 3/3</dd>');
  expect(odd[2]).toContain('cdk-failover doctor');
  expect(sites).toEqual([
    expect.stringContaining('the register sends clients here'),
    expect.stringContaining('DNS leads clients here'),
  ]);
  expect(feed.part('region/us-east-1')).toMatch(/unknown<\/span> <small>denied, .*before that:.*virginia was left/);
  expect(feed.part('dns/web')).toContain('<dd>unknown 3/3</dd>');
});

test('where nothing of it can be read, nothing is said of it', async () => {
  const { feed, reader } = readerOver({});

  reader.start();
  await until(feed, 'first/web', '>PROTECTED<');
  await reader.stop();

  expect(feed.part('region/us-east-1')).not.toMatch(/oracle|memory/);
  expect(feed.part('dns/web')).not.toMatch(/oracles|memories/);
});
