import { EventBridgeClient, PutRuleCommand, RuleState } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws/clients.ts';
import { requestJson } from '../../src/adapters/aws/wire/signed-request.ts';
import { workHandlers } from '../../src/adapters/aws/work.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { kinds } from '../../src/core/kinds/kinds.ts';
import type { WorkThing } from '../../src/core/kinds/work.ts';
import type { Work } from '../../src/core/model/site.ts';
import type { KindHandlers } from '../../src/ports/ports.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { faultOf, jsonError, standIn } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

const home = 'us-east-1';
const mapping = { kind: 'event-source-mapping', uuid: '14e0db71-5d35-4eb5-b481-8945cf9d10c2' } as const;
const rule = { kind: 'eventbridge-rule', name: 'nightly', bus: 'default' } as const;
const schedule = { kind: 'eventbridge-schedule', name: 'nightly', group: 'default', role: 'invoker' } as const;

/** Work that is off. */
interface Place {
  readonly handlers: KindHandlers<'work'>;
  readonly work: readonly Work[];
}

function describeContract(open: () => Promise<Place>): void {
  let handlers: Place['handlers'];
  let on: WorkThing;
  let off: WorkThing;

  beforeEach(async () => {
    const place = await open();
    handlers = place.handlers;
    on = { region: home, work: place.work, isOn: true };
    off = { ...on, isOn: false };
  });

  /** Looks until nothing is turning any more. Each look at the simulator takes virtual time. */
  const settled = async (thing: WorkThing) => {
    let seen = await handlers['read:work'](thing);
    for (let looks = 1; looks < 20 && kinds.work.compare(thing, seen) === 'on-its-way'; looks += 1) {
      seen = await handlers['read:work'](thing);
    }
    return kinds.work.compare(thing, seen);
  };

  it('is off at first', async () => {
    expect(await settled(off)).toBe('as-ordered');
    expect(await settled(on)).toBe('differs');
  });

  it('is on once it was turned on, and off again', async () => {
    await handlers['write:work'](on);
    const first = await settled(on);
    await handlers['write:work'](off);

    expect(first).toBe('as-ordered');
    expect(await settled(off)).toBe('as-ordered');
  });

  it('is as it was when asked twice', async () => {
    await handlers['write:work'](on);
    await handlers['write:work'](on);

    expect(await settled(on)).toBe('as-ordered');
  });
}

describe.each([[rule], [schedule], [mapping], [rule, schedule, mapping]])('work in the simulator', (...work) => {
  describeContract(async () => {
    const web = zones.services.web;
    if (!web?.sites.left || !web.sites.right) throw new Error('the fixture has two sites');
    const sites = { left: web.sites.left, right: { ...web.sites.right, work } };
    const account = new SimAccount(defineDeployment({ ...zones, services: { web: { ...web, sites } } }));
    const handlers: KindHandlers<'work'> = {
      'read:work': (thing) => account.call(home, 'read:work', thing),
      'write:work': (thing) => account.call(home, 'write:work', thing),
    };
    return { handlers, work };
  });
});

let made = 0;

describeOnMoto('rules in EventBridge, by moto', [home], (clients) => {
  describeContract(async () => ({ handlers: workHandlers(clients()), work: [await makeRule(clients())] }));

  it('is invalid to read or to turn on a rule that is not there', async () => {
    const handlers = workHandlers(clients());
    const missing = { region: home, work: [{ ...rule, name: 'nobody' }], isOn: true };

    expect((await faultOf(() => handlers['read:work'](missing))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:work'](missing))).kind).toBe('invalid');
  });

  it('turns the other on when one is right already', async () => {
    const handlers = workHandlers(clients());
    const work = [await makeRule(clients()), await makeRule(clients())];
    await handlers['write:work']({ region: home, work: work.slice(0, 1), isOn: true });

    await handlers['write:work']({ region: home, work, isOn: true });

    expect(await handlers['read:work']({ region: home, work, isOn: true })).toEqual(['on', 'on']);
  });
});

describe('rules that take all management events, by a stand-in', () => {
  const whole = {
    Name: 'nightly',
    Arn: `arn:aws:events:${home}:111122223333:rule/nightly`,
    EventBusName: 'default',
    EventPattern: '{"source":["aws.iam"]}',
    Description: 'Audit',
    CreatedBy: '111122223333',
  };

  /** What is asked of EventBridge to turn a rule, but for looks. */
  async function asked(all: boolean | undefined, isOn: boolean, State: string) {
    const { clients, seen } = await standIn([home], (_seen, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ ...whole, State }));
    });
    const work = [{ ...rule, ...(all === undefined ? {} : { allManagementEvents: all }) }];
    await workHandlers(clients)['write:work']({ region: home, work, isOn });
    const calls = seen.map(({ headers, body }) => [String(headers['x-amz-target']).split('.')[1], JSON.parse(body)]);
    return calls.filter(([operation]) => operation !== 'DescribeRule');
  }

  const named = { Name: 'nightly', EventBusName: 'default' };
  const allEvents = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

  it('are turned on as such, with all else as it was', async () => {
    const { EventPattern, Description } = whole;

    expect(await asked(true, true, 'DISABLED')).toEqual([
      ['PutRule', { ...named, EventPattern, Description, State: allEvents }],
    ]);
  });

  it.each<[boolean | undefined, boolean, string, string | null]>([
    [true, false, allEvents, 'DisableRule'],
    [true, true, allEvents, null],
    [undefined, true, 'DISABLED', 'EnableRule'],
    [false, true, 'DISABLED', 'EnableRule'],
  ])('declared as %s, to be on: %s, while %s: %s', async (all, isOn, state, call) => {
    expect(await asked(all, isOn, state)).toEqual(call === null ? [] : [[call, named]]);
  });
});

