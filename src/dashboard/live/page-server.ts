import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import { FailoverError } from '../../core/errors.ts';
import type { DeploymentStatus } from '../../core/operator/answers.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Feed, startPosition } from './feed.ts';
import { guard } from './guard.ts';
import { livePage } from './live-page.ts';
import { liveStyle } from './live-style.ts';
import { metricsText, metricsType } from './metrics-text.ts';
import type { PageTarget } from './page-state.ts';

/** What a command would do. */
export interface Preview {
  readonly outcome: 'accepted' | 'unchanged' | 'refused';
  readonly message: string;
  /** Steps of the move that it would begin, in order; empty when it begins none. */
  readonly steps: readonly string[];
  /** The line that does the same in a terminal. */
  readonly line: string;
  /** What must be typed before it is carried out; null where a click is enough. */
  readonly nameToType: string | null;
}

/** What came of a request. */
export interface Said {
  readonly isDone: boolean;
  readonly message: string;
}

/** Carries out the verbs of operators. */
export interface PageOperator {
  /** Words of a command line, such as `switchover web --to oregon`. */
  readonly preview: (words: readonly string[]) => Promise<Preview>;
  /** @param typedName - what the person typed to confirm it; null for nothing */
  readonly operate: (words: readonly string[], typedName: string | null) => Promise<Said>;
}

/** Breaks and heals the parts of a lab. */
export interface FaultMaker {
  readonly ownSites: readonly string[];
  readonly strike: (kind: 'site' | 'region', name: string, fault: string) => Promise<Said>;
  readonly heal: (kind: 'site' | 'region', name: string) => Promise<Said>;
}

/** What a page's server needs. */
export interface PageServerOptions {
  readonly target: PageTarget;
  readonly feed: Feed;
  /** What was read last, as `status --json` gives it; null before that. */
  readonly status: () => DeploymentStatus | null;
  readonly clock: Clock;
  /** Long and random: whoever knows it is let in. */
  readonly token: string;
  /** Differs with each start: a page that was left open reloads itself. */
  readonly instance: string;
  /** The script of the page. */
  readonly script: string;
  /** Null for a page that only reads. */
  readonly operator: PageOperator | null;
  /** Null outside a lab of this process. */
  readonly faults: FaultMaker | null;
}

/** A sign of life when nothing changes; the page's script gives up after three of them. */
const beatMs = 2_000;
/** Longest request; a reason that a person types is a line. */
const bodyBytesMax = 10_000;

/**
 * The page's server: one document, its style and script, a stream of changes, the same as metrics, and what can be
 * asked for.
 */
export function createPageServer(options: PageServerOptions): Hono {
  const { target, feed, script, operator, faults, token, instance } = options;
  const app = new Hono();
  app.use(guard(token));
  const powers = { canOperate: operator !== null, canBreak: faults !== null, ownSites: faults?.ownSites ?? [] };
  app.get('/', (context) => context.html(livePage(target, feed, powers, instance)));
  app.get('/page.css', (context) => context.body(liveStyle, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/metrics', (context) =>
    context.body(metricsText(options.status(), feed.readAtMs), 200, { 'content-type': metricsType }),
  );
  app.get('/events', (context) => streamChanges(context, options));
  app.post('*', bodyLimit({ maxSize: bodyBytesMax }));
  app.post('/preview', (context) =>
    answer(context, operator, async (open, body) => ({ ...(await open.preview(wordsIn(body))) })),
  );
  app.post('/operate', (context) =>
    answer(context, operator, (open, body) => open.operate(wordsIn(body), textIn(body, 'name') ?? null)),
  );
  app.post('/fault', (context) =>
    answer(context, faults, (open, body) => open.strike(kindIn(body), needText(body, 'name'), needText(body, 'fault'))),
  );
  app.post('/heal', (context) =>
    answer(context, faults, (open, body) => open.heal(kindIn(body), needText(body, 'name'))),
  );
  return app;
}

function streamChanges(context: Context, { feed, clock, instance }: PageServerOptions): Response {
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    let position = startPosition;
    let event = 'all';
    while (!stream.aborted && !stream.closed) {
      const { count } = feed.changes;
      const { position: reached, parts, rows } = feed.since(position);
      const data = { instance, nowMs: clock.wallMs(), readAtMs: feed.readAtMs, parts, rows };
      await stream.writeSSE({ event, data: JSON.stringify(data) });
      position = reached;
      event = 'change';
      await feed.changes.wait(count, clock, beatMs, gone.signal);
    }
  });
}

type Body = Readonly<Record<string, unknown>>;

/** Answers a request by whoever can, or says that nobody here can; a refusal is an answer, not a fault. */
async function answer<T>(
  context: Context,
  server: T | null,
  ask: (server: T, body: Body) => Promise<object>,
): Promise<Response> {
  if (server === null) {
    return context.json({ isDone: false, message: 'this page only reads; start it with --operate to act here' }, 403);
  }
  try {
    return context.json(await ask(server, await bodyOf(context)));
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    return context.json({ isDone: false, message: error.message }, 400);
  }
}

async function bodyOf(context: Context): Promise<Body> {
  const body: unknown = await context.req.json().catch(() => null);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw new FailoverError('USAGE', 'send a JSON object');
}

function textIn(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

function needText(body: Body, name: string): string {
  const text = textIn(body, name);
  if (text === undefined) throw new FailoverError('USAGE', `send ${name}, a text`);
  return text;
}

function kindIn(body: Body): 'site' | 'region' {
  const kind = body.kind;
  if (kind === 'site' || kind === 'region') return kind;
  throw new FailoverError('USAGE', 'send kind, which is site or region');
}

function wordsIn(body: Body): readonly string[] {
  const { words } = body;
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new FailoverError('USAGE', 'send words, a list of texts');
}
