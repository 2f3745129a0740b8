import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CannedAnswer, DeployedFunctions } from './aws-functions.ts';

/** What becomes of the requests to one service of one region. */
export type RaisedAlert = 'dark' | 'denied' | 'throttled' | 'expired';

const scope = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * What moto has no answer to: limits of an account that has room, and a zone by an id that a configuration may name,
 * with the record of a deployment. Nobody may read the zone itself, so that no resolver is asked. Source: API
 * References of Lambda and Route 53.
 */
const unknownToMoto: readonly (CannedAnswer & { readonly path: string })[] = [
  {
    path: '/account-settings',
    status: 200,
    type: 'application/json',
    body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 900 } }),
  },
  {
    path: '/accountlimit/MAX_HEALTH_CHECKS_BY_OWNER',
    status: 200,
    type: 'text/xml',
    body: '<GetAccountLimitResponse><Limit><Type>MAX_HEALTH_CHECKS_BY_OWNER</Type><Value>200</Value></Limit><Count>20</Count></GetAccountLimitResponse>',
  },
  {
    path: '/hostedzone/Z0EXAMPLE/rrset',
    status: 200,
    type: 'text/xml',
    body: '<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>www.shop.example.</Name><Type>A</Type><AliasTarget><HostedZoneId>Z0EXAMPLE</HostedZoneId><DNSName>v0abc123.www.shop.example.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>',
  },
  {
    path: '/hostedzone/Z0EXAMPLE',
    type: 'text/xml',
    status: 403,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: alice is not authorized to perform: route53:GetHostedZone on resource: x</Message></Error></ErrorResponse>',
  },
];

/**
 * Stands between the command line and moto: tells region and service from the signature, and makes trouble.
 *
 * Troubles are by `service/region`, such as `dynamodb/us-west-2`.
 */
export class RegionProxy {
  readonly raisedAlerts: Readonly<Record<string, RaisedAlert>>;
  /** `service/region` of everything that was asked. */
  readonly asked = new Set<string>();
  readonly #upstream: string;
  readonly #functions: DeployedFunctions;
  readonly #server: Server;

  constructor(upstream: string, raisedAlerts: Readonly<Record<string, RaisedAlert>>, functions: DeployedFunctions) {
    this.#upstream = upstream;
    this.#functions = functions;
    this.raisedAlerts = raisedAlerts;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [, region = '?', service = '?'] = scope.exec(incoming.headers.authorization ?? '') ?? [];
    this.asked.add(`${service}/${region}`);
    const body = await readAll(incoming);
    const raisedAlert = this.raisedAlerts[`${service}/${region}`];
    // Nothing is ever answered; the connection stays open.
    if (raisedAlert === 'dark') return;
    if (raisedAlert !== undefined) {
      answer(
        outgoing,
        service,
        raisedAlert,
        String(incoming.headers['x-amz-target'] ?? '')
          .split('.')
          .at(-1) ?? '',
        region,
      );
      return;
    }
    const form = Object.fromEntries(new URLSearchParams(body.toString()));
    const path = incoming.url?.split('?')[0] ?? '';
    const known =
      (await this.#functions.answerTo({ host: incoming.headers.host ?? '', region, path, form })) ??
      unknownToMoto.find((one) => path.includes(one.path));
    if (known !== undefined) {
      outgoing.writeHead(known.status, { 'content-type': known.type }).end(known.body);
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !['connection', 'content-length', 'host'].includes(name)),
    ) as Record<string, string>;
    const reply = await fetch(`${this.#upstream}${incoming.url}`, {
      method: incoming.method ?? 'POST',
      headers,
      ...(body.length > 0 ? { body } : {}),
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    outgoing.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' }).end(bytes);
  }
}

/** As AWS puts it: DynamoDB in JSON, STS in XML. */
function answer(
  outgoing: ServerResponse,
  service: string,
  raisedAlert: RaisedAlert,
  action: string,
  region: string,
): void {
  const [code, message] = {
    dark: ['', ''],
    denied:
      service === 'sts'
        ? ['AccessDenied', 'User is not authorized to perform: sts:GetCallerIdentity with an explicit deny']
        : [
            'AccessDeniedException',
            `User: arn:aws:iam::123456789012:user/alice is not authorized to perform: dynamodb:${action} on resource: arn:aws:dynamodb:${region}:123456789012:table/x because no identity-based policy allows it`,
          ],
    throttled: ['ThrottlingException', 'Rate of requests exceeds the allowed throughput.'],
    expired: ['ExpiredToken', 'The security token included in the request is expired'],
  }[raisedAlert] as [string, string];
  if (service === 'sts') {
    outgoing
      .writeHead(403, { 'content-type': 'text/xml' })
      .end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    return;
  }
  outgoing
    .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message }));
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
