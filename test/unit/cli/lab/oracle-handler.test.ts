import { describe, expect, it } from 'vitest';
import { createOracle } from '../../../../lambda/oracle.ts';
import { oracleDesk } from '../../../../src/cli/lab/oracle-handler.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { noBallot } from '../../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { deploymentOf } from '../deployment.fixture.ts';

const plain = deploymentOf('web', 'api');
const { web } = plain.services;
const endpoints = { virginia: 'https://virginia.shop.example', oregon: 'https://oregon.shop.example' };
/** `web` has clients, `api` has none. */
const deployment: Deployment = {
  ...plain,
  services: { ...plain.services, ...(web ? { web: { ...web, clients: { endpoints } } } : {}) },
};
const movedAway: Register = { ...genesis('oregon'), epoch: 2 };

function deskOver(register: Register | null) {
  const votes: string[] = [];
  const ask = oracleDesk({
    deployment,
    readRegister: async () => register,
    onVote: (service, site, vote) => votes.push(`${service} ${site} ${vote}`),
  });
  return { ask, votes };
}

describe('the oracle of the lab', () => {
  it('tells the clients of a service where to go', async () => {
    const { status, headers, body } = await deskOver(movedAway).ask('GET', '/v1/web/endpoints');

    expect(status).toBe(200);
    expect(headers).toEqual({ 'cache-control': 'no-store', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({
      service: 'web',
      epoch: 2,
      endpoints: [{ site: 'oregon', url: 'https://oregon.shop.example' }],
      isReadOnly: false,
      active: { site: 'oregon', epoch: 2, from: null },
    });
  });

  it('votes, and says so', async () => {
    const { ask, votes } = deskOver(movedAway);

    expect(await ask('GET', '/v1/web/virginia/off')).toMatchObject({ status: 200, body: 'off' });
    expect(await ask('GET', '/v1/api/oregon/off')).toMatchObject({ status: 503, body: 'no-vote' });
    expect(votes).toEqual(['web virginia off', 'api oregon no-vote']);
  });

  it.each([
    ['/v1/web/endpoints', 'GET', movedAway],
    ['/v1/web/endpoints', 'GET', null],
    ['/v1/api/endpoints', 'GET', movedAway],
    ['/v1/web/virginia/off', 'GET', movedAway],
    ['/v1/web/oregon/off', 'GET', movedAway],
    ['/v1/web/virginia/off', 'GET', null],
    ['/v1/web/endpoints', 'POST', movedAway],
    ['/v1/nobody/endpoints', 'GET', movedAway],
  ])('answers %s (%s) as the deployed oracle does', async (path, method, register) => {
    const state = { incarnation: 'a', promised: noBallot, acceptedBallot: noBallot, accepted: register };
    const deployed = createOracle({
      deployment,
      readAcceptors: async () => ({ web: state, api: state }),
      clock: { monotonicMs: () => 0, wallMs: () => 0 },
    });
    const wanted = await deployed({ rawPath: path, requestContext: { http: { method } } });

    const seen = await deskOver(register).ask(method, path);

    expect(seen.status).toBe(wanted.statusCode);
    if (path.endsWith('/endpoints')) expect(seen.body).toBe(wanted.body ?? '');
  });
});
