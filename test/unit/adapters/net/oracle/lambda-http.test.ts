import { describe, expect, it, test } from 'vitest';
import { answerFor, type HttpEvent, requestIn } from '../../../../../src/adapters/net/oracle/lambda-http.ts';

const path = '/v1/0123456789ab/0123456789ab';
const balancer = { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/votes/1' } };

describe('a request', () => {
  it.each<[string, HttpEvent, string]>([
    ['a function URL', { rawPath: path, requestContext: { http: { method: 'GET' } } }, ''],
    ['an HTTP API with a stage', { rawPath: `/prod${path}`, requestContext: { http: { method: 'GET' } } }, '/prod'],
    ['a REST API, which leaves its stage out', { path, httpMethod: 'GET', requestContext: {} }, '/prod'],
    ['a load balancer', { path, httpMethod: 'GET', requestContext: balancer }, ''],
    ['a load balancer with a prefix', { path: `/a/b${path}`, httpMethod: 'GET', requestContext: balancer }, '/a/b'],
  ])('is read from the event of %s', (_, event, basePath) => {
    expect(requestIn(event, basePath)).toEqual({ method: 'GET', path });
  });

  it('keeps a path that only looks like the prefix', () => {
    expect(requestIn({ path: '/products', httpMethod: 'GET' }, '/prod').path).toBe('/products');
  });

  it('of an event that is none has no method and no path', () => {
    expect(requestIn({}, '')).toEqual({ method: '', path: '' });
  });
});

const said = { statusCode: 200, headers: { 'cache-control': 'no-store' } };

test('a load balancer is told that the answer is no Base64, and its headers in the form that it asked in', () => {
  expect(answerFor({ requestContext: balancer }, said)).toEqual({ ...said, isBase64Encoded: false });
  expect(answerFor({ requestContext: balancer, multiValueHeaders: {} }, said)).toEqual({
    ...said,
    multiValueHeaders: { 'cache-control': ['no-store'] },
    isBase64Encoded: false,
  });
});

test('a function URL and an API are told nothing more', () => {
  expect(answerFor({ requestContext: { http: { method: 'GET' } } }, said)).toEqual(said);
  expect(answerFor({ requestContext: {}, multiValueHeaders: {} }, said)).toEqual(said);
});
