import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  RuleState,
} from '@aws-sdk/client-eventbridge';
import { GetEventSourceMappingCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { WorkSeen, WorkState, WorkThing } from '../../core/kinds/work.ts';
import type { Work } from '../../core/model/site.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';
import { afterAll } from './settlement.ts';
import { readSchedule, turnSchedule } from './work/schedule.ts';

type Rule = Extract<Work, { readonly kind: 'eventbridge-rule' }>;

/** Error of both services for a thing that the region does not have. */
const notFound = 'ResourceNotFoundException';

/**
 * What the states of an event source mapping mean. A new one turns on. One whose settings change counts as turning on,
 * so it is not taken for off. Source: Lambda API Reference, `GetEventSourceMapping`, `State`.
 */
const seenByState: Readonly<Record<string, WorkSeen>> = {
  Enabled: 'on',
  Enabling: 'turning-on',
  Creating: 'turning-on',
  Updating: 'turning-on',
  Disabling: 'turning-off',
  Deleting: 'turning-off',
  Disabled: 'off',
};

/**
 * Turns rules, schedules and event source mappings on and off.
 *
 * Each is a call of its own, and one that is right already is not written. What was begun before goes on: a function
 * that runs ends by itself. A mapping takes no change while it is turning (`ResourceInUseException`), so it is asked
 * again later.
 */
export function workHandlers(clients: AwsClients): KindHandlers<'work'> {
  return {
    'read:work': async (thing) => await readWork(clients.in(thing.account), thing),
    'write:work': async (thing) => {
      const there = clients.in(thing.account);
      const seen = await readWork(there, thing);
      const right: readonly WorkSeen[] = thing.isOn ? ['on', 'turning-on'] : ['off', 'turning-off'];
      const wrong = thing.work.filter((_, index) => !right.includes(seen[index] ?? 'off'));
      await afterAll(wrong.map((one) => turn(there, thing.region, one, thing.isOn)));
      return null;
    },
  };
}

/** @throws {PortError} `invalid` when the region does not have all of it */
function readWork(clients: AwsClients, { region, work }: WorkThing): Promise<WorkState> {
  return Promise.all(work.map((one) => readOne(clients, region, one)));
}

async function readOne(clients: AwsClients, region: string, one: Work): Promise<WorkSeen> {
  switch (one.kind) {
    case 'eventbridge-rule':
      return (await describeRule(clients, region, one)).State === RuleState.DISABLED ? 'off' : 'on';
    case 'eventbridge-schedule':
      return await readSchedule(clients, region, one);
    case 'event-source-mapping': {
      const command = new GetEventSourceMappingCommand({ UUID: one.uuid });
      const { State = '' } = await orMissing(`no event source mapping ${one.uuid} in ${region}`, () =>
        clients.call((options) => clients.of(LambdaClient, region).send(command, options)),
      );
      const seen = seenByState[State];
      if (seen === undefined) throw new PortError({ kind: 'unavailable', detail: `${one.uuid} is ${State}` });
      return seen;
    }
  }
}

async function turn(clients: AwsClients, region: string, one: Work, isOn: boolean): Promise<void> {
  switch (one.kind) {
    case 'eventbridge-rule':
      return await turnRule(clients, region, one, isOn);
    case 'eventbridge-schedule':
      return await turnSchedule(clients, region, one, isOn);
    case 'event-source-mapping': {
      const command = new UpdateEventSourceMappingCommand({ UUID: one.uuid, Enabled: isOn });
      await clients.call((options) => clients.of(LambdaClient, region).send(command, options));
      return;
    }
  }
}

function describeRule(clients: AwsClients, region: string, { name, bus }: Rule) {
  const command = new DescribeRuleCommand({ Name: name, EventBusName: bus });
  return orMissing(`no rule ${name} of bus ${bus} in ${region}`, () =>
    clients.call((options) => clients.of(EventBridgeClient, region).send(command, options)),
  );
}

/**
 * Turns a rule on or off. `EnableRule` knows one way of being on alone. The other one is a field of the rule, and
 * `PutRule` puts every field that is not sent back to nothing; targets and tags stay. Source: EventBridge API
 * Reference, "PutRule"; EventBridge User Guide, "Receiving read-only management events from AWS services".
 */
async function turnRule(clients: AwsClients, region: string, rule: Rule, isOn: boolean): Promise<void> {
  const events = clients.of(EventBridgeClient, region);
  const named = { Name: rule.name, EventBusName: rule.bus };
  if (isOn && rule.allManagementEvents) {
    const { Description, EventPattern, RoleArn, ScheduleExpression } = await describeRule(clients, region, rule);
    const State = RuleState.ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS;
    const command = new PutRuleCommand({ ...named, Description, EventPattern, RoleArn, ScheduleExpression, State });
    await clients.call((options) => events.send(command, options));
    return;
  }
  await clients.call<unknown>((options) =>
    isOn ? events.send(new EnableRuleCommand(named), options) : events.send(new DisableRuleCommand(named), options),
  );
}

async function orMissing<T>(detail: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isMissing = error instanceof PortError && error.cause instanceof Error && error.cause.name === notFound;
    throw isMissing ? new PortError({ kind: 'invalid', detail }, error.cause) : error;
  }
}
