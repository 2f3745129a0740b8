import { CreateArchiveCommand, DescribeArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, it } from 'vitest';
import { LambdaNotifier } from '../../src/adapters/aws/lambda/lambda-notifier.ts';
import { SnsNotifier } from '../../src/adapters/aws/sns-notifier.ts';
import { defineDeployment } from '../../src/config/loader.ts';
import { eventSource } from '../../src/config/plan/names.ts';
import { type FailoverEvent, newEvent } from '../../src/core/alerting/event.ts';
import { describeOnMoto } from '../support/on-moto.ts';
import { SimAccount } from '../support/sim-account.ts';
import { type Answering, faultOf, jsonError, standIn, xml, xmlError } from '../support/stand-in.ts';
import { zones } from '../unit/config/shop.fixture.ts';

type Notifier = Pick<SnsNotifier, 'notify'>;

const home = 'us-east-1';
const failover = newEvent('failover', 'web', 'web moved from left to right', { data: { epoch: 2 } });
const down = newEvent('verdict-changed', 'web', 'left is down', { site: 'left', data: { verdict: 'down' } });

const messageOf = (deployment: string, region: string, { kind, detail }: FailoverEvent) => ({
  subject: `${deployment} ${kind}`,
  body: `${region}: ${detail}`,
});

/** Somebody to tell, and what was told, by the sentence of each event. */
interface Audience {
  readonly notifier: Notifier;
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
      notifier: new LambdaNotifier(clients, 'shop', home),
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
    return {
      notifier: new SnsNotifier(clients(), { deployment: 'shop', region: home, topicArn, messageOf }),
      heard: async () => {
        const messages = seen.map(({ body }) => JSON.parse(body)).filter(({ Type }) => Type === 'Notification');
        const details = messages.map(({ Message }) => String(Message).replace(`${home}: `, ''));
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

    await new LambdaNotifier(clients, 'shop', home).notify(failover);

    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toBe('/2015-03-31/functions/shop-failover-notify/invocations');
    expect(seen[0]?.headers['x-amz-invocation-type']).toBe('Event');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ region: home, deployment: 'shop', event: failover });
  });

  it.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['AccessDeniedException', 403, 'denied'],
    ['ResourceNotFoundException', 404, 'unavailable'],
  ] as const)('says of %s (status %i) that it is %s', async (code, status, kind) => {
    const { clients } = await standIn([home], (_seen, response) => jsonError(response, code, status));

    expect((await faultOf(() => new LambdaNotifier(clients, 'shop', home).notify(failover))).kind).toBe(kind);
  });
});

describe('SnsNotifier on the wire', () => {
  const topicArn = `arn:aws:sns:${home}:123456789012:shop-failover`;
  const published = '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>';
  const taken = { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] };

  /** An account in which each of the two services answers in its own way. */
  async function open({ sns, events }: { readonly sns?: Answering; readonly events?: Answering } = {}) {
    const isEvents = (headers: Readonly<Record<string, unknown>>) =>
      String(headers['x-amz-target'] ?? '').includes('PutEvents');
    const { clients, seen } = await standIn(
      [home],
      (request, response, index) => {
        if (isEvents(request.headers)) {
          if (events) events(request, response, index);
          else response.end(JSON.stringify(taken));
        } else if (sns) sns(request, response, index);
        else xml(response, published);
      },
      { callDeadlineMs: 300 },
    );
    const notifier = new SnsNotifier(clients, { deployment: 'shop', region: home, topicArn, messageOf });
    return {
      notifier,
      messages: () => seen.filter(({ headers }) => !isEvents(headers)).map(({ form }) => form),
      events: () => seen.filter(({ headers }) => isEvents(headers)).map(({ body }) => JSON.parse(body)),
    };
  }

  it('publishes the words to the topic', async () => {
    const { notifier, messages } = await open();

    await notifier.notify(failover);

    expect(messages()).toEqual([
      expect.objectContaining({
        Action: 'Publish',
        TopicArn: topicArn,
        Subject: 'shop failover',
        Message: 'us-east-1: web moved from left to right',
      }),
    ]);
  });

  it('puts the event on the default bus, for machines', async () => {
    const { notifier, events } = await open();

    await notifier.notify(failover);

    const [{ Entries: entries }] = events();
    expect(events()).toHaveLength(1);
    expect(entries).toEqual([{ Source: 'cdk-failover', DetailType: 'failover', Detail: expect.any(String) }]);
    expect(JSON.parse(entries[0].Detail)).toEqual({ deployment: 'shop', region: home, ...failover });
  });

  it.each([
    ['Throttled', 429, 'throttled'],
    ['AuthorizationError', 403, 'denied'],
    ['InvalidParameter', 400, 'invalid'],
    ['NotFound', 404, 'unavailable'],
    ['InternalError', 500, 'unavailable'],
  ] as const)('says of %s (status %i) of SNS that it is %s, after the event was sent', async (code, status, kind) => {
    const { notifier, events } = await open({ sns: (_seen, response) => xmlError(response, code, status) });

    expect((await faultOf(() => notifier.notify(failover))).kind).toBe(kind);
    expect(events()).toHaveLength(1);
  });

  it('fails when EventBridge does not answer, after the message was sent', async () => {
    const { notifier, messages } = await open({ events: () => {} });

    expect((await faultOf(() => notifier.notify(failover))).kind).toBe('timeout');
    expect(messages()).toHaveLength(1);
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

    expect(await faultOf(() => notifier.notify(failover))).toEqual({ kind, detail: expect.stringContaining(code) });
    expect(messages()).toHaveLength(1);
  });

  it('reports only after both have ended, when one fails at once', async () => {
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

    await faultOf(() => notifier.notify(failover));

    expect(isPublished).toBe(true);
  });
});
