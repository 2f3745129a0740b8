import { expect, test } from 'vitest';
import { type DrainFacts, drainCheck } from '../../../../src/core/checkup/fencing/drain-checks.ts';
import { notAsked } from '../../../../src/core/checkup/reading.ts';

const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop-web/0123456789abcdef';
const of = (value: DrainFacts, hasData = true) =>
  drainCheck({ subject: 'web/virginia', targetGroupArn: group, hasData, reading: { kind: 'read', value } });

test.each([
  ['of an Application Load Balancer', null],
  ['of a Network Load Balancer that cuts connections', true],
])('a group without a delay, %s, lets its fence close at once', (_, cutsConnections) => {
  expect(of({ delaySeconds: 0, cutsConnections })).toEqual({
    name: 'drain',
    subject: 'web/virginia',
    state: 'ok',
    found: 'its fence closes at once: the deregistration delay is 0',
    todo: null,
  });
});

test('a delay is bad where data may be written beyond the lease, and doubtful elsewhere', () => {
  const [withData, without] = [true, false].map((hasData) => of({ delaySeconds: 300, cutsConnections: null }, hasData));

  expect(withData).toMatchObject({ state: 'bad', found: expect.stringContaining('drain for 300 s: each move waits') });
  expect(withData?.found).toContain('may write beyond the lease');
  expect(withData?.todo).toBe(
    'set deregistration_delay.timeout_seconds to 0 on target group shop-web (docs/data.md, "The order of a failover")',
  );
  expect(without).toMatchObject({ state: 'doubtful', found: expect.stringContaining('clients stay beyond the lease') });
});

test.each([
  [0, 'set deregistration_delay.connection_termination.enabled to true on'],
  [300, 'timeout_seconds to 0 and deregistration_delay.connection_termination.enabled to true on'],
])('a Network Load Balancer that leaves connections open is bad with a delay of %i s, too', (delaySeconds, todo) => {
  const check = of({ delaySeconds, cutsConnections: false });

  expect(check).toMatchObject({ state: 'bad', todo: expect.stringContaining(todo) });
  expect(check.found).toContain('leaves connections open after that');
});

test('what is in another account is not known', () => {
  const reading = notAsked('210987654321');

  const check = drainCheck({ subject: 'web/oregon', targetGroupArn: group, hasData: true, reading });

  expect(check).toMatchObject({ state: 'unknown', found: expect.stringContaining('210987654321 is not asked') });
});
