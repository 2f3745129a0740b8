import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { AwsClients, type AwsClientsOptions } from '../../src/adapters/aws/clients.ts';
import type { Fault } from '../../src/core/fault.ts';
import { PortError } from '../../src/ports/port-error.ts';

/** One request as an AWS service would see it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Fields of a body in the form that EC2 and SNS take. */
  readonly form: Readonly<Record<string, string>>;
}

/** Answers one request; `index` counts from 0. */
export type Answering = (seen: Seen, response: ServerResponse, index: number) => void;

/** A server in the place of AWS, until the test ends. */
export interface StandIn {
  readonly url: string;
  readonly clients: AwsClients;
  readonly seen: readonly Seen[];
}

/** Deadline of a call that is answered: far off, so that a busy machine does not end it first. */
const answerMs = 60_000;

/** @param regions - those whose every service the server stands in for */
export async function standIn(
  regions: readonly string[],
  answer: Answering,
  options: Omit<AwsClientsOptions, 'endpoints'> = {},
): Promise<StandIn> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const body = Buffer.concat(chunks).toString();
      const one = { method, path, headers, body, form: Object.fromEntries(new URLSearchParams(body)) };
      seen.push(one);
      answer(one, response, seen.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = new AwsClients({
    callDeadlineMs: answerMs,
    ...options,
    endpoints: Object.fromEntries(regions.map((region) => [region, url])),
  });
  onTestFinished(async () => {
    clients.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  return { url, clients, seen };
}

/** Answers XML, as EC2, Route 53 and SNS do. */
export function xml(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}

/** A refusal in the form of EC2. */
export function ec2Error(response: ServerResponse, code: string, status = 400): void {
  const error = `<Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors>`;
  xml(response, `<Response>${error}<RequestID>r</RequestID></Response>`, status);
}

/** A refusal in the form of Route 53 and SNS. */
export function xmlError(response: ServerResponse, code: string, status = 400): void {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error>`;
  xml(response, `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`, status);
}

/** A refusal in the form of Lambda, EventBridge and Systems Manager. */
export function jsonError(response: ServerResponse, code: string, status = 400): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ __type: code, Message: 'no', message: 'no' }));
}

/** The fault with which the action fails; an action that does not fail this way fails the test. */
export async function faultOf(action: () => Promise<unknown>): Promise<Fault> {
  const error = await action().then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  return error.fault;
}
