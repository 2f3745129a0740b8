import { bad, type Check, doubtful, ok, unknown } from './check.ts';

/** What came of asking the oracle of a region as Route 53's checkers do. */
export type OracleAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  /** It has no address: no function URL was made, and nothing of the user's stands before it. */
  | { readonly kind: 'no-address' }
  /** Nothing came back, or the address could not be read. */
  | { readonly kind: 'silent'; readonly why: string };

/** What to do where an organization forbids functions to have public URLs. */
const otherWays =
  'where a policy forbids public function URLs, set oracle.url or traffic.dns.mode: memory (docs/traffic/oracles.md)';

/** Whether the oracle of a region can be asked by Route 53's checkers. */
export function oracleCheck(region: string, answer: OracleAnswer): Check {
  const asked = { name: 'oracle', subject: region };
  switch (answer.kind) {
    case 'no-address':
      return bad(asked, 'has no function URL', `deploy the stack of ${region}; ${otherWays}`);
    case 'silent':
      return unknown(asked, answer.why, `see whether it is reachable from here; ${otherWays}`);
    case 'answered':
      return judge(asked, answer.status);
  }
}

function judge(asked: Pick<Check, 'name' | 'subject'>, status: number): Check {
  const found = `answers with status ${status}`;
  switch (status) {
    case 200:
    case 503:
      return ok(asked, status === 200 ? 'votes a site off' : 'casts no vote against the site that is asked about');
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
