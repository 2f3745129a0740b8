import type { ProxyAnswer } from './fault-proxy.ts';

const message = 'Rate exceeded';

/** What a service answers when there were too many requests, in its own form. */
export function throttlingAnswer(service: string): ProxyAnswer {
  switch (service) {
    case 'ec2':
      return xml(
        503,
        `<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>${message}</Message></Error></Errors><RequestID>e2e</RequestID></Response>`,
      );
    case 'autoscaling':
    case 'elasticloadbalancing':
    case 'route53':
    case 'sns':
    case 'sts':
      return xml(
        400,
        `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>${message}</Message></Error><RequestId>e2e</RequestId></ErrorResponse>`,
      );
    case 'lambda':
      return json(429, 'TooManyRequestsException', { Reason: 'CallerRateLimitExceeded', message });
    default:
      return json(400, 'ThrottlingException', { __type: 'ThrottlingException', message });
  }
}

function xml(status: number, body: string): ProxyAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
}

function json(status: number, errorType: string, body: unknown): ProxyAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': errorType },
    body: Buffer.from(JSON.stringify(body)),
  };
}
