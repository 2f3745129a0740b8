import { noRegister } from '../../core/operator/table-survey.ts';
import type { HistoryEntry } from '../../core/register/register.ts';
import { columns, duration, instant, type Page, plainPage } from './layout.ts';

/** What `cdk-failover history --json` prints; null where no majority of tables answers. */
export interface HistoryJson {
  readonly services: Readonly<Record<string, readonly HistoryEntry[] | null>>;
  /** Services that no watcher has created a register for. */
  readonly unborn?: readonly string[];
  /** Only what happened in the last so many milliseconds was asked for; null or absent: all. */
  readonly sinceMs?: number | null;
}

/** One block a service, newest first. */
export function showHistory(json: HistoryJson, page: Page = plainPage): string {
  return Object.entries(json.services)
    .map(([name, entries]) =>
      json.unborn?.includes(name) ? `${name}: ${noRegister}` : showService(name, entries, json.sinceMs ?? null, page),
    )
    .join('\n\n');
}

function showService(
  name: string,
  entries: readonly HistoryEntry[] | null,
  sinceMs: number | null,
  page: Page,
): string {
  if (entries === null) return `${name}: no majority of state tables answers; "cdk-failover quorum ${name}" says why`;
  const time = sinceMs === null ? 'since the register was created' : `in the last ${duration(sinceMs)}`;
  if (entries.length === 0) return `${name}: nothing has happened ${time}`;
  const rows = entries.map((entry) => [instant(entry.atMs), `${entry.epoch}`, entry.by, entry.what]);
  return `${name}:\n${columns([['at', 'epoch', 'by', 'what'], ...rows], '  ', page.width)}`;
}
