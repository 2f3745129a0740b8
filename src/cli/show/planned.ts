import { secondOf } from '../../core/calendar/pause.ts';
import type { PlannedJson } from '../../core/operator/planned/planned-list.ts';
import { noRegister } from '../../core/operator/table-survey.ts';
import { columns, type Page, plainPage } from './layout.ts';

/** A row for each planned switchover, the next one first, and a line for each service of which it is not known. */
export function showPlanned({ services }: PlannedJson, page: Page = plainPage): string {
  const named = Object.entries(services);
  const plans = named
    .flatMap(([name, plan]) => (plan === null || typeof plan === 'string' ? [] : [{ name, ...plan }]))
    .sort((a, b) => a.atMs - b.atMs);
  const notes = named.flatMap(([name, plan]) => {
    if (plan === null) return [`${name}: no majority of state tables answers; "cdk-failover quorum ${name}" says why`];
    return plan === 'unborn' ? [`${name}: ${noRegister}`] : [];
  });
  if (plans.length === 0)
    return [...notes, ...(notes.length < named.length ? ['no switchover is planned'] : [])].join('\n');
  const head = ['service', 'from', 'to', 'at', 'until', 'by', 'reason'];
  const rows = plans.map(({ name, from, to, atMs, latestMs, by, reason }) => [
    name,
    from,
    to,
    secondOf(atMs),
    secondOf(latestMs),
    by,
    reason,
  ]);
  return [columns([head, ...rows], '', page.width), ...notes].join('\n');
}
