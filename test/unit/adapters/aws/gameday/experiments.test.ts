import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AwsClients } from '../../../../../src/adapters/aws/clients.ts';
import { Experiments } from '../../../../../src/adapters/aws/gameday/experiments.ts';
import { readEndpointUrl } from '../../../../../src/config/env.ts';

interface Asked {
  readonly line: string;
  readonly authorization: string;
  readonly body: unknown;
}

/** A stand-in of FIS on loopback, whose answers are given by method and path. */
async function fisThat(answers: Readonly<Record<string, readonly [number, unknown]>>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url?.split('?')[0]}`;
    asked.push({ line, authorization: request.headers.authorization ?? '', body: await bodyOf(request) });
    const [status, body] = answers[line] ?? [404, { message: 'no such thing' }];
    const type =
      status < 400
        ? {}
        : { 'x-amzn-errortype': status === 404 ? 'ResourceNotFoundException:' : 'AccessDeniedException' };
    response.writeHead(status, { 'content-type': 'application/json', ...type });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clients = new AwsClients({
    endpoints: { 'us-east-1': `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    callDeadlineMs: 5_000,
  });
  onTestFinished(() => {
    clients.close();
    server.closeAllConnections();
    server.close();
  });
  return { experiments: new Experiments(clients, 'us-east-1'), asked };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

const experiment = (status: string) => ({ experiment: { id: 'EXP1', state: { status, reason: 'why' } } });

test('an experiment is started, read and stopped by signed requests', async () => {
  const { experiments, asked } = await fisThat({
    'POST /experiments': [200, experiment('initiating')],
    'GET /experiments/EXP1': [200, experiment('running')],
    'DELETE /experiments/EXP1': [200, experiment('stopping')],
  });

  const started = await experiments.start('EXT1', 'token-1');
  const read = await experiments.read('EXP1');
  const stopped = await experiments.stop('EXP1');

  expect([started, read, stopped].map(({ status }) => status)).toEqual(['initiating', 'running', 'stopping']);
  expect(started).toMatchObject({ id: 'EXP1', reason: 'why' });
  expect(asked[0]?.body).toEqual({
    clientToken: 'token-1',
    experimentTemplateId: 'EXT1',
    tags: { 'cdk-failover:gameday': 'token-1' },
  });
  for (const { authorization } of asked)
    expect(authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/us-east-1\/fis\/aws4_request/);
});

test('a template says what it does and to what', async () => {
  const { experiments } = await fisThat({
    'GET /experimentTemplates/EXT1': [
      200,
      {
        experimentTemplate: {
          description: 'stop web',
          actions: { one: { actionId: 'aws:ec2:stop-instances' } },
          targets: {
            all: { resourceType: 'aws:ec2:instance', resourceTags: { site: 'virginia' }, selectionMode: 'ALL' },
          },
          stopConditions: [{ source: 'aws:cloudwatch:alarm', value: 'arn:alarm' }, { source: 'none' }],
        },
      },
    ],
  });

  expect(await experiments.readTemplate('EXT1')).toEqual({
    id: 'EXT1',
    description: 'stop web',
    actions: ['aws:ec2:stop-instances'],
    targets: ['aws:ec2:instance site=virginia (ALL)'],
    stopAlarms: ['arn:alarm'],
  });
});

test('an experiment whose start was not answered is found by its token, where there is one', async () => {
  const page = { experiments: [{ id: 'EXP0', state: { status: 'completed' }, tags: {} }] };
  const { experiments, asked } = await fisThat({ 'GET /experiments': [200, page] });

  expect(await experiments.find('EXT1', 'token-1')).toBeNull();
  const mine = { id: 'EXP7', state: { status: 'running' }, tags: { 'cdk-failover:gameday': 'token-1' } };
  page.experiments.push(mine as never);
  expect(await experiments.find('EXT1', 'token-1')).toEqual({ id: 'EXP7', status: 'running', reason: '' });
  expect(asked).toHaveLength(2);
});

test.each([
  ['a template that is not there is a mistake of the caller', 404, 'invalid'],
  ['a missing right is said as such', 403, 'denied'],
])('%s', async (_, status, kind) => {
  const { experiments } = await fisThat({ 'GET /experimentTemplates/EXT9': [status, { message: 'not so' }] });

  await expect(experiments.readTemplate('EXT9')).rejects.toMatchObject({
    fault: { kind, detail: expect.stringContaining('not so') },
  });
});

test('an answer of another shape is a fault and no experiment', async () => {
  const { experiments } = await fisThat({
    'GET /experiments/EXP1': [200, { experiment: { id: 'EXP1', state: { status: 'odd' } } }],
  });

  await expect(experiments.read('EXP1')).rejects.toMatchObject({ fault: { kind: 'invalid' } });
});

test('an endpoint that is set for CloudWatch alone is not asked for experiments', async () => {
  const { experiments, asked } = await fisThat({ 'GET /experiments/EXP1': [200, experiment('running')] });
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', 'http://127.0.0.1:1');
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(await experiments.read('EXP1')).toMatchObject({ status: 'running' });
  expect(asked).toHaveLength(1);
});

test.each([
  [{ AWS_ENDPOINT_URL_FIS: 'http://a', AWS_ENDPOINT_URL: 'http://b' }, 'http://a'],
  [{ AWS_ENDPOINT_URL: 'http://b', AWS_ENDPOINT_URL_CLOUDWATCH: 'http://c' }, 'http://b'],
  [{ AWS_ENDPOINT_URL: 'http://b', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, null],
  [{}, null],
])('the environment names the endpoint of FIS: %o', (variables, url) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(readEndpointUrl('FIS')).toBe(url);
});
