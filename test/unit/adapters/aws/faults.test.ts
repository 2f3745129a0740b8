import { describe, expect, it } from 'vitest';
import { isBrokenConnection, toPortError } from '../../../../src/adapters/aws/faults.ts';
import { PortError } from '../../../../src/ports/port-error.ts';

/** An error as the SDK throws it. */
function sdkError(name: string, traits: { readonly code?: string; readonly status?: number } = {}): Error {
  return Object.assign(new Error('said so'), {
    name,
    ...(traits.code === undefined ? {} : { code: traits.code }),
    ...(traits.status === undefined ? {} : { $metadata: { httpStatusCode: traits.status } }),
  });
}

describe('toPortError', () => {
  it.each([
    ['ProvisionedThroughputExceededException', 'throttled'],
    ['ThrottlingException', 'throttled'],
    ['Throttling', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['PriorRequestNotComplete', 'throttled'],
    ['AccessDeniedException', 'denied'],
    ['AccessDenied', 'denied'],
    ['AuthorizationErrorException', 'denied'],
    ['NotAuthorizedForSourceException', 'denied'],
    ['UnauthorizedOperation', 'denied'],
    ['ExpiredTokenException', 'denied'],
    ['ExpiredToken', 'denied'],
    ['UnrecognizedClientException', 'denied'],
    ['CredentialsProviderError', 'denied'],
    ['TimeoutError', 'timeout'],
    ['AbortError', 'timeout'],
    ['ValidationException', 'invalid'],
    ['InvalidParameterValue', 'invalid'],
    ['InvalidAllocationID.NotFound', 'invalid'],
    ['InvalidInstanceID.NotFound', 'invalid'],
    ['InvalidGroup.NotFound', 'invalid'],
    ['InvalidRoute.NotFound', 'invalid'],
    ['InvalidRouteTableID.NotFound', 'invalid'],
    ['InvalidChangeBatch', 'invalid'],
    ['NoSuchHostedZone', 'invalid'],
    ['ParameterNotFound', 'invalid'],
    ['ClusterNotFoundException', 'invalid'],
    ['ServiceNotFoundException', 'invalid'],
    ['ServiceNotActiveException', 'invalid'],
    ['InvalidLoadBalancerActionException', 'invalid'],
    ['OperationNotPermittedException', 'invalid'],
    ['ReplicationGroupNotFoundFault', 'invalid'],
    ['ManagedRuleException', 'invalid'],
    ['TooManyUpdates', 'throttled'],
    ['InvalidGlobalClusterStateFault', 'unavailable'],
    ['ScalingActivityInProgressFault', 'unavailable'],
    ['InsufficientInstanceCapacity', 'unavailable'],
    ['ResourceNotFoundException', 'unavailable'],
    ['InternalServerError', 'unavailable'],
    ['ServiceUnavailable', 'unavailable'],
    ['SomethingNew', 'unavailable'],
  ] as const)('says %s is %s', (name, kind) => {
    expect(toPortError(sdkError(name)).fault.kind).toBe(kind);
  });

  it.each([
    ['ECONNREFUSED', 'unavailable'],
    ['ECONNRESET', 'unavailable'],
    ['EPIPE', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['ETIMEDOUT', 'timeout'],
  ] as const)('goes by the code %s of the socket, whatever name the SDK gave the error', (code, kind) => {
    expect(toPortError(sdkError('TimeoutError', { code })).fault.kind).toBe(kind);
  });

  it.each([
    [403, 'denied'],
    [429, 'throttled'],
    [400, 'unavailable'],
    [503, 'unavailable'],
  ] as const)('goes by status %i when the name says nothing', (status, kind) => {
    expect(toPortError(sdkError('UnknownError', { status })).fault.kind).toBe(kind);
  });

  it('takes a deadline for a timeout', async () => {
    const signal = AbortSignal.timeout(1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));

    expect(toPortError(signal.reason).fault.kind).toBe('timeout');
  });

  it('keeps the error as the cause and names it in the detail', () => {
    const cause = sdkError('ValidationException');

    const error = toPortError(cause);

    expect(error).toBeInstanceOf(PortError);
    expect(error.cause).toBe(cause);
    expect(error.fault.detail).toBe('ValidationException: said so');
  });

  it.each([
    ['throttled', 'ThrottlingException', true],
    ['timeout', 'TimeoutError', true],
    ['unavailable', 'InternalServerError', true],
    ['denied', 'AccessDeniedException', false],
    ['invalid', 'ValidationException', false],
  ] as const)('%s can be retried, as after %s: %s', (_kind, name, isRetryable) => {
    expect(toPortError(sdkError(name)).isRetryable).toBe(isRetryable);
  });

  it('bounds the detail', () => {
    expect(toPortError(new Error('x'.repeat(10_000))).fault.detail).toHaveLength(200);
  });

  it('leaves a PortError as it is', () => {
    const error = new PortError({ kind: 'invalid', detail: 'no item' });

    expect(toPortError(error)).toBe(error);
  });

  it.each([['text'], [undefined], [null], [42], [{ name: 7, code: {} }]])(
    'takes %j, which is no error at all',
    (thrown) => {
      expect(toPortError(thrown).fault.kind).toBe('unavailable');
    },
  );
});

describe('isBrokenConnection', () => {
  it.each([
    ['ECONNRESET', true],
    ['EPIPE', true],
    ['ECONNREFUSED', false],
    ['ETIMEDOUT', false],
    [undefined, false],
  ])('code %s: %s', (code, isBroken) => {
    expect(isBrokenConnection(sdkError('TimeoutError', code === undefined ? {} : { code }))).toBe(isBroken);
  });
});
