import { describe, expect, it } from 'vitest';
import { obey } from '../../../lambda/actuator.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { unavailable } from '../../../src/ports/unavailable.ts';
import { deploymentOf } from '../cli/deployment.fixture.ts';

const ports: Ports = {
  ...unavailable,
  clock: { wallMs: () => 0, monotonicMs: () => 0, sleep: async () => {} },
  rng: { next: () => 0 },
  log: { write: () => {} },
};
const wiring = { deployment: deploymentOf('web'), region: 'us-east-1', ports };
const order = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'address',
  allocationId: 'eipalloc-1',
  instanceId: 'i-1',
};
const address = { kind: 'address', isOwn: () => true } as const;

const recordOrder = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'record',
  zoneId: 'Z0EXAMPLE',
  name: 'www.shop.example',
  ttlSeconds: 30,
  values: { a: '203.0.113.10', aaaa: null },
};
const isolationOrder = {
  service: 'web',
  token: { epoch: 2, attempt: 1 },
  manner: 'enforce',
  kind: 'isolation',
  site: 'virginia',
  fence: { kind: 'groups', instanceIds: ['i-1', 'i-2'], isolationGroupId: 'sg-1' },
  isIsolated: true,
  isSelfFence: false,
};

describe('obey', () => {
  it.each([
    ['nothing', undefined],
    ['text', 'move'],
    ['a schedule event', { source: 'aws.events' }],
    ['an order without a token', { ...order, token: undefined }],
    ['an order with half a token', { ...order, token: { epoch: 2 } }],
    ['an order in no manner', { ...order, manner: 'please' }],
  ])('refuses %s', async (_, event) => {
    expect(await obey(address, event, wiring)).toMatchObject({ outcome: 'failed', fault: { kind: 'invalid' } });
  });

  it.each([
    ['of another kind', recordOrder],
    ['of a service that the deployment does not have', { ...order, service: 'mail' }],
    ['of a name that every object has', { ...order, service: 'constructor' }],
  ])('refuses an order %s without touching anything', async (_, event) => {
    const report = await obey(address, event, wiring);
    expect(report).toMatchObject({ outcome: 'failed', fault: { kind: 'invalid' } });
    expect(JSON.stringify(report)).toContain('not a thing of');
  });

  it.each([
    ['an address without an instance', { ...order, instanceId: undefined }],
    ['a thing that nobody knows', { ...order, kind: 'constructor' }],
  ])('reports %s as invalid instead of failing over it', async (_, event) => {
    const actuator = { kind: event.kind as 'address', isOwn: () => true };
    expect(await obey(actuator, event, wiring)).toEqual({
      outcome: 'failed',
      fault: { kind: 'invalid', detail: 'the event is not an order' },
    });
  });

  it.each([
    ['address', order],
    ['record', recordOrder],
    ['isolation', isolationOrder],
  ])('carries out an order as a watcher sends it (%s)', async (_, event) => {
    const actuator = { kind: event.kind as 'address', isOwn: () => true };
    const report = await obey(actuator, event, wiring);
    expect(JSON.stringify(report)).toContain('this process has no state tables port');
  });

  it('refuses a thing that is not the own one', async () => {
    const report = await obey({ kind: 'address', isOwn: () => false }, order, wiring);
    expect(JSON.stringify(report)).toContain('not a thing of web');
  });

  it('carries out its own orders, beginning with the claim', async () => {
    const asked: string[] = [];
    const tables = {
      ...unavailable.tables,
      read: async (region: string) => {
        asked.push(region);
        return { opinions: null, acceptors: { web: null } };
      },
    };
    const report = await obey(address, order, { ...wiring, ports: { ...ports, tables } });
    expect(asked).toEqual(['us-east-1']);
    expect(JSON.stringify(report)).toContain('holds no register');
  });
});
