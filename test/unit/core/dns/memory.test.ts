import { describe, expect, it } from 'vitest';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { memoriesIn, memoryData, rememberedIn } from '../../../../src/core/dns/memory.ts';
import { dnsTree } from '../../../../src/core/dns/record-tree.ts';
import type { CheckPlan } from '../../../../src/core/dns/zone-plan.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import type { DnsTraffic } from '../../../../src/core/model/traffic.ts';
import { answersAnywhere } from '../../../../src/sim/world/dns/route53.ts';
import { controlRegions, lastResort, locations, poolWith, record, serving, siteNames } from '../pool.fixture.ts';

const [first, second, third] = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];

function chainWith(changes: Partial<DnsTraffic> = {}): NamedService {
  return { ...poolWith({ policy: 'failover', memory: true, ...changes }), mode: 'active-passive' };
}

/** What anybody is answered while votes and memories say that sites were left, for the guards that are named so. */
function answered(service: NamedService, votes: readonly string[], memories: readonly string[]): readonly string[] {
  const { checks, records } = dnsTree({ name: 'shop', controlRegions }, service);
  const about = (id: string) => checks.find((check) => check.kind === 'calculated' && check.id === id);
  const isHealthy = (id: string) => {
    const child = childOf(checks, about(id));
    if (child === undefined || child.kind === 'calculated') return true;
    return !(child.kind === 'memory' ? memories : votes).includes(child.site);
  };
  return answersAnywhere(records, isHealthy, record, 'A').values.toSorted();
}

function childOf(checks: readonly CheckPlan[], guard: CheckPlan | undefined): CheckPlan | undefined {
  return checks.find(({ id }) => guard?.kind === 'calculated' && guard.children[0] === id);
}

describe('mode memory', () => {
  const chain = chainWith({ mode: 'memory', memory: undefined });

  it.each([
    [[], first],
    [['virginia'], second],
    [['virginia', 'frankfurt'], third],
    [['frankfurt'], first],
  ])('passes over what memories say was left, in a chain (memories=%j)', (memories, site) => {
    expect(answered(chain, [], memories)).toEqual([site]);
  });

  it('ends at its last resort, and has a direct check behind its memory', () => {
    const all = ['virginia', 'frankfurt', 'ireland'];
    const direct = chainWith({ mode: 'memory', memory: undefined, directCheck: { type: 'https', port: 443 } });

    expect(answered(chainWith({ mode: 'memory', memory: undefined, lastResort }), [], all)).toEqual(lastResort.a);
    expect(answered(direct, [], [])).toEqual([first]);
    expect(answered(direct, [], ['virginia'])).toEqual([second]);
  });

  it.each(['weighted', 'latency', 'multivalue'] as const)('takes a site out of a pool (policy=%s)', (policy) => {
    const pool = poolWith({ mode: 'memory', policy });

    expect(answered(pool, [], ['virginia'])).toEqual([second, third]);
    expect(rememberedIn(pool).map(({ site }) => site)).toEqual(siteNames);
  });

  it('asks no oracle, and has one check a region and site, and a guard over them (sites=3)', () => {
    const { checks } = dnsTree({ name: 'shop', controlRegions }, chain);

    expect(checks.map(({ kind }) => kind)).toEqual([
      ...['memory', 'memory', 'memory', 'calculated'],
      ...['memory', 'memory', 'memory', 'calculated'],
    ]);
  });
});

describe('a chain with memory', () => {
  it.each([
    [[], [], first],
    [['virginia'], [], second],
    [[], ['virginia'], second],
    [['virginia'], ['virginia'], second],
    [['virginia'], ['frankfurt'], third],
    [[], ['virginia', 'frankfurt'], third],
    [[], ['frankfurt'], first],
  ])('passes over a site that votes or memories say was left (votes=%j, memories=%j)', (votes, memories, site) => {
    expect(answered(chainWith(), votes, memories)).toEqual([site]);
  });

  it.each([
    [['virginia', 'frankfurt', 'ireland'], []],
    [[], ['virginia', 'frankfurt', 'ireland']],
  ])('ends at its last resort by either alone (votes=%j, memories=%j)', (votes, memories) => {
    expect(answered(chainWith({ lastResort }), votes, memories)).toEqual(lastResort.a);
  });

  it('has a direct check behind both', () => {
    const service = chainWith({ directCheck: { type: 'https', port: 443 } });

    expect(answered(service, [], [])).toEqual([first]);
    expect(answered(service, ['virginia'], [])).toEqual([second]);
    expect(answered(service, [], ['virginia'])).toEqual([second]);
  });

  it('fails when a majority of regions remembers, and is healthy while none has data (regions=3)', () => {
    const { checks } = dnsTree({ name: 'shop', controlRegions }, chainWith());
    const guards = checks.filter((check) => check.kind === 'calculated' && check.id.includes('.remembered.'));

    expect(guards).toMatchObject([
      { threshold: 2, isInverted: false, children: { length: 3 } },
      { threshold: 2, isInverted: false, children: { length: 3 } },
    ]);
  });
});

describe.each(['weighted', 'latency'] as const)('a pool with memory (policy=%s)', (policy) => {
  it('leaves out a site that votes or memories say was left', () => {
    const pool = poolWith({ policy, memory: true });

    expect(answered(pool, [], [])).toEqual([first, second, third]);
    expect(answered(pool, ['virginia'], [])).toEqual([second, third]);
    expect(answered(pool, [], ['virginia'])).toEqual([second, third]);
    expect(answered(pool, ['ireland'], ['virginia'])).toEqual([second]);
  });
});

it('a location with memory leaves a site for the larger location around it', () => {
  const pool = poolWith({ policy: 'geolocation', locations, memory: true });

  expect(answered(pool, [], [])).toEqual([first, second, third]);
  expect(answered(pool, [], ['frankfurt'])).toEqual([first, third]);
});

describe('what is written to be remembered', () => {
  const pulse = (data: Readonly<Record<string, number>>) => newEvent('pulse', 'web', 'said', { data });

  it('is the vote of the oracle for each guard, and is read back from the pulse', () => {
    const data = memoryData(chainWith(), serving('frankfurt'));

    expect(Object.fromEntries(memoriesIn(pulse(data)))).toEqual({ virginia: 1, 'frankfurt+virginia': 0 });
  });

  it.each([
    ['the last resort serving', serving('last-resort')],
    ['no register', null],
    ['nobody serving', { ...serving('virginia'), serving: [] }],
  ])('is nothing with %s: the last word stands', (_, register) => {
    expect(memoryData(chainWith(), register)).toEqual({});
  });

  it.each<[string, NamedService]>([
    ['that forgets', { ...chainWith(), traffic: { dns: poolWith().traffic.dns } }],
    ['of several values', poolWith({ policy: 'multivalue', memory: true })],
    ['whose weights are edited', poolWith({ mode: 'records', memory: true })],
    ['without DNS', { ...chainWith(), traffic: {} }],
  ])('is nothing for a service %s', (_, service) => {
    expect(rememberedIn(service)).toEqual([]);
  });

  it('is only what a pulse says', () => {
    expect(memoriesIn({ ...pulse({ 'left.virginia': 1 }), kind: 'failover-started' } as never)).toEqual([]);
    expect(rememberedIn(poolWith({ memory: true })).map(({ sites }) => sites)).toEqual(siteNames.map((site) => [site]));
  });
});
