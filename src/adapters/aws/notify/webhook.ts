import { createHmac } from 'node:crypto';
import type { EventDetail } from '../../../core/alerting/event-detail.ts';
import { webhookBody } from '../../../core/alerting/webhook-body.ts';
import type { Fault } from '../../../core/fault.ts';
import type { Webhook } from '../../../core/model/notify.ts';
import { type SecretReference, secretName } from '../../../core/model/probe.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { Channel } from './notifier.ts';

/** Tries of one message, and the longest that one and all of them may take: below the 30 s of the function. */
const triesMax = 3;
const tryMs = 8_000;
const allTriesMs = 25_000;
/** Pause after the first failure; twice as long after the next, each by half more or less. Source: our own. */
const pauseMs = 1_000;
/** Shortest and longest key of a signature, in bytes. Source: Standard Webhooks 1.0.0, "Signature scheme". */
const keyBytesMin = 24;
const keyBytesMax = 64;

/** What a webhook needs of its surroundings. */
export interface WebhookGround {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly secrets: { read(reference: SecretReference): Promise<string> };
}

/**
 * A server of the user's, or of Slack or PagerDuty.
 *
 * One message has one `webhook-id` however often it is tried, so that a receiver can leave out what it has. It counts
 * as taken by an answer of 2xx; redirects are not followed. What may pass is tried again after a pause. The headers are
 * those of Standard Webhooks 1.0.0. No fault names the URL: it may be a secret.
 */
export function webhookChannel(webhook: Webhook, { clock, rng, secrets }: WebhookGround): Channel {
  const name = `webhook ${typeof webhook.url === 'string' ? hostOf(webhook.url) : `of ${secretName(webhook.url)}`}`;
  return {
    name,
    send: async (event) => {
      const request = await requestOf(webhook, event, secrets);
      if (request === null) return;
      const startMs = clock.monotonicMs();
      for (let tries = 1; ; tries += 1) {
        const failure = await tryOnce(request, event.id, Math.floor(clock.wallMs() / 1_000));
        if (failure === null) return;
        const waitMs = Math.max(pauseMs * 2 ** (tries - 1) * (0.5 + rng.next()), failure.retryAfterMs);
        const isLate = clock.monotonicMs() - startMs + waitMs + tryMs > allTriesMs;
        if (tries >= triesMax || isLate || !failure.isPassing) {
          throw new PortError({ kind: failure.kind, detail: `${name} ${failure.detail}` });
        }
        await clock.sleep(waitMs);
      }
    },
  };
}

interface Request {
  readonly url: string;
  readonly body: string;
  readonly keys: readonly Buffer[];
}

interface Failure {
  readonly kind: Fault['kind'];
  readonly detail: string;
  /** Whether the same may succeed later. */
  readonly isPassing: boolean;
  /** What the server asks to wait for, in milliseconds; 0 when it asks for nothing. */
  readonly retryAfterMs: number;
}

async function requestOf(
  webhook: Webhook,
  event: EventDetail,
  secrets: WebhookGround['secrets'],
): Promise<Request | null> {
  const url = typeof webhook.url === 'string' ? webhook.url : await secrets.read(webhook.url);
  if (!isSafe(url)) throw invalid('the URL of a webhook is no https:// URL');
  const keys = webhook.format === 'json' ? keysIn(await secrets.read(webhook.signingKey)) : [];
  const routingKey = webhook.format === 'pagerduty' ? await secrets.read(webhook.routingKey) : '';
  const body = webhookBody(webhook.format, event, routingKey);
  return body === null ? null : { url, keys, body: JSON.stringify(body) };
}

/** In the clear only within this machine, for tests and for the lab. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}

/** Two keys for as long as one is replaced by the other. */
function keysIn(secret: string): readonly Buffer[] {
  return secret.split(/\s+/).map((text) => {
    const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
    const key = Buffer.from(encoded, 'base64');
    if (key.length >= keyBytesMin && key.length <= keyBytesMax) return key;
    throw invalid(`a signing key is no whsec_ with ${keyBytesMin} to ${keyBytesMax} bytes in base64`);
  });
}

async function tryOnce({ url, body, keys }: Request, id: string, atSeconds: number): Promise<Failure | null> {
  const signatures = keys.map((key) => `v1,${signatureOf(key, `${id}.${atSeconds}.${body}`)}`);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(tryMs),
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'cdk-failover',
        'webhook-id': id,
        'webhook-timestamp': String(atSeconds),
        ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
      },
    });
    await response.body?.cancel();
    return response.ok ? null : failureOf(response);
  } catch (error) {
    return unanswered(error);
  }
}

function signatureOf(key: Buffer, content: string): string {
  return createHmac('sha256', key).update(content).digest('base64');
}

function failureOf({ status, headers }: Response): Failure {
  const seconds = Number(headers.get('retry-after'));
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0;
  const detail = `answered ${status}`;
  if (status === 429) return { kind: 'throttled', detail, isPassing: true, retryAfterMs };
  if (status >= 500 || status === 408) return { kind: 'unavailable', detail, isPassing: true, retryAfterMs };
  const kind = status === 401 || status === 403 ? 'denied' : 'invalid';
  return { kind, detail, isPassing: false, retryAfterMs: 0 };
}

function unanswered(error: unknown): Failure {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { kind: 'timeout', detail: `did not answer within ${tryMs} ms`, isPassing: true, retryAfterMs: 0 };
  }
  const { cause } = error instanceof Error ? error : {};
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${cause.code})` : '';
  return { kind: 'unavailable', detail: `cannot be reached${code}`, isPassing: true, retryAfterMs: 0 };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'without a URL';
}

function invalid(detail: string): PortError {
  return new PortError({ kind: 'invalid', detail });
}
