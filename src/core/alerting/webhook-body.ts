import type { Webhook } from '../model/notify.ts';
import { messageOf } from './message.ts';
import type { Notice } from './notice.ts';

/** Most characters of a text in Slack. Source: Slack API, "chat.postMessage", on truncating content. */
const slackTextMax = 4_000;
/** Most characters of a summary and of a key. Source: PagerDuty, "Send an Alert Event", Events API v2. */
const summaryMax = 1_024;
const dedupKeyMax = 255;

/** Name that Standard Webhooks and PagerDuty have for the time of an event, by ISO 8601. */
export const timeField = 'timestamp';

/**
 * What a webhook is sent of a notice; null when it is not for this format.
 *
 * @param routingKey - what PagerDuty files it under; of no use to the other formats
 */
export function webhookBody(format: Webhook['format'], notice: Notice, routingKey: string): unknown {
  switch (format) {
    case 'json':
      return jsonBody(notice);
    case 'slack':
      return { text: slackText(notice) };
    case 'pagerduty':
      return pagerDutyEvent(notice, routingKey);
  }
}

/**
 * `failover.` and the kind of the event, in the letters that the standard takes, and the notice. Source: Standard
 * Webhooks 1.0.0, "Payload structure".
 */
function jsonBody(notice: Notice): unknown {
  return { type: `failover.${notice.kind.replaceAll('-', '_')}`, [timeField]: timeOf(notice), data: notice };
}

/** `&`, `<` and `>` begin what Slack reads as markup. Source: Slack API, "Formatting message text". */
function slackText(notice: Notice): string {
  const { subject, body } = messageOf(notice.deployment, notice.region, notice);
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `*${escaped(subject)}*\n${escaped(body)}`.slice(0, slackTextMax);
}

/** An event that is about no alert opens no incident. */
function pagerDutyEvent(notice: Notice, routingKey: string): unknown {
  const { alert, deployment, region, service, site, kind, detail, data, id } = notice;
  if (alert === null) return null;
  const { subject } = messageOf(deployment, region, notice);
  return {
    routing_key: routingKey,
    event_action: alert.state === 'raised' ? 'trigger' : 'resolve',
    dedup_key: alert.key.slice(0, dedupKeyMax),
    payload: {
      summary: subject.slice(0, summaryMax),
      source: site ?? region,
      severity: alert.severity,
      [timeField]: timeOf(notice),
      component: service ?? deployment,
      group: deployment,
      class: alert.name,
      custom_details: { id, kind, detail, region, ...data },
    },
  };
}

function timeOf({ atMs }: Notice): string {
  return new Date(atMs).toISOString();
}
