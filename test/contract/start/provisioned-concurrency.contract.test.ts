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
