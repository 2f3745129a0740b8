import { levelWords } from '../../core/operator/protection.ts';
import { escapeHtml } from '../html.ts';
import type { PageState, TimelineRow } from './page-state.ts';
import { levelTones } from './protection-tones.ts';
import { timeOfDay } from './time-text.ts';

/** One row of the timeline as an item of its list. */
export function rowHtml({ atMs, who, words, tone }: TimelineRow): string {
  const time = `<time datetime="${new Date(atMs).toISOString()}">${timeOfDay(atMs)}</time>`;
  return `<li class="${tone}">${time} <b>${escapeHtml(who)}</b> <span>${escapeHtml(words)}</span></li>`;
}

type Read = Pick<PageState, 'status'>;

/** What a reader who compares two readings sees that no event tells: the first line of a service has changed. */
export function rowsBetween(before: Read, after: Read, atMs: number): readonly TimelineRow[] {
  return Object.entries(after.status?.services ?? {}).flatMap(([service, { protection }]) => {
    const last = before.status?.services[service]?.protection.level;
    if (last === undefined || last === protection.level) return [];
    const words = `${levelWords[last]}, now ${levelWords[protection.level]}: ${protection.why}`;
    return [{ atMs, who: service, words, tone: levelTones[protection.level] }];
  });
}

/**
 * The rows of a register's history, oldest first.
 */
export function rowsOfHistory(
  service: string,
  history: readonly { readonly atMs: number; readonly by: string; readonly what: string; readonly epoch: number }[],
): readonly TimelineRow[] {
  return history
    .map(({ atMs, by, what, epoch }) => ({
      atMs,
      who: by,
      words: `${service}, epoch ${epoch}: ${what}`,
      tone: 'plain' as const,
    }))
    .reverse();
}