describeOnMoto('schedules in EventBridge Scheduler, by moto', [home], (clients) => {
  describeContract(async () => ({ handlers: workHandlers(clients()), work: [await makeSchedule(clients())] }));

  it('is invalid to read or to turn on a schedule that is not there', async () => {
    const handlers = workHandlers(clients());
    const missing = { region: home, work: [{ ...schedule, name: 'nobody' }], isOn: true };

    expect((await faultOf(() => handlers['read:work'](missing))).kind).toBe('invalid');
    expect((await faultOf(() => handlers['write:work'](missing))).kind).toBe('invalid');
  });

  it('keeps everything of a schedule but its state', async () => {
    const made = await makeSchedule(clients());
    const before = await scheduleAt(clients(), made);

    await workHandlers(clients())['write:work']({ region: home, work: [made], isOn: true });

    const { LastModificationDate: _, ActionAfterCompletion: __, ...after } = await scheduleAt(clients(), made);
    expect({ ...before, State: 'ENABLED' }).toMatchObject(after);
    expect(after).toMatchObject({ Description: 'Invoices', ScheduleExpression: 'rate(1 day)', EndDate: endSeconds });
  });
});

/** A schedule as the API Reference has it, and a field that no SDK knows yet. */
const whole = {
  ActionAfterCompletion: 'NONE',
  Arn: 'arn:aws:scheduler:us-east-1:111122223333:schedule/default/nightly',
  CreationDate: 1_700_000_000.5,
  EndDate: 1_900_000_000,
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
  GroupName: 'default',
  KmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1',
  LastModificationDate: 1_700_000_001.5,
  Name: 'nightly',
  ScheduleExpression: 'rate(1 day)',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  StartDate: 1_700_000_000,
  State: 'ENABLED',
  Target: {
    Arn: 'arn:aws:lambda:us-east-1:111122223333:function:jobs',
    RoleArn: 'arn:aws:iam::111122223333:role/invoker',
    Input: '{}',
  },
  FieldOfTomorrow: [1],
};

