import { describe, expect, it } from 'vitest';
import { createOracle } from '../../../../../src/adapters/net/oracle/oracle.ts';
import { oraclePath } from '../../../../../src/core/dns/oracle-vote.ts';
import { noBallot } from '../../../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../../../src/core/register/register.ts';
import type { TableView } from '../../../../../src/core/tables/table-view.ts';
import { PortError } from '../../../../../src/ports/port-error.ts';
import { deploymentOf } from '../../../cli/deployment.fixture.ts';

const deployment = deploymentOf('web', 'api');
const voters = [{ region: 'us-east-1', incarnation: 'a' }];
const movedAway: Register = { ...genesis('oregon'), epoch: 2, voters };

/** Path of the question whether nobody of some sites serves. */
function vote(service: string, ...sites: readonly string[]): string {
  return oraclePath({ deployment: deployment.name, service, zoneId: 'Z0EXAMPLE' }, sites);
}

function viewOf(accepted: Register | null): TableView['acceptors'] {
  const state = { incarnation: 'a', promised: noBallot, acceptedBallot: noBallot, accepted };
  return { web: state, api: null };
}

/** An oracle over a table that answers with what `read` gives, on a clock that the test moves. */
function oracleOver(read: () => Promise<TableView['acceptors']>) {
  const time: { nowMs: number; wallMs?: number; reads: number } = { nowMs: 0, reads: 0 };
  const counted = () => {
    time.reads += 1;
    return read();
  };
  const oracle = createOracle({
    deployment,
    readAcceptors: counted,
    clock: { monotonicMs: () => time.nowMs, wallMs: () => time.wallMs ?? time.nowMs },
  });
  const ask = async (rawPath: string, method = 'GET') =>
    (await oracle({ rawPath, requestContext: { http: { method } } })).statusCode;
  return { ask, time, oracle };
}

describe('oracle', () => {
  it('votes a site off that a later one has replaced, and not the one that serves', async () => {
    const { ask } = oracleOver(async () => viewOf(movedAway));
    expect(await ask(vote('web', 'virginia'))).toBe(200);
    expect(await ask(vote('web', 'oregon'))).toBe(503);
  });

  it('does not vote a site off that serves and that its own configuration has dropped, and votes off the others', async () => {
    const { ask } = oracleOver(async () => viewOf({ ...genesis('tokyo'), voters }));
    expect(await ask(vote('web', 'tokyo'))).toBe(503);
    expect(await ask(vote('web', 'virginia', 'tokyo'))).toBe(503);
    expect(await ask(vote('web', 'virginia'))).toBe(200);
  });

  it.each([
    ['no register', async () => viewOf(null)],
    ['the first site serving', async () => viewOf(genesis('virginia'))],
    ['nobody serving', async () => viewOf({ ...movedAway, serving: [] })],
    [
      'a table that does not vote',
      async () => viewOf({ ...movedAway, voters: [{ region: 'us-east-1', incarnation: 'b' }] }),
    ],
    [
      'a table that does not answer',
      async () => {
        throw new PortError({ kind: 'timeout', detail: 'no answer' });
      },
    ],
  ])('does not vote on %s', async (_, read) => {
    expect(await oracleOver(read).ask(vote('web', 'virginia'))).toBe(503);
  });

  it('does not let one service speak for another', async () => {
    expect(await oracleOver(async () => viewOf(movedAway)).ask(vote('api', 'virginia'))).toBe(503);
  });

  it.each([
    '/',
    '/v1/web',
    '/v1/web/virginia/off',
    vote('mars', 'virginia'),
    `${vote('web', 'virginia')}/`,
    vote('web', 'virginia').toUpperCase(),
    '/v1/__proto__/x',
  ])('has nothing at %s, and reads nothing for it', async (path) => {
    const { ask, time } = oracleOver(async () => viewOf(movedAway));
    expect(await ask(path)).toBe(404);
    expect(time.reads).toBe(0);
  });

  it('only answers GET and HEAD, and reads nothing for others', async () => {
    const { ask, time, oracle } = oracleOver(async () => viewOf(movedAway));
    expect(await ask(vote('web', 'virginia'), 'POST')).toBe(405);
    expect((await oracle({})).statusCode).toBe(405);
    expect(time.reads).toBe(0);
    expect(await ask(vote('web', 'virginia'), 'HEAD')).toBe(200);
  });

  it('answers without a body and forbids caches', async () => {
    const { oracle } = oracleOver(async () => viewOf(movedAway));
    const answer = await oracle({ rawPath: vote('web', 'virginia'), requestContext: { http: { method: 'GET' } } });
    expect(answer).toEqual({ statusCode: 200, headers: { 'cache-control': 'no-store' } });
  });

  it('reads at most once a second, for any number of questions at once', async () => {
    const { ask, time } = oracleOver(async () => viewOf(movedAway));
    await Promise.all(Array.from({ length: 50 }, () => ask(vote('web', 'virginia'))));
    time.nowMs = 999;
    await ask(vote('api', 'virginia'));
    expect(time.reads).toBe(1);
    time.nowMs = 1_000;
    await ask(vote('web', 'virginia'));
    expect(time.reads).toBe(2);
  });

  it('takes a vote back once the table no longer answers', async () => {
    let isDark = false;
    const { ask, time } = oracleOver(async () => {
      if (isDark) throw new PortError({ kind: 'unavailable', detail: 'dark' });
      return viewOf(movedAway);
    });
    expect(await ask(vote('web', 'virginia'))).toBe(200);
    isDark = true;
    time.nowMs = 1_500;
    expect(await ask(vote('web', 'virginia'))).toBe(503);
  });
});
