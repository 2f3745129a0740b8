import type { QuorumCheck } from '../../core/operator/quorum-check.ts';
import { plural } from './layout.ts';

/** What `cdk-failover quorum --json` prints. */
export interface QuorumJson {
  readonly services: Readonly<Record<string, QuorumCheck>>;
}

/** One line a service: OK or NOQUORUM, and the counts behind it. */
export function showQuorum(json: QuorumJson): string {
  return Object.entries(json.services)
    .map(([name, check]) => {
      const watchers = `${plural(check.usableWatchers, 'usable watcher')}, quorum ${check.quorum}`;
      const tables = `${plural(check.answeringTables, 'state table')} answering, majority ${check.majority}`;
      const verdict = check.isUsable ? 'OK' : `NOQUORUM, ${check.why}`;
      return `${name}: ${verdict} (${watchers}; ${tables})`;
    })
    .join('\n');
}
