import { describe, expect, it } from 'vitest';
import type { ScaleChange } from '../../../src/adapters/aws/start/scale-handle.ts';
import { AwsCompute } from '../../../src/adapters/aws/start.ts';
import { faultOf, jsonError, standIn } from '../../support/stand-in.ts';

const home = 'us-east-1';
const place = { region: home, service: 'web', site: 'right' };
const alias = { functionName: 'web', alias: 'live', size: 6, asActive: false, standbySize: 1 } as const;
const scalable = { kind: 'provisioned-concurrency', ...alias } as const;
const to = (size: number): ScaleChange => ({ size, isServing: size > 1, token: { epoch: 4, attempt: 2 } });
const path = '/2019-09-30/functions/web/provisioned-concurrency';

/**
 * An alias, and the range that Application Auto Scaling keeps it in: null where nothing scales it, undefined where
 * nobody answers.
 */
async function open(range: { readonly MinCapacity: number; readonly MaxCapacity: number } | null | undefined) {
  const { clients, seen } = await standIn([home], ({ method, headers }, response) => {
    const operation = String(headers['x-amz-target'] ?? method)
      .split('.')
      .at(-1);
    if (operation === 'DescribeScalableTargets' && range === undefined)
      return jsonError(response, 'InternalServiceException', 500);
    const body = operation === 'DescribeScalableTargets' && range ? { ScalableTargets: [range] } : {};
    const code = operation === 'DELETE' ? 204 : 200;
    response.writeHead(code, { 'content-type': 'application/json' });
    return response.end(code === 204 ? undefined : JSON.stringify(body));
  });
  const changes = () =>
    seen.flatMap(({ method, path: asked, headers, body }): readonly unknown[] => {
      const operation = String(headers['x-amz-target'] ?? '').split('.')[1];
      if (operation === 'DescribeScalableTargets') return [];
      return operation === undefined ? [`${method} ${asked}`] : [[operation, JSON.parse(body)]];
    });
  return { compute: new AwsCompute(clients), changes };
}

describe('provisioned concurrency that Application Auto Scaling scales, by a stand-in', () => {
  it('gets a larger most where that would undo the size, after the size itself', async () => {
    const { compute, changes } = await open({ MinCapacity: 1, MaxCapacity: 4 });

    await compute.setScale(place, scalable, to(6));

    const key = {
      ServiceNamespace: 'lambda',
      ResourceId: 'function:web:live',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
    };
    expect(changes()).toEqual([`PUT ${path}?Qualifier=live`, ['RegisterScalableTarget', { ...key, MaxCapacity: 6 }]]);
  });

  it.each([0, 1])('is not made smaller than its least, which would be undone, and says so (%i)', async (size) => {
    const { compute, changes } = await open({ MinCapacity: 2, MaxCapacity: 10 });

    const fault = await faultOf(() => compute.setScale(place, scalable, to(size)));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('web:live has MinCapacity 2') });
    expect(changes()).toEqual([]);
  });

  it.each<[number, null | undefined, string]>([
    [6, null, 'PUT'],
    [6, undefined, 'PUT'],
    [0, undefined, 'DELETE'],
  ])('gets its size (%i) where nothing scales it, or nobody says (%s)', async (size, range, method) => {
    const { compute, changes } = await open(range);

    await compute.setScale(place, scalable, to(size)).catch(() => {});

    expect(changes()).toEqual([`${method} ${path}?Qualifier=live`]);
  });
});

describe('provisioned concurrency of an alias with weights, by a stand-in', () => {
  /** What Lambda says of the alias, of its size, and of a new size. */
  async function openWith(answers: { readonly alias: object | null; readonly refusal?: string }) {
    const { clients } = await standIn([home], ({ method, path: asked, headers }, response) => {
      const answer = (code: number, body: object, more = {}) =>
        response.writeHead(code, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
      if (headers['x-amz-target'] !== undefined) return answer(200, {});
      if (asked.includes('/aliases/'))
        return answers.alias === null ? jsonError(response, 'AccessDeniedException', 403) : answer(200, answers.alias);
      if (method === 'GET')
        return answer(200, {
          RequestedProvisionedConcurrentExecutions: 1,
          AvailableProvisionedConcurrentExecutions: 1,
          Status: 'READY',
        });
      return answers.refusal === undefined
        ? answer(202, {})
        : answer(400, { message: answers.refusal }, { 'x-amzn-errortype': 'InvalidParameterValueException' });
    });
    return new AwsCompute(clients);
  }
  const weights = { RoutingConfig: { AdditionalVersionWeights: { 8: 0.1 } } };

  it('is waited for while the alias leads to two versions', async () => {
    const compute = await openWith({ alias: weights });

    expect(await compute.readScale(place, scalable)).toEqual({
      wanted: 1,
      ready: 1,
      isBusy: true,
      hindrance: 'the alias web:live takes no size while it leads to two versions',
    });
  });

  it.each([
    ['leads to one version', { FunctionVersion: '8' }],
    ['leads to one version again', { RoutingConfig: { AdditionalVersionWeights: {} } }],
    ['is told nothing of', null],
  ])('is its size alone where the alias %s', async (_, alias) => {
    const compute = await openWith({ alias });

    expect(await compute.readScale(place, scalable)).toEqual({ wanted: 1, ready: 1 });
  });

  it.each([
    ['Alias with weights can not be used with Provisioned Concurrency', 'unavailable'],
    ['Invalid alias configuration for Provisioned Concurrency', 'unavailable'],
    ['Provisioned Concurrency Configs cannot be applied to unpublished function versions.', 'invalid'],
  ])('is refused for now where weights are the reason (%s)', async (refusal, kind) => {
    const compute = await openWith({ alias: weights, refusal });

    expect(await faultOf(() => compute.setScale(place, scalable, to(6)))).toMatchObject({ kind });
  });
});
