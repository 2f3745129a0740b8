import type { OracleReading } from '../dns/readings.ts';
import { bad, type Check, doubtful, ok, unknown } from './check.ts';

/** What to do where an organization forbids functions to have public URLs. */
const otherWays =
  'where a policy forbids public function URLs, set oracle.url or traffic.dns.mode: memory (docs/traffic/oracles.md)';

/** Whether the oracles can be asked by Route 53's checkers, by region. */
export function oracleChecks(readings: Readonly<Record<string, OracleReading>>): readonly Check[] {
  return Object.entries(readings).map(([region, reading]) => oracleCheck(region, reading));
}

/** The same of one; of its answers the one that is furthest from a vote. */
function oracleCheck(region: string, reading: OracleReading): Check {
  const asked = { name: 'oracle', subject: region };
  const seeWhether = `see whether it is reachable from here; ${otherWays}`;
  switch (reading.kind) {
    case 'no-address':
      return bad(asked, 'has no function URL', `deploy the stack of ${region}; ${otherWays}`);
    case 'silent':
      return unknown(asked, reading.why, seeWhether);
    case 'answered': {
      const statuses = Object.values(reading.statuses);
      const odd = statuses.find((status) => status !== 200 && status !== 503);
      if (odd === undefined && reading.why !== null) return unknown(asked, reading.why, seeWhether);
      return judge(asked, odd ?? (statuses.includes(200) ? 200 : 503));
    }
  }
}

function judge(asked: Pick<Check, 'name' | 'subject'>, status: number): Check {
  const found = `answers with status ${status}`;
  switch (status) {
    case 200:
    case 503:
      return ok(asked, status === 200 ? 'votes a site off' : 'casts no vote against any site');
    case 401:
    case 403:
      return bad(asked, `${found}: the public may not ask it`, otherWays);
    case 404:
      return bad(asked, `${found}: it knows no such question`, 'see which function its address leads to, and the path');
    case 429:
      return doubtful(
        asked,
        `${found}: it is asked more often than it can answer`,
        'see who asks: runbook, oracle-errors',
      );
    default:
      return bad(asked, `${found}: its vote is missing`, `look at the log of its function in ${asked.subject}`);
  }
}
