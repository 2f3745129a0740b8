import { describe, expect, test } from 'vitest';
import { FailoverError } from '../../../../src/core/errors.ts';
import type { TargetKind } from '../../../../src/dashboard/band.ts';
import { Feed } from '../../../../src/dashboard/live/feed.ts';
import { createPageServer, type FaultMaker, type PageOperator } from '../../../../src/dashboard/live/page-server.ts';
import { deploymentOf } from '../../cli/deployment.fixture.ts';

const token = 'a-token-of-the-tests';
const origin = 'http://127.0.0.1:8080';
const cookie = `failover-page-8080=${token}`;

/** A clock whose sleeps end only with their signal: nothing happens by itself. */
const stillClock = {
  wallMs: () => 1_700_000_000_000,
  monotonicMs: () => 0,
  sleep: (_ms: number, signal?: AbortSignal) =>
    new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
};

/** An operator and a maker of faults that remember what they were asked. */
function recorders() {
  const asked: unknown[] = [];
  const say = async (...given: unknown[]) => {
    asked.push(given);
    return { isDone: true, message: 'done' };
  };
  const operator: PageOperator = {
    preview: async (words) => {
      if (words[0] === 'dance') throw new FailoverError('USAGE', 'no such verb');
      return { outcome: 'accepted', message: 'would do', steps: ['dns web'], line: words.join(' '), nameToType: null };
    },
    operate: say,
  };
  const faults: FaultMaker = { ownSites: ['virginia'], strike: say, heal: say };
  return { asked, operator, faults };
}