describe('schedules in EventBridge Scheduler, by a stand-in', () => {
  const turnOff = { region: home, work: [schedule], isOn: false };

  it('writes back what it has read, and what is new to it, with another state', async () => {
    const { clients, seen } = await standIn([home], ({ method }, response) =>
      response.end(JSON.stringify(method === 'GET' ? whole : {})),
    );

    await workHandlers(clients)['write:work'](turnOff);

    const { Arn, CreationDate, LastModificationDate, Name, ...settable } = whole;
    const last = seen.at(-1);
    expect([last?.method, last?.path]).toEqual(['PUT', '/schedules/nightly']);
    expect(JSON.parse(last?.body ?? '')).toEqual({ ...settable, State: 'DISABLED' });
  });

  it('leaves out a beginning that is over when that alone is refused', async () => {
    const { clients, seen } = await standIn([home], ({ method, body }, response) => {
      const isRefused = method === 'PUT' && 'StartDate' in JSON.parse(body);
      if (!isRefused) return response.end(JSON.stringify(method === 'GET' ? whole : {}));
      response.writeHead(400, { 'x-amzn-errortype': 'ValidationException' });
      return response.end('{"Message":"The StartDate you specify cannot be earlier than 5 minutes ago."}');
    });

    await workHandlers(clients)['write:work'](turnOff);

    const last = JSON.parse(seen.at(-1)?.body ?? '');
    expect(last).toMatchObject({ State: 'DISABLED', EndDate: whole.EndDate });
    expect(last).not.toHaveProperty('StartDate');
  });

  it('does not write twice when something else is refused', async () => {
    const { clients, seen } = await standIn([home], ({ method }, response) =>
      method === 'GET' ? response.end(JSON.stringify(whole)) : jsonError(response, 'ValidationException'),
    );

    const fault = await faultOf(() => workHandlers(clients)['write:work'](turnOff));

    expect(fault.kind).toBe('invalid');
    expect(seen.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('cannot tell what a state means that is not documented', async () => {
    const { clients } = await standIn([home], (_seen, response) => response.end('{"State":"PAUSED"}'));

    expect(await faultOf(() => workHandlers(clients)['read:work'](turnOff))).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('PAUSED'),
    });
  });
});

// moto's mappings need a function of its own, which it runs with docker only.
describe('event source mappings in Lambda, by a stand-in', () => {
  describeContract(async () => ({ handlers: workHandlers((await lambdaStandIn()).clients), work: [mapping] }));

  it.each([
    ['Enabled', 'on'],
    ['Enabling', 'turning-on'],
    ['Creating', 'turning-on'],
    ['Updating', 'turning-on'],
    ['Disabling', 'turning-off'],
    ['Deleting', 'turning-off'],
    ['Disabled', 'off'],
  ])('reads the state %s as %s', async (state, seen) => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify({ State: state })));

    expect(await workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true })).toEqual([seen]);
  });

  it('cannot tell what a state means that Lambda does not document', async () => {
    const { clients } = await standIn([home], (_seen, response) => response.end(JSON.stringify({ State: 'Paused' })));
    const read = () => workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true });

    expect(await faultOf(read)).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('Paused') });
  });

  it('is invalid to read a mapping that is not there', async () => {
    const { clients } = await standIn([home], (_seen, response) =>
      jsonError(response, 'ResourceNotFoundException', 404),
    );
    const read = () => workHandlers(clients)['read:work']({ region: home, work: [mapping], isOn: true });

    expect((await faultOf(read)).kind).toBe('invalid');
  });

  it('writes nothing while it is turning already', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) =>
      response.end(JSON.stringify({ State: 'Enabling' })),
    );

    await workHandlers(clients)['write:work']({ region: home, work: [mapping], isOn: true });

    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });
});

/** One mapping, which turns within one look. */
async function lambdaStandIn() {
  let state = 'Disabled';
  return await standIn([home], ({ method, body }, response) => {
    if (method === 'PUT') state = JSON.parse(body).Enabled ? 'Enabling' : 'Disabling';
    const answer = { State: state };
    if (method === 'GET') state = state.replace('ing', 'ed');
    response.end(JSON.stringify(answer));
  });
}

async function makeRule(clients: AwsClients): Promise<Work> {
  made += 1;
  const name = `nightly-${made}`;
  const put = new PutRuleCommand({ Name: name, ScheduleExpression: 'rate(1 day)', State: RuleState.DISABLED });
  await clients.of(EventBridgeClient, home).send(put);
  return { ...rule, name };
}

type Schedule = Extract<Work, { kind: 'eventbridge-schedule' }>;

/** 2100. */
const endSeconds = 4_102_444_800;

async function makeSchedule(clients: AwsClients): Promise<Schedule> {
  made += 1;
  const name = `invoices-${made}`;
  const body = {
    Description: 'Invoices',
    EndDate: endSeconds,
    FlexibleTimeWindow: { Mode: 'OFF' },
    GroupName: schedule.group,
    ScheduleExpression: 'rate(1 day)',
    State: 'DISABLED',
    Target: { Arn: 'arn:aws:sqs:us-east-1:123456789012:jobs', RoleArn: 'arn:aws:iam::123456789012:role/invoker' },
  };
  await requestJson(clients, { region: home, service: 'scheduler', method: 'POST', path: `/schedules/${name}`, body });
  return { ...schedule, name };
}

async function scheduleAt(clients: AwsClients, { name, group }: Schedule) {
  const request = { region: home, service: 'scheduler', method: 'GET', path: `/schedules/${name}` } as const;
  return (await requestJson(clients, { ...request, query: { groupName: group } })) as Readonly<Record<string, unknown>>;
}
