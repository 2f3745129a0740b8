/**
 * What of a request over HTTP matters, in the three forms in which Lambda hands it to a function.
 *
 * A function URL and an HTTP API (format 2.0) say `rawPath` and `requestContext.http.method`; a REST API (format 1.0)
 * and a load balancer say `path` and `httpMethod`. Sources: Lambda Developer Guide, "Invoking Lambda function URLs";
 * API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway"; Elastic Load
 * Balancing, "Use Lambda functions as targets of an Application Load Balancer".
 */
export interface HttpEvent {
  readonly rawPath?: string;
  readonly path?: string;
  readonly httpMethod?: string;
  readonly requestContext?: { readonly http?: { readonly method?: string }; readonly elb?: object };
  /** Of a load balancer whose target group has multi-value headers switched on, instead of `headers`. */
  readonly multiValueHeaders?: object | null;
}

/** What a function answers with; it has a body for clients' endpoints only. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  /** Of answers to a load balancer, which wants it. */
  readonly isBase64Encoded?: false;
}

/**
 * The request in an event.
 *
 * @param basePath - what stands before the path that is meant: a prefix of a load balancer's rule, a stage or a mapping
 *   of an API. A REST API leaves its stage out, so a path without the prefix is taken as it is
 */
export function requestIn(event: HttpEvent, basePath: string): { readonly method: string; readonly path: string } {
  const path = event.rawPath ?? event.path ?? '';
  const isBelow = basePath !== '' && path.startsWith(`${basePath}/`);
  return {
    method: event.requestContext?.http?.method ?? event.httpMethod ?? '',
    path: isBelow ? path.slice(basePath.length) : path,
  };
}

/**
 * An answer in the form that whoever sent the event takes. A load balancer that sends multi-value headers reads no
 * others. Source: as above, "Multi-value headers" and "Respond to the load balancer".
 */
export function answerFor(event: HttpEvent, answer: HttpAnswer): HttpAnswer {
  if (event.requestContext?.elb === undefined) return answer;
  const many = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, [value]]));
  return {
    ...answer,
    ...(event.multiValueHeaders ? { multiValueHeaders: many } : {}),
    isBase64Encoded: false,
  };
}

/** Whether a method only reads. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** An answer that nothing may keep, without a body. */
export function plainAnswer(statusCode: number): HttpAnswer {
  return { statusCode, headers: { 'cache-control': 'no-store' } };
}
