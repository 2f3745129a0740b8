import { type AlarmPlan, handedOnAlarms } from '../../../config/plan/alarms.ts';
import { alertCatalogue } from '../../../core/alerting/catalogue.ts';
import { type FailoverEvent, newEvent } from '../../../core/alerting/event.ts';
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
  readonly detail: { readonly alarmName: string; readonly state: { readonly value: string } };
}

/**
 * The announcement of what CloudWatch alone knows of an alarm: that it is over, or that nothing is known any more.
 *
 * @param region - where the alarm is
 * @returns null for an alarm that this deployment does not have, or no longer, and for a change that says nothing
 */
export function announcementOf(deployment: Deployment, region: string, change: AlarmChange): Announcement | null {
  const { alarmName, state } = change.detail;
  const plan = handedOnAlarms(deployment, region).find(({ name }) => name === alarmName);
  const event = plan === undefined ? null : eventOf(plan, state.value, region);
  if (event === null) return null;
  const id = `msg_${change.id.replaceAll('-', '').slice(0, 16)}`;
  return { deployment: deployment.name, region, id, atMs: Date.parse(change.time), event };
}

function eventOf({ alarm, silence }: AlarmPlan, state: string, region: string): FailoverEvent | null {
  if (state === 'OK') {
    const data = { alarm, key: `${alarm}:${region}`, region };
    return newEvent('alert-resolved', null, `${alertCatalogue[alarm].title}: over`, { data });
  }
  if (state !== 'INSUFFICIENT_DATA' || silence !== 'unknown') return null;
  const detail = `no hourly check of ${region} has come to an end for hours: nobody knows what it would find`;
  return newEvent('checkup-missing', null, detail, { data: { region } });
}
