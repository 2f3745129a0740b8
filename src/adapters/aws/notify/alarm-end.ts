import { handedOnAlarms } from '../../../config/plan/alarms.ts';
import { alertCatalogue } from '../../../core/alerting/catalogue.ts';
import type { FailoverEvent } from '../../../core/alerting/event.ts';
import type { Announcement } from '../../../core/alerting/event-detail.ts';
import type { Deployment } from '../../../core/model/deployment.ts';

/**
 * What EventBridge says of an alarm that has changed, as far as it is read here. Source: CloudWatch User Guide, "Alarm
 * events and EventBridge".
 */
export interface AlarmChange {
  readonly 'detail-type': string;
  /** A UUID; the same when the event is delivered twice. */
  readonly id: string;
  /** Such as 2026-11-29T12:00:00Z. */
  readonly time: string;
  readonly detail: { readonly alarmName: string };
}

/**
 * The announcement that an alarm is over of which no watcher tells.
 *
 * @param region - where the alarm is
 * @returns null for an alarm that this deployment does not have, or no longer
 */
export function announcementOfEnd(deployment: Deployment, region: string, change: AlarmChange): Announcement | null {
  const ended = handedOnAlarms(deployment).find(({ name }) => name === change.detail.alarmName);
  if (ended === undefined) return null;
  const { alarm } = ended;
  const event: FailoverEvent = {
    kind: 'alert-resolved',
    service: null,
    site: null,
    detail: `${alertCatalogue[alarm].title}: over`,
    data: { alarm, key: `${alarm}:${region}`, region },
  };
  const id = `msg_${change.id.replaceAll('-', '').slice(0, 16)}`;
  return { deployment: deployment.name, region, id, atMs: Date.parse(change.time), event };
}
