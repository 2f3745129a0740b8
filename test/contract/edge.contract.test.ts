import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { edgeHandlers } from '../../src/adapters/aws/edge.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import type { EdgeThing } from '../../src/core/kinds/edge.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { shop } from '../unit/config/shop.fixture.ts';

const storeArn = 'arn:aws:cloudfront::111122223333:key-value-store/01234567-89ab-cdef-0123-456789abcdef';
const originIds = { virginia: 'origin-virginia', oregon: 'origin-oregon' };
const place = { storeArn, key: 'web', region: 'us-west-2' };
const atVirginia: EdgeThing = { ...place, value: originIds.virginia };
const atOregon: EdgeThing = { ...place, value: originIds.oregon };

type Handlers = KindHandlers<'edge'>;

describe('a key of the edge in the simulator', () => {
  describeContract(async () => {
    const { web } = shop.services;
    if (!web) return expect.fail('the fixture has no service "web"');
    const traffic = { edge: { storeArn, key: 'web', originIds } };
    const account = new SimAccount(defineDeployment({ ...shop, services: { web: { ...web, traffic } } }));
    return {
      'read:edge': (thing) => account.call('us-east-1', 'read:edge', thing),
      'write:edge': (thing) => account.call('us-east-1', 'write:edge', thing),
    };
  });
});

// moto has no KeyValueStores: a server of this test takes their place.
describe('a key of the edge in CloudFront, by a stand-in', () => {
  describeContract(async () => (await open()).handlers);
});

interface Store {
  readonly values: Map<string, string>;
  version: number;
  /** Bodies of the writes in the order in which they came. */
  readonly writes: unknown[];
}

/**
 * Answers as the REST protocol of a KeyValueStore does: a write names the version that it replaces, and each makes a
 * new one. Source: CloudFront API Reference, "GetKey", "DescribeKeyValueStore", "UpdateKeys".
 */
function storeServer(store: Store): Answering {
  return ({ method, path, headers, body }, response) => {
    const [, , arn = '', , key] = path.split('/').map(decodeURIComponent);
    const answer = (value: object) =>
      response
        .writeHead(200, { 'content-type': 'application/json', etag: `V${store.version}` })
        .end(JSON.stringify({ ItemCount: store.values.size, TotalSizeInBytes: 9, ...value }));
    if (arn !== storeArn) return jsonError(response, 'ResourceNotFoundException', 404);
    if (method === 'GET' && key === undefined) return answer({ KvsARN: arn, Status: 'READY', Created: 1 });
    if (method === 'GET') {
      const value = store.values.get(key ?? '');
      return value === undefined
        ? jsonError(response, 'ResourceNotFoundException', 404)
        : answer({ Key: key, Value: value });
    }
    if (headers['if-match'] !== `V${store.version}`) return jsonError(response, 'ConflictException', 409);
    const { Puts = [], Deletes = [] } = JSON.parse(body);
    store.writes.push({ Puts, Deletes });
    for (const { Key, Value } of Puts) store.values.set(Key, Value);
    store.version += 1;
    return answer({});
  };
}

/** A store whose key names Virginia. */
async function open(answer?: (serve: Answering, store: Store) => Answering) {
  const store: Store = { values: new Map([['web', originIds.virginia]]), version: 1, writes: [] };
  const serve = storeServer(store);
  const { clients, seen } = await standIn(['us-west-2'], answer?.(serve, store) ?? serve);
  return { handlers: edgeHandlers(clients), seen, store };
}

