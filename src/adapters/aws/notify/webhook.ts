import { createHmac } from 'node:crypto';
import type { EventDetail } from '../../../core/alerting/event-detail.ts';
import { webhookBody } from '../../../core/alerting/webhook-body.ts';
import type { Webhook } from '../../../core/model/notify.ts';
import { type SecretReference, secretName } from '../../../core/model/probe.ts';
import { PortError } from '../../../ports/port-error.ts';
import { isSafeUrl, type PostGround, type PostLimits, post } from '../../net/outgoing/post.ts';
import type { Channel } from './notifier.ts';

/** Below the 30 s of the function. Source: our own. */
const limits: PostLimits = { triesMax: 3, tryMs: 8_000, allTriesMs: 25_000, pauseMs: 1_000 };
/** Shortest and longest key of a signature, in bytes. Source: Standard Webhooks 1.0.0, "Signature scheme". */
const keyBytesMin = 24;
const keyBytesMax = 64;

/** What a webhook needs of its surroundings. */
export interface WebhookGround extends PostGround {
  readonly secrets: { read(reference: SecretReference): Promise<string> };
}

/**
 * A server of the user's, or of Slack or PagerDuty.
 *
 * One message has one `webhook-id` however often it is tried, so that a receiver can leave out what it has. It counts
 * as taken by an answer of 2xx; redirects are not followed. What may pass is tried again after a pause. The headers are
 * those of Standard Webhooks 1.0.0. No fault names the URL: it may be a secret.
 */
export function webhookChannel(webhook: Webhook, ground: WebhookGround): Channel {
  const name = `webhook ${typeof webhook.url === 'string' ? hostOf(webhook.url) : `of ${secretName(webhook.url)}`}`;
  return {
    name,
    send: async (event) => {
      const request = await requestOf(webhook, event, ground.secrets);
      if (request === null) return;
      const { url, body, keys } = request;
      const headersAt = (atSeconds: number) => {
        const signatures = keys.map((key) => `v1,${signatureOf(key, `${event.id}.${atSeconds}.${body}`)}`);
        return {
          'webhook-id': event.id,
          'webhook-timestamp': String(atSeconds),
          ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
        };
      };
      await post({ name, url, body, headersAt, isPassing }, limits, ground);
    },
  };
}

/** Too many requests, a server that is slow, and every error of a server. */
function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

interface Request {
  readonly url: string;
  readonly body: string;
  readonly keys: readonly Buffer[];
}

async function requestOf(
  webhook: Webhook,
  event: EventDetail,
  secrets: WebhookGround['secrets'],
): Promise<Request | null> {
  const url = typeof webhook.url === 'string' ? webhook.url : await secrets.read(webhook.url);
  if (!isSafeUrl(url)) throw invalid('the URL of a webhook is no https:// URL');
  const keys = webhook.format === 'json' ? keysIn(await secrets.read(webhook.signingKey)) : [];
  const routingKey = webhook.format === 'pagerduty' ? await secrets.read(webhook.routingKey) : '';
  const body = webhookBody(webhook.format, event, routingKey);
  return body === null ? null : { url, keys, body: JSON.stringify(body) };
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

function signatureOf(key: Buffer, content: string): string {
  return createHmac('sha256', key).update(content).digest('base64');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'without a URL';
}

function invalid(detail: string): PortError {
  return new PortError({ kind: 'invalid', detail });
}
