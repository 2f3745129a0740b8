import { describe, expect, it } from 'vitest';
import { createEndpointsAnswers } from '../../../../../src/adapters/net/oracle/endpoints.ts';
import { oraclePath } from '../../../../../src/core/dns/oracle-vote.ts';
import { type Deployment, serviceOf } from '../../../../../src/core/model/deployment.ts';
import { noBallot } from '../../../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../../../src/core/register/register.ts';
import { deploymentOf } from '../../../cli/deployment.fixture.ts';

const deployment = deploymentOf('web', 'api');
const voters = [{ region: 'us-east-1', incarnation: 'a' }];
const movedAway: Register = { ...genesis('oregon'), epoch: 2, voters };

function viewOf(accepted: Register | null) {
  return { web: { incarnation: 'a', promised: noBallot, acceptedBallot: noBallot, accepted }, api: null };
}

describe('endpoints for clients', () => {
  const clients = {
    fleet: 100,
    askMs: 5_000,
    endpoints: { virginia: 'https://virginia.example', oregon: 'https://oregon.example' },
  };
  const [web, api] = ['web', 'api'].map((name) => serviceOf(deployment, name));
  const told = { ...deployment, services: { web: { ...web, clients }, api } } as Deployment;
  const path = '/v1/web/endpoints';
  const get = (rawPath: string, method = 'GET') => ({ rawPath, requestContext: { http: { method } } });

  function oracleOf(accepted: Register | null, more: { wallMs?: () => number } = {}) {
    const seen = { reads: 0 };
    const readAcceptors = async () => {
      seen.reads += 1;
      return viewOf(accepted);
    };
    const clock = { monotonicMs: () => 0, wallMs: more.wallMs ?? (() => 0) };
    return { oracle: createEndpointsAnswers({ deployment: told, readAcceptors, clock }), seen };
  }

  it('are the publication and who is active, as JSON that nobody may keep', async () => {
    const answer = await oracleOf(movedAway).oracle(get(path));

    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json' },
    });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      service: 'web',
      epoch: 2,
      endpoints: [{ site: 'oregon', url: 'https://oregon.example' }],
      isReadOnly: false,
      active: { site: 'oregon', epoch: 2, from: null },
    });
  });

  it('have no body for HEAD, and no answer without a register', async () => {
    expect(await oracleOf(movedAway).oracle(get(path, 'HEAD'))).not.toHaveProperty('body');
    expect(await oracleOf(null).oracle(get(path))).toMatchObject({ statusCode: 503 });
  });

  it('are not there for a service without clients, and nothing is read for it', async () => {
    const { oracle, seen } = oracleOf(movedAway);

    expect(await oracle(get('/v1/api/endpoints'))).toMatchObject({ statusCode: 404 });
    expect(seen.reads).toBe(0);
  });

  it('come without votes, which are asked for elsewhere', async () => {
    const { oracle, seen } = oracleOf(movedAway);

    expect(
      await oracle(get(oraclePath({ deployment: deployment.name, service: 'web', zoneId: 'Z0EXAMPLE' }, ['virginia']))),
    ).toMatchObject({ statusCode: 404 });
    expect(seen.reads).toBe(0);
  });

  it('are read anew after a freeze in which the monotonic clock stood still', async () => {
    let wallMs = 0;
    const { oracle, seen } = oracleOf(movedAway, { wallMs: () => wallMs });
    await oracle(get(path));

    wallMs = 1_000;
    await oracle(get(path));
    wallMs = 900;
    await oracle(get(path));

    expect(seen.reads).toBe(3);
  });
});
