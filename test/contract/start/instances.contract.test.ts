import { describe, expect, it } from 'vitest';
import type { ScaleChange } from '../../../src/adapters/aws/start/scale-handle.ts';
import { AwsCompute } from '../../../src/adapters/aws/start.ts';
import { readFacts } from '../../../src/adapters/aws/survey/standby-facts.ts';
import { start } from '../../../src/core/kinds/start.ts';
import { faultOf, standIn, xml, xmlError } from '../../support/stand-in.ts';

const home = 'us-east-1';
const place = { region: home, service: 'web', site: 'right' };
const to = (size: number): ScaleChange => ({ size, isServing: size > 0, token: { epoch: 4, attempt: 2 } });

/** Instances by id: the state that EC2 shows; null for one that it does not list any more. */
type Fleet = Record<string, string | null>;

/**
 * EC2, which starts all that a request names or none, and knows nothing of what it does not list. Source: Amazon EC2
 * API Reference, "StartInstances"; aws-solutions/instance-scheduler-on-aws issue 304.
 *
 * @param refused - instances that cannot be started, and the error
 */
async function ec2With(fleet: Fleet, refused: Readonly<Record<string, string>> = {}) {
  const { clients, seen } = await standIn([home], ({ form }, response) => {
    const named = Object.entries(form).flatMap(([key, value]) => (/^InstanceId\.\d+$/.test(key) ? value : []));
    const filtered = Object.entries(form).flatMap(([key, value]) => (key.startsWith('Filter.1.Value.') ? value : []));
    if (named.some((id) => (fleet[id] ?? null) === null)) return xmlError(response, 'InvalidInstanceID.NotFound');
    if (form.Action === 'DescribeInstances') {
      const items = [...named, ...filtered].flatMap((id) =>
        fleet[id]
          ? `<item><instanceId>${id}</instanceId><instanceState><name>${fleet[id]}</name></instanceState></item>`
          : [],
      );
      const set = `<reservationSet><item><instancesSet>${items.join('')}</instancesSet></item></reservationSet>`;
      return xml(response, `<Answer>${set}</Answer>`);
    }
    if (form.Action === 'DescribeInstanceStatus') return xml(response, '<Answer><instanceStatusSet/></Answer>');
    const code = named.map((id) => refused[id]).find((each) => each !== undefined);
    if (code !== undefined) return xmlError(response, code);
    for (const id of named) fleet[id] = form.Action === 'StartInstances' ? 'pending' : 'stopping';
    xml(response, '<Answer/>');
  });
  const scalable = { kind: 'instances' as const, instanceIds: Object.keys(fleet) };
  const compute = new AwsCompute(clients);
  return {
    facts: () => readFacts(clients, compute, place, scalable),
    read: () => compute.readScale(place, scalable),
    set: (size: number) => compute.setScale(place, scalable, to(size)),
    starts: () => seen.filter(({ form }) => form.Action === 'StartInstances').length,
  };
}

describe('instances of which some cannot be started', () => {
  it('starts the others when EC2 does not list one any more, and says which one', async () => {
    const fleet: Fleet = { 'i-1': 'stopped', 'i-2': null, 'i-3': 'stopped' };
    const { read, set } = await ec2With(fleet);

    const before = await read();
    const fault = await faultOf(() => set(1));

    expect(before).toEqual({ wanted: 0, ready: 0 });
    expect(fleet).toEqual({ 'i-1': 'pending', 'i-2': null, 'i-3': 'pending' });
    expect(fault).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('i-2 is terminated') });
  });

  it('is invalid when EC2 lists none of them', async () => {
    const { read } = await ec2With({ 'i-1': null, 'i-2': null });

    expect(await faultOf(read)).toEqual({ kind: 'invalid', detail: 'no i-1, i-2 in us-east-1' });
  });

  it('starts the others when EC2 has no room for one, and says which one', async () => {
    const fleet: Fleet = Object.fromEntries(['i-1', 'i-2', 'i-3', 'i-4', 'i-5'].map((id) => [id, 'stopped']));
    const { set, starts } = await ec2With(fleet, { 'i-4': 'InsufficientInstanceCapacity' });

    const fault = await faultOf(() => set(1));

    expect(Object.entries(fleet).filter(([, state]) => state === 'stopped')).toEqual([['i-4', 'stopped']]);
    expect(fault).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringMatching(/^i-4: InsufficientInstanceCap/),
    });
    expect(starts()).toBe(5);
  });

  it('is known of them beforehand', async () => {
    const some = await ec2With({ 'i-1': 'stopped', 'i-2': null, 'i-3': 'terminated' });
    const none = await ec2With({ 'i-1': null });

    expect(await some.facts()).toMatchObject({ wanted: 0, gone: ['i-2', 'i-3'] });
    expect(await none.facts()).toEqual({ flaw: 'no i-1 in us-east-1' });
  });

  it.each(['UnauthorizedOperation', 'RequestLimitExceeded'])('asks once when EC2 says %s', async (code) => {
    const { set, starts } = await ec2With({ 'i-1': 'stopped', 'i-2': 'stopped' }, { 'i-1': code });

    await faultOf(() => set(1));

    expect(starts()).toBe(1);
  });
});

describe('instances that are being stopped', () => {
  const thing = (isServing: boolean) => ({
    ...place,
    scalable: { kind: 'instances' as const, instanceIds: ['i-1', 'i-2'] },
    ...to(isServing ? 1 : 0),
  });

  it.each([
    ['stopping', 'stopping', 'on-its-way'],
    ['stopping', 'running', 'on-its-way'],
    ['stopping', 'stopped', 'differs'],
    ['stopped', 'running', 'differs'],
  ])('while one is %s and one %s, a start is %s', async (one, other, expected) => {
    const { read } = await ec2With({ 'i-1': one, 'i-2': other });

    expect(start.compare(thing(true), await read())).toBe(expected);
  });

  it('are as a site that waits shall have them', async () => {
    const { read } = await ec2With({ 'i-1': 'stopping', 'i-2': 'stopped' });

    expect(start.compare(thing(false), await read())).toBe('as-ordered');
  });
});
