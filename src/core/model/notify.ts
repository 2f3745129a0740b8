import type { SecretReference } from './probe.ts';

/** Where messages for people and machines are sent, besides the default event bus of the region. */
export interface Notify {
  /** Addresses that the topic of each control region sends to. */
  readonly emails: readonly string[];
  /** ARNs of topics of the user's, in any region. Whoever sends a message sends it to each of them. */
  readonly topics: readonly string[];
  readonly webhooks: readonly Webhook[];
}

/** Where a webhook is: a URL, or a secret that holds it. */
export type WebhookUrl = string | SecretReference;

/**
 * A server that is sent each message by HTTP. `json`: the event, signed. `slack`: a text for a channel; the URL is the
 * secret. `pagerduty`: an event of PagerDuty's Events API v2, opened and resolved by the key of the alert.
 */
export type Webhook =
  | { readonly format: 'json'; readonly url: WebhookUrl; readonly signingKey: SecretReference }
  | { readonly format: 'slack'; readonly url: WebhookUrl }
  | { readonly format: 'pagerduty'; readonly url: WebhookUrl; readonly routingKey: SecretReference };

/** The secrets that a webhook needs. */
export function secretsOfWebhook(webhook: Webhook): readonly SecretReference[] {
  return [
    ...(typeof webhook.url === 'string' ? [] : [webhook.url]),
    ...(webhook.format === 'json' ? [webhook.signingKey] : []),
    ...(webhook.format === 'pagerduty' ? [webhook.routingKey] : []),
  ];
}
