import type { Webhook } from '../model/notify.ts';
import type { EventDetail } from './event-detail.ts';
import { messageOf } from './message.ts';

/** Most characters of a text in Slack. Source: Slack API, "chat.postMessage", on truncating content. */
const slackTextMax = 4_000;
/**
 * Most characters of a key. A summary may have 1,024, and a subject is shorter. Source: PagerDuty, "Send an Alert
 * Event", Events API v2.
 */
const dedupKeyMax = 255;

/** Name that Standard Webhooks and PagerDuty have for the time of an event, by ISO 8601. */
export const timeField = 'timestamp';

/**
 * What a webhook is sent of an event; null when it is not for this format.
 *
 * @param routingKey - what PagerDuty files it under; of no use to the other formats
 */
export function webhookBody(format: Webhook['format'], event: EventDetail, routingKey: string): unknown {
  switch (format) {
    case 'json':
      return jsonBody(event);
    case 'slack':
      return { text: slackText(event) };
    case 'pagerduty':
      return pagerDutyEvent(event, routingKey);
  }
}

/**
 * `failover.` and the kind of the event, in the letters that the standard takes, and all of it. Source: Standard
 * Webhooks 1.0.0, "Payload structure".
 */
function jsonBody(event: EventDetail): unknown {
  return { type: `failover.${event.kind.replaceAll('-', '_')}`, [timeField]: timeOf(event), data: event };
}

/** `&`, `<` and `>` begin what Slack reads as markup. Source: Slack API, "Formatting message text". */
function slackText(event: EventDetail): string {
  const { subject, body } = messageOf(event.deployment, event.region, event);
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `*${escaped(subject)}*\n${escaped(body)}`.slice(0, slackTextMax);
}

/** An event that is about no alert opens no incident. */
function pagerDutyEvent(event: EventDetail, routingKey: string): unknown {
  const { alert, deployment, region, service, site, kind, detail, data, id } = event;
  if (alert === null) return null;
  const { subject } = messageOf(deployment, region, event);
  return {
    routing_key: routingKey,
    event_action: alert.state === 'raised' ? 'trigger' : 'resolve',
    dedup_key: alert.key.slice(0, dedupKeyMax),
    payload: {
      summary: subject,
      source: site ?? region,
      severity: alert.severity,
      [timeField]: timeOf(event),
      component: service ?? deployment,
      group: deployment,
      class: alert.name,
      custom_details: { id, kind, detail, region, ...data },
    },
  };
}

function timeOf({ atMs }: EventDetail): string {
  return new Date(atMs).toISOString();
}
