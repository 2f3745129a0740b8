import { describe, expect, it } from 'vitest';
import type { ScaleChange } from '../../../src/adapters/aws/start/scale-handle.ts';
import { AwsCompute } from '../../../src/adapters/aws/start.ts';
import { type Answering, faultOf, jsonError, standIn } from '../../support/stand-in.ts';

const home = 'us-east-1';
const place = { region: home, service: 'web', site: 'right' };
const scalable = {
  kind: 'ecs-service',
  cluster: 'shop',
  name: 'web',
  size: 6,
  asActive: false,
  standbySize: 1,
} as const;
const to = (size: number): ScaleChange => ({ size, isServing: size > 1, token: { epoch: 4, attempt: 2 } });

/** A service, and the range that Application Auto Scaling keeps it in. */
interface State {
  readonly service?: object;
  /** Null where nothing scales it; undefined where nobody answers. */
  readonly range?: { readonly MinCapacity: number; readonly MaxCapacity: number } | null;
}

/** Answers with the shapes of the SDK's types. Source: Amazon ECS and Application Auto Scaling API References. */
function ecsServer({ service = {}, range }: State): Answering {
  return ({ headers }, response) => {
    const operation = String(headers['x-amz-target']).split('.')[1];
    const answer = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    switch (operation) {
      case 'DescribeServices':
        return answer({ services: [{ serviceName: 'web', status: 'ACTIVE', ...service }] });
      case 'UpdateService':
        return answer({ service: { serviceName: 'web' } });
      case 'DescribeScalableTargets':
        if (range === undefined) return jsonError(response, 'InternalServiceException', 500);
        return answer({ ScalableTargets: range === null ? [] : [range] });
      case 'RegisterScalableTarget':
        return answer({});
      default:
        return jsonError(response, 'UnknownOperationException', 400);
    }
  };
}

async function open(state: State) {
  const { clients, seen } = await standIn([home], ecsServer(state));
  const changes = () =>
    seen.flatMap(({ headers, body }) => {
      const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
      return /^(Update|Register)/.test(operation) ? [[operation, JSON.parse(body)]] : [];
    });
  return { compute: new AwsCompute(clients), changes };
}

const update = (desiredCount: number) => ['UpdateService', { cluster: 'shop', service: 'web', desiredCount }];
const key = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};

describe('an ECS service that others deploy, by a stand-in', () => {
  it.each<[string, object, number]>([
    [
      'the primary set alone counts',
      [
        { status: 'ACTIVE', runningCount: 4 },
        { status: 'PRIMARY', runningCount: 2 },
      ],
      2,
    ],
    ['all count where there is none', [], 6],
  ])('has sets of tasks: %s', async (_, taskSets, ready) => {
    const { compute } = await open({ service: { desiredCount: 6, runningCount: 6, deployments: [], taskSets } });

    expect(await compute.readScale(place, scalable)).toEqual({ wanted: 6, ready });
  });
});

// moto 5.2.1 does not act on a range.
describe('an ECS service that Application Auto Scaling scales, by a stand-in', () => {
  it('gets a larger most where that would undo the size, after the size itself, and keeps its least', async () => {
    const { compute, changes } = await open({ range: { MinCapacity: 1, MaxCapacity: 4 } });

    await compute.setScale(place, scalable, to(6));

    expect(changes()).toEqual([update(6), ['RegisterScalableTarget', { ...key, MaxCapacity: 6 }]]);
  });

  it.each<[string, State['range']]>([
    ['its most is larger', { MinCapacity: 1, MaxCapacity: 10 }],
    ['its least is above the size', { MinCapacity: 8, MaxCapacity: 10 }],
    ['nothing scales it', null],
  ])('gets the size alone where %s', async (_, range) => {
    const { compute, changes } = await open({ range: range ?? null });

    await compute.setScale(place, scalable, to(6));

    expect(changes()).toEqual([update(6)]);
  });

  it('is not made smaller than its least, which would be undone, and says so', async () => {
    const { compute, changes } = await open({ range: { MinCapacity: 2, MaxCapacity: 10 } });

    const fault = await faultOf(() => compute.setScale(place, scalable, to(1)));

    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('MinCapacity 2') });
    expect(changes()).toEqual([]);
  });

  it.each([6, 1])('gets its size (%i) while Application Auto Scaling does not answer', async (size) => {
    const { compute, changes } = await open({});

    await compute.setScale(place, scalable, to(size)).catch(() => {});

    expect(changes()).toEqual([update(size)]);
  });
});