function describeContract(make: () => Promise<Handlers>): void {
  let handlers: Handlers;

  beforeEach(async () => {
    handlers = await make();
  });

  it('names the origin that it named at first', async () => {
    const seen = await handlers['read:edge'](atOregon);

    expect(seen).toEqual({ value: originIds.virginia });
    expect([atVirginia, atOregon].map((thing) => kinds.edge.compare(thing, seen))).toEqual(['as-ordered', 'differs']);
  });

  it('names another one once it was written, however often', async () => {
    await handlers['write:edge'](atOregon);
    await handlers['write:edge'](atOregon);

    expect(await handlers['read:edge'](atOregon)).toEqual({ value: originIds.oregon });
  });

  it('has no value before it was written, and is written then', async () => {
    const other = { ...atOregon, key: 'api' };

    expect(await handlers['read:edge'](other)).toEqual({ value: null });
    await handlers['write:edge'](other);

    expect(await handlers['read:edge'](other)).toEqual({ value: originIds.oregon });
    expect(await handlers['read:edge'](atOregon)).toEqual({ value: originIds.virginia });
  });

  it('is invalid in a store that is not there', async () => {
    const strange = { ...atOregon, storeArn: storeArn.replace('0123', '9999') };

    expect((await faultOf(() => handlers['read:edge'](strange))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:edge'](strange))).kind).toBe('invalid');
  });
}

describe('a key of the edge on the wire', () => {
  it('is written in one request, on the version that was looked at before it was read, and only where it differs', async () => {
    const { handlers, seen, store } = await open();

    await handlers['write:edge'](atOregon);
    await handlers['write:edge'](atOregon);

    expect(store.writes).toEqual([{ Puts: [{ Key: 'web', Value: 'origin-oregon' }], Deletes: [] }]);
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'GET', 'GET']);
    expect(seen[2]?.headers['if-match']).toBe('V1');
    expect(seen[0]?.path).not.toContain('/keys');
  });

  it('replaces nothing that was written after it was looked at', async () => {
    const { handlers, store } = await open((serve, held) => (seen, response, index) => {
      serve(seen, response, index);
      // A newer order is carried out between the read of this one and its write.
      if (index === 1) Object.assign(held, { version: 2 });
    });

    const fault = await faultOf(() => handlers['write:edge'](atOregon));

    expect([fault.kind, store.values.get('web'), store.writes]).toEqual(['unavailable', originIds.virginia, []]);
  });

  it('is signed for every region, by the version of signatures that the endpoint takes', async () => {
    const { handlers, seen } = await open();

    await handlers['read:edge'](atOregon);

    expect(seen[0]?.headers.authorization).toMatch(
      /^AWS4-ECDSA-P256-SHA256 .*\/cloudfront-keyvaluestore\/aws4_request/,
    );
    expect(seen[0]?.headers['x-amz-region-set']).toBe('*');
  });

  it.each([
    ['AccessDeniedException', 403, 'denied'],
    ['ValidationException', 400, 'invalid'],
    ['ServiceQuotaExceededException', 402, 'invalid'],
    ['ConflictException', 409, 'unavailable'],
    ['InternalServerException', 500, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { handlers } = await open(() => (_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => handlers['read:edge'](atOregon))).kind).toBe(kind);
    expect((await faultOf(() => handlers['write:edge'](atOregon))).kind).toBe(kind);
  });
});

describe('the function in docs/traffic/edge.md', () => {
  const [, source = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/traffic/edge.md', 'utf8')) ?? [];
  const request = { uri: '/', method: 'GET' };

  /** Runs it as CloudFront does, with a store and the origins of a distribution; says which origin was chosen. */
  async function chosen(values: Readonly<Record<string, string>>): Promise<string | null> {
    let origin: string | null = null;
    const cf = {
      kvs: () => ({
        get: async (key: string) => values[key] ?? Promise.reject(new Error('KeyNotFound')),
      }),
      selectRequestOriginById: (id: string) => {
        if (!Object.values(originIds).includes(id)) throw new Error('no such origin');
        origin = id;
      },
    };
    const code = source.replace("import cf from 'cloudfront';", '');
    const handler = new Function('cf', 'console', `${code}\nreturn handler;`)(cf, { log: () => {} });
    expect(await handler({ request })).toBe(request);
    return origin;
  }

  it.each([
    ['the origin that the key names', { web: 'origin-oregon' }, 'origin-oregon'],
    ['that of the cache behavior, without the key', {}, null],
    ['that of the cache behavior, where the key names no origin', { web: 'origin-ohio' }, null],
  ])('asks %s', async (_, values, expected) => {
    expect(source).toContain("import cf from 'cloudfront';");
    expect(await chosen(values)).toBe(expected);
  });
});
