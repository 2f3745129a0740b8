import { z } from 'zod';
import { alertNames } from '../../core/alerting/alert-name.ts';
import { timeField } from '../../core/alerting/webhook-body.ts';

/**
 * What others hear, as schemas. They are versioned: a field that is added leaves the version as it is, so readers must
 * take fields that they do not know; a field that is taken out or means something else raises it.
 */

const severity = z.enum(['critical', 'warning', 'info']);
const state = z.enum(['raised', 'resolved']).describe('`resolved`: the alert is over.');
const name = z.enum(alertNames).describe('Name of the alert; a heading of docs/runbook.md.');
const version = z.literal(1).describe('Version of this shape.');
const id = z
  .string()
  .regex(/^msg_[0-9a-f]{16}$/)
  .describe('The same for every attempt to send this message.');

const event = z.object({
  version,
  id,
  atMs: z.int().min(0).describe('When the watcher told it, in milliseconds since 1970.'),
  deployment: z.string(),
  region: z.string().describe('Control region whose watcher tells.'),
  kind: z.string().describe('Sort of event; the detail-type on EventBridge.'),
  service: z.string().nullable(),
  site: z.string().nullable(),
  detail: z.string().describe('One sentence for people.'),
  data: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .describe('The same as fields; which ones, depends on the kind.'),
  alert: z
    .object({ name, severity, state, key: z.string().describe('The same when it is raised, again, and resolved.') })
    .nullable()
    .describe('Null when the event is about no alert.'),
});

const webhook = z.object({
  type: z.string().regex(/^failover\.[a-z0-9_]+$/),
  [timeField]: z.iso.datetime().describe('When the watcher told it.'),
  data: event,
});

const attribute = <T extends z.ZodType>(value: T) => z.object({ Type: z.literal('String'), Value: value });

const message = z.object({
  Subject: z.string().max(100),
  Message: z.string().describe('For people: what happened, what it means, what was done, what to do.'),
  MessageAttributes: z.object({
    version: z.object({ Type: z.literal('Number'), Value: z.literal('1') }),
    id: attribute(id),
    deployment: attribute(z.string()),
    region: attribute(z.string()),
    kind: attribute(z.string()),
    service: attribute(z.string()).optional(),
    site: attribute(z.string()).optional(),
    alert: attribute(name).optional(),
    severity: attribute(severity).optional(),
    state: attribute(state).optional(),
  }),
});

/**
 * `event`: the detail of an event on EventBridge. `webhook`: the body of a webhook of format `json`. `message`: what
 * SNS delivers to a subscriber, as far as it is ours.
 */
export const notificationShapes = { event, webhook, message };

/** `schemas/notification.schema.json` of the package. */
export function notificationSchema(): string {
  const shapes = Object.entries(notificationShapes).map(([key, shape]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(shape, { target: 'draft-7', io: 'input' });
    return [key, schema] as const;
  });
  const title = 'What cdk-failover sends: version 1';
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return `${JSON.stringify({ $schema, title, definitions: Object.fromEntries(shapes) }, null, 1)}\n`;
}