function serverFor({
  kind = 'lab',
  isReadOnly = false,
}: {
  readonly kind?: TargetKind;
  readonly isReadOnly?: boolean;
} = {}) {
  const feed = new Feed();
  const { asked, operator, faults } = recorders();
  const app = createPageServer({
    target: { kind, where: 'shop in <a> place', deployment: deploymentOf('web'), resolver: 'a resolver' },
    feed,
    status: () => null,
    clock: stillClock,
    token,
    instance: 'one',
    script: 'run();',
    operator: isReadOnly ? null : operator,
    faults: isReadOnly ? null : faults,
  });
  const get = (path: string, headers: Record<string, string> = { cookie }) =>
    app.request(`${origin}${path}`, { headers });
  const post = (path: string, body: unknown, headers: Record<string, string> = { cookie, origin }) =>
    app.request(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { feed, asked, app, get, post };
}

describe('who is let in', () => {
  test('the token in the address opens the page, and is then in a cookie that no script and no other site gets', async () => {
    const { get } = serverFor();

    const response = await get(`/?token=${token}`, {});

    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBe(`${cookie}; Path=/; HttpOnly; SameSite=Strict`);
  });

  test.each([
    ['no token', '/', {}],
    ['a wrong token', '/?token=guess', {}],
    ['a wrong token beside a right cookie', '/?token=guess', { cookie }],
    ['the cookie of another port', '/', { cookie: `failover-page-9090=${token}` }],
    ['the stream', '/events', {}],
    ['the script', '/page.js', {}],
  ])('is refused: %s', async (_, path, headers) => {
    const { get } = serverFor();

    const response = await get(path, headers);

    expect(response.status).toBe(403);
    expect(await response.text()).toContain('Open the address that the command printed');
  });

  test.each(['http://evil.example:8080', 'http://127.0.0.1.evil.example:8080', 'http://169.254.169.254:8080'])(
    'is refused whatever it knows when it comes by another name: %s',
    async (elsewhere) => {
      const { app } = serverFor();

      const response = await app.request(`${elsewhere}/?token=${token}`, { headers: { cookie } });

      expect(response.status).toBe(403);
      expect(await response.text()).toContain('127.0.0.1 and localhost only');
    },
  );

  test.each(['http://localhost:8080', 'http://127.0.0.1:8080'])('comes in by %s', async (here) => {
    const { app } = serverFor();

    expect((await app.request(`${here}/?token=${token}`)).status).toBe(200);
  });

  test.each([
    ['another site', { cookie, origin: 'https://evil.example' }],
    ['another port of this machine', { cookie, origin: 'http://127.0.0.1:9090' }],
    ['a page without an origin', { cookie, origin: 'null' }],
    ['nobody', { cookie }],
  ])('a change that %s asks for is refused', async (_, headers) => {
    const { post, asked } = serverFor();

    const response = await post('/operate', { words: ['pause', 'web'] }, headers);

    expect(response.status).toBe(403);
    expect(asked).toEqual([]);
  });

  test('nothing is loaded from outside, framed, or kept, and no answer says where it came from', async () => {
    const { get } = serverFor();

    for (const path of ['/', '/page.css', '/page.js', '/nowhere']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(headers.get('cache-control')).toContain('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});

test('metrics are read by whoever shows the token, as a scraper does', async () => {
  const { get } = serverFor();

  const shown = await get('/metrics', { authorization: `Bearer ${token}` });

  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(await shown.text()).toContain('# TYPE failover_protection gauge');
  expect((await get('/metrics', { authorization: 'Bearer guess' })).status).toBe(403);
  expect((await get('/metrics', {})).status).toBe(403);
});

describe('the document', () => {
  test.each([
    ['lab', 'LAB'],
    ['aws', 'AWS'],
    ['simulated', 'SIMULATED'],
  ] as const)('says in its band what it is about: %s', async (kind, word) => {
    const text = await (await serverFor({ kind }).get('/')).text();

    expect(text).toContain(`<p class="band ${kind}"><strong>${word}</strong>`);
    expect(text).toContain('shop in &lt;a&gt; place');
  });

  test('holds what is known already: it is right before its script runs', async () => {
    const { feed, get } = serverFor();
    feed.show({ 'first/web': '<strong>PROTECTED</strong>' }, 1_000);
    feed.add([{ atMs: 5_000, who: 'lab', words: 'a <fault>', tone: 'fault' }]);

    const text = await (await get('/')).text();

    expect(text).toContain('aria-live="polite" aria-atomic="true"><strong>PROTECTED</strong></p>');
    expect(text).toContain('00:00:05.0</time> <b>lab</b> <span>a &lt;fault&gt;</span>');
  });

  test('loads nothing from elsewhere, and has no script and no style of its own in it', async () => {
    const text = await (await serverFor().get('/')).text();

    expect(text.match(/(?:src|href)="([^"]*)"/g)).toEqual([
      'href="data:,"',
      'href="/page.css"',
      'src="/page.js"',
      'href="#services"',
    ]);
    expect(text).not.toMatch(/ style=| on[a-z]+=|<style/);
  });

  test('a page that only reads has no buttons', async () => {
    const text = await (await serverFor({ isReadOnly: true }).get('/')).text();

    expect(text).not.toContain('<button');
    expect(text).toContain('This page only reads');
  });
});

/** Messages of a stream as they come, by name and data. */
async function* messagesOf(response: Response): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      yield { event, data: JSON.parse(data) };
    }
  }
}

describe('the stream', () => {
  test('begins with everything, then has what changes, to each reader at its own pace', async () => {
    const { feed, get } = serverFor();
    feed.show({ a: '1', b: '1' }, 1_000);
    const one = messagesOf(await get('/events'));
    const first = (await one.next()).value;

    feed.show({ a: '2', b: '1' }, 2_000);
    feed.show({ a: '3', b: '1' }, 3_000);
    const second = (await one.next()).value;
    const late = messagesOf(await get('/events'));

    expect(first).toMatchObject({
      event: 'all',
      data: { instance: 'one', parts: { a: '1', b: '1' }, readAtMs: 1_000 },
    });
    expect(second).toMatchObject({ event: 'change', data: { parts: { a: '3' }, rows: [] } });
    expect((await late.next()).value).toMatchObject({ event: 'all', data: { parts: { a: '3', b: '1' } } });
    await Promise.all([one.return(undefined), late.return(undefined)]);
  });

  test('a row of the timeline is sent once', async () => {
    const { feed, get } = serverFor();
    const reader = messagesOf(await get('/events'));
    await reader.next();

    feed.add([{ atMs: 0, who: 'dns', words: 'first', tone: 'plain' }]);
    const first = (await reader.next()).value;
    feed.add([{ atMs: 0, who: 'dns', words: 'second', tone: 'plain' }]);
    const second = (await reader.next()).value;

    expect(JSON.stringify(first)).toMatch(/first/);
    expect(JSON.stringify(second)).toMatch(/second/);
    expect(JSON.stringify(second)).not.toMatch(/first/);
    await reader.return(undefined);
  });
});

describe('what can be asked for', () => {
  test('a command is shown first, then carried out with what was typed', async () => {
    const { post, asked } = serverFor();
    const words = ['switchover', 'web', '--to', 'oregon'];

    const preview = await (await post('/preview', { words })).json();
    const before = [...asked];
    const said = await (await post('/operate', { words, name: 'shop' })).json();

    expect(preview).toMatchObject({ outcome: 'accepted', steps: ['dns web'] });
    expect(before).toEqual([]);
    expect(said).toEqual({ isDone: true, message: 'done' });
    expect(asked).toEqual([[words, 'shop']]);
  });

  test.each(['/preview', '/operate', '/fault', '/heal'])('a page that only reads refuses %s', async (path) => {
    const { post } = serverFor({ isReadOnly: true });

    const response = await post(path, { words: ['pause', 'web'], kind: 'site', name: 'virginia', fault: 'kill' });

    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      isDone: false,
      message: 'this page only reads; start it with --operate to act here',
    });
  });

  test('a fault and its healing name the part', async () => {
    const { post, asked } = serverFor();

    await post('/fault', { kind: 'site', name: 'virginia', fault: 'kill' });
    await post('/heal', { kind: 'region', name: 'us-east-1' });

    expect(asked).toEqual([
      ['site', 'virginia', 'kill'],
      ['region', 'us-east-1'],
    ]);
  });

  test.each([
    ['/preview', {}, 'send words, a list of texts'],
    ['/preview', { words: [1] }, 'send words, a list of texts'],
    ['/preview', { words: ['dance'] }, 'no such verb'],
    ['/preview', [], 'send a JSON object'],
    ['/fault', { kind: 'star', name: 'x', fault: 'kill' }, 'send kind, which is site or region'],
    ['/fault', { kind: 'site', fault: 'kill' }, 'send name, a text'],
  ])('what cannot be understood is said in one line: %s %j', async (path, body, message) => {
    const { post, asked } = serverFor();

    const response = await post(path, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ isDone: false, message });
    expect(asked).toEqual([]);
  });

  test('a request of more than ten thousand bytes is not read', async () => {
    const { post } = serverFor();

    expect((await post('/operate', { words: ['x'.repeat(20_000)] })).status).toBe(413);
  });
});
