import { CreateArchiveCommand, DescribeArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { LambdaNotifier } from '../../../src/adapters/aws/lambda/lambda-notifier.ts';
import { eventBusChannel } from '../../../src/adapters/aws/notify/event-bus.ts';
import { Notifier } from '../../../src/adapters/aws/notify/notifier.ts';
import { topicChannel } from '../../../src/adapters/aws/notify/topic.ts';
import { defineDeployment } from '../../../src/config/loader.ts';
import { eventSource } from '../../../src/config/plan/names.ts';
import { notificationShapes } from '../../../src/config/published/notification-schema.ts';
import { type FailoverEvent, newEvent } from '../../../src/core/alerting/event.ts';
import { type Announcement, eventDetailOf } from '../../../src/core/alerting/event-detail.ts';
import { messageOf } from '../../../src/core/alerting/message.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { SimAccount } from '../../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn, xml, xmlError } from '../../support/stand-in.ts';
import { zones } from '../../unit/config/shop.fixture.ts';

/** Says that something happened; each call is a announcement of its own. */
interface Teller {
  notify(event: FailoverEvent): Promise<void>;
}

const home = 'us-east-1';
const failover = newEvent('failover', 'web', 'web moved from left to right', { data: { epoch: 2 } });
const down = newEvent('verdict-changed', 'web', 'left is down', { site: 'left', data: { verdict: 'down' } });

const announcement = (event: FailoverEvent, id = 'msg_1'): Announcement => {
  return { deployment: 'shop', region: home, id, atMs: 1_700_000_000_000, event };
};

/** The notify function of the home region, with these topics. */
function notifierOf(clients: AwsClients, topicArns: readonly string[]): Notifier {
  const topics = topicArns.map((arn) => topicChannel(clients, arn));
  return new Notifier([...topics, eventBusChannel(clients, home)]);
}

/** The watcher's way to that function. */
function lambdaNotifier(clients: AwsClients): LambdaNotifier {
  const halves = [0.5, 0.25];
  const rng = { next: () => halves.shift() ?? 0 };
  return new LambdaNotifier(clients, {
    deployment: 'shop',
    region: home,
    clock: { wallMs: () => 1_700_000_000_000 },
    rng,
  });
}

/** Somebody to tell, and what was told, by the sentence of each event. */
interface Audience {
  readonly notifier: Teller;
  heard(): Promise<readonly string[]>;
}

describe('notifier in the simulator', () => {
  describeContract(async () => {
    const account = new SimAccount(defineDeployment(zones));
    const heard: string[] = [];
    account.world.observe((event) => {
      if (event.type === 'notified') heard.push(event.event.detail);
    });
    return {
      notifier: { notify: async (event) => void (await account.call(home, 'notify', { event })) },
      heard: async () => heard,
    };
  });
});

// moto runs no function without docker: a server of this test takes Lambda's place.
describe('notifier in Lambda, by a stand-in', () => {
  describeContract(async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => response.writeHead(202).end());
    return {
      notifier: lambdaNotifier(clients),
      heard: async () => seen.map(({ body }) => JSON.parse(body).event.detail),
    };
  });
});

describeOnMoto('notifier in SNS and EventBridge, by moto', [home], (clients) => {
  let made = 0;
  describeContract(async () => {
    made += 1;
    const { url, seen } = await standIn([], (_seen, response) => response.end());
    const sns = clients().of(SNSClient, home);
    const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `shop-failover-${made}` }));
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'http', Endpoint: url }));
    const heardSince = await archive(made);
    const notifier = notifierOf(clients(), [topicArn]);
    let told = 0;
    const notify = (event: FailoverEvent) => {
      told += 1;
      return notifier.notify(announcement(event, `msg_${told}`));
    };
    return {
      notifier: { notify },
      heard: async () => {
        const messages = seen.map(({ body }) => JSON.parse(body)).filter(({ Type }) => Type === 'Notification');
        const details = messages.map(({ Message }) => /^What happened\n {2}(.*)$/m.exec(String(Message))?.[1] ?? '');
        // Both ways or not at all: an event that is missing shows as a message too many.
        return details.length === (await heardSince()) ? details : [...details, 'an event is missing'];
      },
    };
  });

  /** Counts the events of ours that the default bus gets from now on. */
  async function archive(index: number): Promise<() => Promise<number>> {
    const bridge = clients().of(EventBridgeClient, home);
    const ArchiveName = `events-${index}`;
    const EventSourceArn = `arn:aws:events:${home}:123456789012:event-bus/default`;
    const EventPattern = JSON.stringify({ source: [eventSource] });
    await bridge.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn, EventPattern }));
    return async () => (await bridge.send(new DescribeArchiveCommand({ ArchiveName }))).EventCount ?? 0;
  }
});

