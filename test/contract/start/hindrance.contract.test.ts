import { describe, expect, it } from 'vitest';
import { startHandlers } from '../../../src/adapters/aws/start.ts';
import type { ScaleState } from '../../../src/core/kinds/start.ts';
import type { Scalable } from '../../../src/core/model/site.ts';
import { type Answering, standIn, xml, xmlError } from '../../support/stand-in.ts';

const home = 'us-east-1';
const sizes = { size: 3, asActive: false, standbySize: 1 };
const noRoom = 'We currently do not have sufficient m5.large capacity in the Availability Zone you requested.';

/** What the `start` function reads of a thing, and what it asked for. */
async function read(scalable: Scalable, answer: Answering) {
  const { clients, seen } = await standIn([home], answer);
  const whose = { region: home, service: 'web', site: 'right', size: 3, isServing: true };
  const state = await startHandlers(clients, clients)['read:start']({
    ...whose,
    scalable,
    token: { epoch: 4, attempt: 2 },
  });
  return { state, asked: seen.map(({ form }) => form.Action) };
}

describe('what keeps an Auto Scaling group small', () => {
  const group: Scalable = { kind: 'auto-scaling-group', name: 'web', ...sizes };

  /** A group of three with one instance, and its activities, the newest first: minutes ago, code, message. */
  const groupWith =
    (activities: readonly (readonly [number, string, string])[], suspended = '', instances = 1): Answering =>
    ({ form }, response) => {
      const well = '<LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>';
      const its = `<Instances>${`<member>${well}</member>`.repeat(instances)}</Instances>`;
      const processes = `<SuspendedProcesses>${suspended}</SuspendedProcesses>`;
      const one = `<AutoScalingGroupName>web</AutoScalingGroupName><DesiredCapacity>3</DesiredCapacity>${its}${processes}`;
      const items = activities.map(([minutesAgo, code, message]) => {
        const at = new Date(Date.UTC(2026, 0, 2) - minutesAgo * 60_000).toISOString();
        const said = message === '' ? '' : `<StatusMessage>${message}</StatusMessage>`;
        return `<member><StartTime>${at}</StartTime><StatusCode>${code}</StatusCode>${said}</member>`;
      });
      const [name, body] =
        form.Action === 'DescribeScalingActivities'
          ? ['DescribeScalingActivitiesResult', `<Activities>${items.join('')}</Activities>`]
          : ['DescribeAutoScalingGroupsResult', `<AutoScalingGroups><member>${one}</member></AutoScalingGroups>`];
      xml(response, `<Answer><${name}>${body}</${name}></Answer>`);
    };

  it.each<[string, readonly (readonly [number, string, string])[], string | undefined]>([
    ['the last launch failed', [[1, 'Failed', noRoom]], `group web: ${noRoom}`],
    [
      'one is under way after one that failed',
      [
        [0, 'InProgress', ''],
        [2, 'Cancelled', noRoom],
      ],
      `group web: ${noRoom}`,
    ],
    [
      'the last one came through',
      [
        [1, 'Successful', ''],
        [2, 'Failed', noRoom],
      ],
      undefined,
    ],
    [
      'one failed long before the newest',
      [
        [0, 'PreInService', ''],
        [90, 'Failed', noRoom],
      ],
      undefined,
    ],
    ['nothing was launched yet', [], undefined],
  ])('is said where %s', async (_, activities, hindrance) => {
    const { state } = await read(group, groupWith(activities));

    expect(state).toEqual({ wanted: 3, ready: 1, ...(hindrance === undefined ? {} : { hindrance }) });
  });

  it('is a launch that is suspended, and needs no other question', async () => {
    const suspended = '<member><ProcessName>Launch</ProcessName></member>';

    const { state, asked } = await read(group, groupWith([], suspended));

    expect(state.hindrance).toBe('group web launches nothing while its process Launch is suspended');
    expect(asked).toEqual(['DescribeAutoScalingGroups']);
  });

  it('is not asked for where all is in service, and hinders nothing where it is refused', async () => {
    const whole = await read(group, groupWith([], '', 3));
    const refused = await read(group, (one, response, index) =>
      one.form.Action === 'DescribeScalingActivities'
        ? xmlError(response, 'AccessDenied', 403)
        : groupWith([])(one, response, index),
    );

    expect(whole).toEqual({ state: { wanted: 3, ready: 3 }, asked: ['DescribeAutoScalingGroups'] });
    expect(refused.state).toEqual({ wanted: 3, ready: 1 });
  });
});

describe('what keeps others small', () => {
  const json =
    (body: object): Answering =>
    (_one, response) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  const service: Scalable = { kind: 'ecs-service', cluster: 'shop', name: 'web', ...sizes };
  const placing = '(service web) was unable to place a task. Reason: Capacity is unavailable at this time.';
  const steady = '(service web) has reached a steady state.';
  const started = '(service web) has started 2 tasks: (task 1) (task 2).';

  it.each<[string, readonly string[], number, string | undefined]>([
    ['could not place', [placing, started, steady], 1, placing],
    ['could not place before others', [started, placing, steady], 1, placing],
    ['could not place before all ran', [started, steady, placing], 1, undefined],
    ['could not place and has all', [placing], 3, undefined],
  ])('is the task that ECS %s', async (_, messages, runningCount, hindrance) => {
    const events = messages.map((message) => ({ message }));
    const answer = json({
      services: [{ serviceName: 'web', status: 'ACTIVE', desiredCount: 3, runningCount, events }],
    });

    const { state } = await read(service, answer);

    expect(state.hindrance).toBe(hindrance);
  });

  it('is what EKS finds wrong with a node group', async () => {
    const issue = { code: 'AsgInstanceLaunchFailures', message: noRoom };
    const answer = json({ nodegroup: { scalingConfig: { desiredSize: 3 }, health: { issues: [issue] } } });

    const { state } = await read({ kind: 'eks-nodegroup', cluster: 'shop', name: 'web', ...sizes }, answer);

    expect(state.hindrance).toBe(`node group web: AsgInstanceLaunchFailures: ${noRoom}`);
  });

  it('is an instance that EC2 finds impaired', async () => {
    const answer: Answering = ({ form }, response) => {
      const item = '<item><instanceId>i-1</instanceId><instanceState><name>running</name></instanceState></item>';
      const checks =
        '<systemStatus><status>impaired</status></systemStatus><instanceStatus><status>ok</status></instanceStatus>';
      const [set, statuses] = [
        `<reservationSet><item><instancesSet>${item}</instancesSet></item></reservationSet>`,
        `<instanceStatusSet><item><instanceId>i-1</instanceId>${checks}</item></instanceStatusSet>`,
      ];
      xml(response, `<Answer>${form.Action === 'DescribeInstances' ? set : statuses}</Answer>`);
    };

    const { state } = await read({ kind: 'instances', instanceIds: ['i-1'] }, answer);

    expect(state).toEqual<ScaleState>({
      wanted: 1,
      ready: 0,
      hindrance: "i-1 runs, and EC2's checks find it impaired",
    });
  });

  it('is cut to what a message can hold', async () => {
    const issue = { code: 'AsgInstanceLaunchFailures', message: noRoom.repeat(9) };
    const answer = json({ nodegroup: { scalingConfig: { desiredSize: 3 }, health: { issues: [issue] } } });

    const { state } = await read({ kind: 'eks-nodegroup', cluster: 'shop', name: 'web', ...sizes }, answer);

    expect(state.hindrance).toHaveLength(200);
  });
});
