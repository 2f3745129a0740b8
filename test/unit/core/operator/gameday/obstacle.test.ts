import { expect, test } from 'vitest';
import { statusIn } from '../../../../../src/core/operator/answers.ts';
import { obstaclesTo } from '../../../../../src/core/operator/gameday/obstacle.ts';
import { readDeployment } from '../../../../../src/core/operator/table-survey.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { runRoutine } from '../../../../../src/ports/routine-runner.ts';
import { fakeTarget } from '../../../cli/operator/target.fixture.ts';

async function obstacles(register: Partial<Register>, down: readonly string[] = []) {
  const { deployment, ports } = fakeTarget([], { register, down });
  const view = await runRoutine(readDeployment(deployment), ports);
  const status = statusIn(deployment, 'web', view).json.services.web;
  return status === undefined ? null : obstaclesTo(deployment, 'web', status);
}

test('nothing holds back a service that is protected', async () => {
  expect(await obstacles({})).toEqual([]);
});

test.each<[string, Partial<Register>, readonly string[], string]>([
  ['a pause', { pause: { by: 'alice', reason: 'work' } }, [], 'paused by alice: work'],
  ['a standby that is down', {}, ['oregon'], 'if virginia fails, clients stay there'],
  ['a standby in maintenance', { maintenance: ['oregon'] }, [], 'if virginia fails, clients stay there'],
  [
    'a switchover that is planned',
    { planned: { from: 'virginia', to: 'oregon', atMs: 4e12, latestMs: 4.1e12, by: 'alice', reason: 'x' } as never },
    [],
    'a switchover to oregon is planned for 2096-10-02',
  ],
])('says what holds it back: %s', async (_, register, down, says) => {
  const found = await obstacles(register, down);

  expect(found?.some((each) => each.includes(says))).toBe(true);
});