function describeContract(open: () => Promise<Audience>): void {
  let audience: Audience;

  beforeEach(async () => {
    audience = await open();
  });

  it('tells what happened, once', async () => {
    await audience.notifier.notify(failover);

    expect(await audience.heard()).toEqual([failover.detail]);
  });

  it('tells the same again when it is told again', async () => {
    await audience.notifier.notify(failover);
    await audience.notifier.notify(failover);

    expect(await audience.heard()).toEqual([failover.detail, failover.detail]);
  });

  it('tells one after the other', async () => {
    await audience.notifier.notify(down);
    await audience.notifier.notify(failover);

    expect(await audience.heard()).toEqual([down.detail, failover.detail]);
  });
}

describe('LambdaNotifier on the wire', () => {
  it('leaves the region and the deployment with the notify function, and does not wait for it to end', async () => {
    const { clients, seen } = await standIn([home], (_seen, response) => response.writeHead(202).end());

    await lambdaNotifier(clients).notify(failover);

    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toBe('/2015-03-31/functions/shop-failover-notify/invocations');
    expect(seen[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(announcement(failover, 'msg_8000000040000000'));
  });

  it.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['AccessDeniedException', 403, 'denied'],
    ['ResourceNotFoundException', 404, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { clients } = await standIn([home], (_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => lambdaNotifier(clients).notify(failover))).kind).toBe(kind);
  });
});

