import { noRegisterYet } from '../../core/operator/table-survey.ts';
import type { HistoryEntry } from '../../core/register/register.ts';
import { columns, instant, type Page, plainPage } from './layout.ts';

/** What `cdk-failover history --json` prints; null where no majority of tables answers. */
export interface HistoryJson {
  readonly services: Readonly<Record<string, readonly HistoryEntry[] | null>>;
  /** Services that no watcher has created a register for. */
  readonly unborn?: readonly string[];
}

/** One block a service, newest first. */
export function showHistory(json: HistoryJson, page: Page = plainPage): string {
  return Object.entries(json.services)
    .map(([name, entries]) =>
      json.unborn?.includes(name) ? `${name}: ${noRegisterYet}` : showService(name, entries, page),
    )
    .join('\n\n');
}

function showService(name: string, entries: readonly HistoryEntry[] | null, page: Page): string {
  if (entries === null) return `${name}: no majority of state tables answers; "cdk-failover quorum ${name}" says why`;
  if (entries.length === 0) return `${name}: nothing has happened since the register was created`;
  const rows = entries.map((entry) => [instant(entry.atMs), `${entry.epoch}`, entry.by, entry.what]);
  return `${name}:\n${columns([['at', 'epoch', 'by', 'what'], ...rows], '  ', page.width)}`;
}
