import { expect, test } from 'vitest';
import { obey } from '../../../../src/core/operator/command.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { registerWith, runWith, service } from '../service.fixture.ts';

const asked = { from: 'one', askedMs: 1_000 };

const approve = (register: Partial<Register>) =>
  obey(
    { verb: 'approve' },
    {
      service,
      register: registerWith(register),
      knowledge: { verdicts: {}, reports: {}, dependencies: {} },
      stopwatches: {},
      group: null,
      disputes: [],
      by: 'eve',
      wallMs: 5,
      votersMs: 5,
    },
  );

test('an approval names who gave it, in the register and in the history', () => {
  expect(approve({ approval: asked })).toMatchObject({
    outcome: 'accepted',
    register: {
      epoch: 1,
      approval: { ...asked, approvedBy: 'eve' },
      history: [{ by: 'eve', what: 'approve the failover from one' }],
    },
  });
});

test.each<[string, Partial<Register>]>([
  ['nothing waits', {}],
  ['another site was asked about', { approval: { ...asked, from: 'far' } }],
  ['a run is under way', { approval: asked, epoch: 2, run: runWith() }],
])('is refused while %s', (_why, register) => {
  expect(approve(register)).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('waits for approval'),
  });
});

test('a second approval changes nothing', () => {
  expect(approve({ approval: { ...asked, approvedBy: 'bob' } })).toMatchObject({ outcome: 'unchanged' });
});
