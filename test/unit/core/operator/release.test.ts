import { describe, expect, test } from 'vitest';
import type { SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import { releaseFence } from '../../../../src/core/operator/release.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { fence, globalData, registerWith, runWith, serviceWith } from '../service.fixture.ts';

const sites = { one: { fence } };
const withData = serviceWith({ sites, data: globalData });
const left = (more: Partial<Register> = {}) =>
  registerWith({
    epoch: 2,
    active: 'far',
    writer: 'far',
    serving: ['far'],
    lost: ['one'],
    owed: [{ site: 'one', epoch: 2, proof: 'lease' }],
    ...more,
  });
const seen = (isReplica?: boolean): SiteKnowledge => ({
  verdicts: { one: 'down', far: 'up' },
  reports: { one: isReplica === undefined ? {} : { dataRole: isReplica ? 'replica' : 'takes-writes' } },
  dependencies: {},
});
const release = { site: 'one', areTwoWritersAllowed: false };
const atRisk = { site: 'one', areTwoWritersAllowed: true };

describe('releasing a fence', () => {
  test.each([
    ['of a replica', withData, release, seen(true)],
    ['where there is no data', serviceWith({ sites }), release, seen()],
    ['of a site that writes, with the risk named', withData, atRisk, seen(false)],
    ['of a site of which nothing is known, with the risk named', withData, atRisk, seen()],
  ] as const)('is done %s, and kept in the history', (_what, service, order, knowledge) => {
    const outcome = releaseFence(order, service, left(), knowledge);

    expect(outcome).toMatchObject({
      outcome: 'accepted',
      register: { owed: [], lost: ['one'] },
      what: expect.stringContaining('release the fence of one (one is down;'),
    });
  });

  test.each([
    ['takes writes', seen(false), 'its data: takes writes', 'would take writes beside far'],
    ['is not known', seen(), 'its data: not known', 'may take writes beside far'],
  ] as const)('is refused while its data %s, after what is known', (_what, knowledge, known, why) => {
    const outcome = releaseFence(release, withData, left(), knowledge);

    expect(outcome.outcome).toBe('refused');
    expect(outcome.message).toContain(known);
    expect(outcome.message).toContain('its fence is owed since epoch 2, unproven, by lease');
    expect(outcome.message).toContain(why);
    expect(outcome.message).toContain('--allow-two-writers');
  });

  test.each([
    ['a run is in progress', left({ run: runWith() }), 'is in progress'],
    ['the site is to be active', left({ active: 'one' }), 'once its data is known to take writes'],
    ['the site writes by the register', left({ writer: 'one' }), 'once its data is known to take writes'],
  ] as const)('is refused while %s, whatever risk is named', (_what, register, why) => {
    const outcome = releaseFence(atRisk, withData, register, seen(true));

    expect(outcome).toMatchObject({ outcome: 'refused', message: expect.stringContaining(why) });
  });

  test('changes nothing where the fence is not owed', () => {
    expect(releaseFence(release, withData, left({ owed: [] }), seen(true)).outcome).toBe('unchanged');
  });
});