describe('Notifier on the wire', () => {
  const own = `arn:aws:sns:${home}:123456789012:shop-failover`;
  const far = 'arn:aws:sns:eu-west-1:123456789012:ops';
  const published = '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>';
  const taken = { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] };
  const isEvents = (headers: Readonly<Record<string, unknown>>) =>
    String(headers['x-amz-target'] ?? '').includes('PutEvents');

  /** An account in which each of the services answers in its own way. */
  async function open({ sns, events }: { readonly sns?: Answering; readonly events?: Answering } = {}) {
    const { clients, seen } = await standIn(
      [home, 'eu-west-1'],
      (request, response, index) => {
        if (isEvents(request.headers)) {
          if (events) events(request, response, index);
          else response.end(JSON.stringify(taken));
        } else if (sns) sns(request, response, index);
        else xml(response, published);
      },
      { callDeadlineMs: 300 },
    );
    return {
      clients,
      notifier: notifierOf(clients, [own, far]),
      messages: () => seen.filter(({ headers }) => !isEvents(headers)),
      published: () => seen.flatMap(({ headers, form }) => (isEvents(headers) ? [] : [String(form.TopicArn)])).sort(),
      events: () => seen.filter(({ headers }) => isEvents(headers)).map(({ body }) => JSON.parse(body)),
    };
  }

  it('publishes subject and text to every topic, each by a client of its own region', async () => {
    const { notifier, messages } = await open();

    await notifier.notify(announcement(failover));

    const { subject, body } = messageOf('shop', home, failover);
    const regionOf = (authorization = '') => /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1];
    const sent = messages().map(({ form, headers }) => [form.TopicArn, regionOf(headers.authorization)]);
    expect(sent.sort()).toEqual([
      [far, 'eu-west-1'],
      [own, home],
    ]);
    for (const { form } of messages())
      expect(form).toEqual(expect.objectContaining({ Action: 'Publish', Subject: subject, Message: body }));
  });

  it('says in attributes what machines and filter policies go by', async () => {
    const { notifier, messages } = await open();

    await notifier.notify(announcement(down));

    expect(attributesIn(messages()[0]?.form ?? {})).toEqual({
      version: '1',
      id: 'msg_1',
      deployment: 'shop',
      region: home,
      kind: 'verdict-changed',
      service: 'web',
      site: 'left',
      alert: 'site-down',
      severity: 'critical',
      state: 'raised',
    });
  });

  it.each([down, newEvent('clock-gap', null, 'no tick for 61 s')])('has the published shape ($kind)', async (event) => {
    const { notifier, messages } = await open();

    await notifier.notify(announcement(event, 'msg_00000000000000ab'));

    const { Subject, Message, ...form } = messages()[0]?.form ?? {};
    const MessageAttributes = typedAttributesIn(form);
    const whole = { Subject, Message, MessageAttributes };
    expect(notificationShapes.message.strict().parse(whole)).toEqual(whole);
  });

  it('puts the event on the default bus, for machines', async () => {
    const { notifier, events } = await open();

    await notifier.notify(announcement(failover));

    const [{ Entries: entries }] = events();
    expect(events()).toHaveLength(1);
    expect(entries).toEqual([{ Source: 'cdk-failover', DetailType: 'failover', Detail: expect.any(String) }]);
    expect(JSON.parse(entries[0].Detail)).toEqual(eventDetailOf(announcement(failover)));
  });

  it.each([
    ['Throttled', 429, 'throttled'],
    ['AuthorizationError', 403, 'denied'],
    ['InvalidParameter', 400, 'invalid'],
    ['NotFound', 404, 'unavailable'],
    ['InternalError', 500, 'unavailable'],
  ] as const)('says of %s (status %i) of SNS that it is %s, after the event was sent', async (code, status, kind) => {
    const { notifier, events } = await open({ sns: (_seen, response) => xmlError(response, code, status) });

    expect((await faultOf(() => notifier.notify(announcement(failover)))).kind).toBe(kind);
    expect(events()).toHaveLength(1);
  });

  it('repeats a message for the topic that has failed, and for nobody else', async () => {
    const {
      notifier,
      published: topics,
      events,
    } = await open({
      sns: ({ form }, response, index) =>
        form.TopicArn === far && index < 3 ? xmlError(response, 'InternalError', 500) : xml(response, published),
    });

    await faultOf(() => notifier.notify(announcement(failover)));
    await notifier.notify(announcement(failover));

    expect(topics()).toEqual([far, far, own]);
    expect(events()).toHaveLength(1);
  });

  it('tells another message to all', async () => {
    const { notifier, published: topics } = await open();

    await notifier.notify(announcement(failover, 'msg_1'));
    await notifier.notify(announcement(failover, 'msg_2'));

    expect(topics()).toEqual([far, far, own, own]);
  });

  it('fails when EventBridge does not answer, after the messages were sent', async () => {
    const { notifier, messages } = await open({ events: () => {} });

    expect((await faultOf(() => notifier.notify(announcement(failover)))).kind).toBe('timeout');
    expect(messages()).toHaveLength(2);
  });

  it.each([
    ['ThrottlingException', 'throttled'],
    ['NotAuthorizedForSourceException', 'denied'],
    ['InternalFailure', 'unavailable'],
  ] as const)('fails when EventBridge takes the request but not the event (%s)', async (code, kind) => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode: code, ErrorMessage: 'no' }] };
    const { notifier, messages } = await open({
      events: (_seen, response) => response.end(JSON.stringify(answer)),
    });

    const fault = await faultOf(() => notifier.notify(announcement(failover)));
    expect(fault).toEqual({ kind, detail: expect.stringContaining(code) });
    expect(messages()).toHaveLength(2);
  });

  it('reports only after all have ended, when one fails at once', async () => {
    let isPublished = false;
    const { notifier } = await open({
      events: (_seen, response) => jsonError(response, 'InternalException', 500),
      sns: (_seen, response) => {
        setTimeout(() => {
          isPublished = true;
          xml(response, published);
        }, 50);
      },
    });

    await faultOf(() => notifier.notify(announcement(failover)));

    expect(isPublished).toBe(true);
  });
});

/** The attributes of a message as a subscriber sees them, from the form in which SNS takes them. */
function typedAttributesIn(form: Readonly<Record<string, string>>) {
  const entries = Object.entries(form).flatMap(([field, name]) => {
    const [, at] = /^MessageAttributes\.entry\.(\d+)\.Name$/.exec(field) ?? [];
    if (at === undefined) return [];
    const [Type, Value] = ['DataType', 'StringValue'].map(
      (part) => form[`MessageAttributes.entry.${at}.Value.${part}`],
    );
    return [[name, { Type, Value }] as const];
  });
  return Object.fromEntries(entries);
}

function attributesIn(form: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(typedAttributesIn(form)).map(([name, { Value }]) => [name, Value]));
}
