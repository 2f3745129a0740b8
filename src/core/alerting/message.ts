import { type Advice, type AdviceWords, fillIn } from './advice.ts';
import { alertOf } from './alert.ts';
import { type AlertName, alertNames } from './alert-name.ts';
import { alertCatalogue } from './catalogue.ts';
import type { FailoverEvent } from './event.ts';
import { guidance } from './guidance.ts';

/** A message for people. */
export interface Message {
  /** At most `subjectLengthMax` printable ASCII characters, without a line break. */
  readonly subject: string;
  readonly body: string;
}

/** Longest subject that SNS takes: less than 100 characters. Source: SNS API Reference, "Publish", Subject. */
export const subjectLengthMax = 99;

/**
 * The message about an event: what happened, what it means, what was done, what to do, and where to read more.
 *
 * @param deployment - name of the deployment
 * @param region - control region whose watcher sends the message
 */
export function messageOf(deployment: string, region: string, event: FailoverEvent): Message {
  const over = overOf(event);
  const alarm = over ?? alertOf(event);
  if (alarm === null) return plainMessage(deployment, region, event);
  const { severity, title, meaning } = alertCatalogue[alarm];
  const mark = over === null ? severity.toUpperCase() : 'OVER';
  const about = [deployment, event.service].filter((name) => name !== null).join('/');
  const where = placeOf(event);
  return {
    subject: subjectOf(`[${mark}] ${about}: ${title}${where === null ? '' : ` (${where})`}`),
    body: [
      section('What happened', [event.detail, ...contextOf(deployment, region, event)]),
      section('What it means', [over === null ? meaning : `It is over. The alarm was: ${meaning}`]),
      section('What was done by itself', over === null ? doneOf(alarm, event) : ['Nothing more is under way.']),
      section('What to do now', over === null ? toDoOf(alarm, region, event) : overToDo(event)),
      section('Read on', [`docs/runbook.md#${alarm}`]),
    ].join('\n'),
  };
}

/** The alarm that an event says is over; null when the event is about no end. */
function overOf({ kind, data }: FailoverEvent): AlertName | null {
  return kind === 'alert-resolved' ? (alertNames.find((name) => name === data.alarm) ?? null) : null;
}

function plainMessage(deployment: string, region: string, event: FailoverEvent): Message {
  const { kind, detail, service } = event;
  return {
    subject: subjectOf(`${deployment}: ${kind}: ${detail}`),
    body: [
      section('What happened', [detail, ...contextOf(deployment, region, event)]),
      section('What to do now', [command(service === null ? 'cdk-failover status' : `cdk-failover status ${service}`)]),
    ].join('\n'),
  };
}

function subjectOf(text: string): string {
  const ascii = text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '?');
  return ascii.length <= subjectLengthMax ? ascii : `${ascii.slice(0, subjectLengthMax - 3)}...`;
}

function section(heading: string, lines: readonly string[]): string {
  return `${heading}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** The site or region that a subject names. For a run: the site that it left and the site that it went to. */
function placeOf({ site, data }: FailoverEvent): string | null {
  if (typeof data.from === 'string' && typeof data.to === 'string') return `${data.from} to ${data.to}`;
  if (site !== null) return site;
  return typeof data.region === 'string' ? data.region : null;
}

function contextOf(deployment: string, region: string, { service, site, data }: FailoverEvent): readonly string[] {
  const parts = [
    `deployment ${deployment}`,
    service === null ? null : `service ${service}`,
    site === null ? null : `site ${site}`,
    `told by ${region}`,
  ];
  const why = typeof data.reason === 'string' ? [`Why: ${data.reason}`] : [];
  const heldBack = typeof data.heldBack === 'number' ? data.heldBack : 0;
  const held =
    heldBack > 0 ? [`The same happened ${heldBack} times since the last message; no message was sent for those.`] : [];
  return [...why, `(${parts.filter((part) => part !== null).join(', ')})`, ...held];
}

function doneOf(alarm: AlertName, { data }: FailoverEvent): readonly string[] {
  const steps = typeof data.steps === 'string' && data.steps !== '' ? data.steps.split('; ') : [];
  return [guidance[alarm].doneByItself, ...steps];
}

function toDoOf(alarm: AlertName, region: string, event: FailoverEvent): readonly string[] {
  const { service, site, data } = event;
  const words: AdviceWords = {
    service: service ?? 'SERVICE',
    region: typeof data.region === 'string' ? data.region : region,
  };
  // The alert may be about the site that failed while the advice is about another one.
  const ofAlert: AdviceWords = { ...words, site: site ?? 'the site' };
  return guidance[alarm].toDo.flatMap((toDo) => {
    if (typeof toDo !== 'string') return adviceLines(toDo, words);
    const line = fillIn(toDo, ofAlert);
    return [line.startsWith('cdk-failover ') ? command(line) : line];
  });
}

/** An advice as a sentence, with its command on a line of its own. */
function adviceLines({ text, command: typed }: Advice, words: AdviceWords): readonly string[] {
  const sentence = fillIn(`${text.charAt(0).toUpperCase()}${text.slice(1)}`, words);
  return typed === undefined ? [`${sentence}.`] : [`${sentence}:`, command(fillIn(typed, words))];
}

function overToDo({ service }: FailoverEvent): readonly string[] {
  return [
    'Nothing has to be done. To see for yourself:',
    command(`cdk-failover status${service === null ? '' : ` ${service}`}`),
  ];
}

function command(line: string): string {
  return `  $ ${line}`;
}
