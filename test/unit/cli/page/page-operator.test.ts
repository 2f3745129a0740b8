import { expect, test } from 'vitest';
import { createPageOperator } from '../../../../src/cli/page/page-operator.ts';
import { type DeploymentView, readDeployment } from '../../../../src/core/operator/table-survey.ts';
import { runRoutine } from '../../../../src/ports/routine-runner.ts';
import { fakeTarget } from '../operator/target.fixture.ts';

const switchover = ['switchover', 'web', '--to', 'oregon'];
const aws = { kind: 'aws', account: '111111111111', isAccountChecked: true, regions: [] } as const;

/** An operator over tables in memory, with what is read of them now. */
async function operatorOver(target = fakeTarget()) {
  const view: DeploymentView = await runRoutine(readDeployment(target.deployment), target.ports);
  return { target, operator: createPageOperator(target, 'alice', () => view) };
}

test('says what a command would do, by the rules that judge it, and writes nothing', async () => {
  const { target, operator } = await operatorOver();

  const preview = await operator.preview(switchover);

  expect(preview).toMatchObject({
    outcome: 'accepted',
    line: 'cdk-failover switchover web --to oregon',
    nameToType: null,
  });
  expect(preview.message).toContain('oregon');
  expect(preview.steps.length).toBeGreaterThan(0);
  expect(target.register()).toMatchObject({ epoch: 1, active: 'virginia', run: null });
});

test.each([
  [['switchover', 'web', '--to', 'virginia'], 'unchanged', 'virginia is already active'],
  [['failover', 'web', '--to', 'oregon'], 'refused', 'virginia is up'],
  [['resume', 'web'], 'unchanged', 'web is not paused'],
])('says why nothing would be done: %j', async (words, outcome, why) => {
  const { operator } = await operatorOver();

  expect(await operator.preview(words)).toMatchObject({
    outcome,
    message: expect.stringContaining(why),
    steps: [],
  });
});

test('carries out what was shown, under the name of whoever serves the page', async () => {
  const { target, operator } = await operatorOver();

  const said = await operator.operate(['pause', 'web', '--reason', 'work on "the" net'], null);

  expect(said.isDone).toBe(true);
  expect(target.register()?.pause).toEqual({ by: 'alice', reason: 'work on "the" net' });
});

test('a refusal is said as one', async () => {
  const { target, operator } = await operatorOver();

  const said = await operator.operate(['failover', 'web', '--to', 'oregon'], null);

  expect(said).toMatchObject({ isDone: false, message: expect.stringContaining('virginia is up') });
  expect(target.register()?.epoch).toBe(1);
});

test.each([[null], ['Shop'], ['']])('on AWS the name must be typed as it is: %j', async (typed) => {
  const { target, operator } = await operatorOver({ ...fakeTarget(), where: aws });

  await expect(operator.operate(['pause', 'web'], typed)).rejects.toMatchObject({ code: 'TARGET' });
  expect(await operator.preview(['pause', 'web'])).toMatchObject({ nameToType: target.deployment.name });
  expect(target.register()?.pause).toBeNull();
});

test.each([
  [['dance', 'web'], 'unknown command'],
  [['status', 'web'], 'this page does not know: cdk-failover status web'],
  [['pause', 'nowhere'], 'this page does not know: cdk-failover pause nowhere'],
  [['switchover', 'web'], 'name the target'],
])('what is no command is refused in words: %j', async (words, why) => {
  const { operator } = await operatorOver();

  await expect(operator.preview(words)).rejects.toThrow(why);
});

test('without a majority nothing can be changed, and that is said', async () => {
  const { operator } = await operatorOver(fakeTarget(['us-east-1', 'us-west-2']));

  expect(await operator.preview(switchover)).toMatchObject({
    outcome: 'refused',
    message: 'no majority of state tables answers, so nothing can be changed',
  });
});

test('before the watchers have been listened to nothing is guessed', async () => {
  const operator = createPageOperator(fakeTarget(), 'alice', () => null);

  expect(await operator.preview(switchover)).toMatchObject({ outcome: 'refused' });
});
