import type { Fault } from '../../core/fault.ts';
import { PortError } from '../../ports/port-error.ts';

/** Longest detail of a fault, in characters; it goes into logs and notifications. */
export const detailLengthMax = 200;

/**
 * Kind of fault by the name of the SDK's error. An error that is not listed is `unavailable`, also for a missing table
 * or function: a failing region answers with many codes, and few of them mean a mistake of the caller. An id that EC2,
 * ECS, ElastiCache, Elastic Load Balancing, RDS or Route 53 does not know is a mistake of the caller: a repetition does
 * not help, and a fallback should not wait.
 *
 * Sources: the errors of the DynamoDB, EC2, ECS, ElastiCache, Elastic Load Balancing, Lambda, RDS, Route 53, SNS,
 * EventBridge and Systems Manager API references; the SDK's own lists in `@smithy/core/retry`.
 */
const kindByName: ReadonlyMap<string, Fault['kind']> = new Map([
  ...named('throttled', [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'TooManyUpdates',
  ]),
  ...named('denied', [
    'AccessDenied',
    'AccessDeniedException',
    'AuthFailure',
    'AuthorizationError',
    'AuthorizationErrorException',
    'Blocked',
    'CredentialsProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'IncompleteSignature',
    'IncompleteSignatureException',
    'InvalidClientTokenId',
    'InvalidSecurity',
    'InvalidSecurityException',
    'InvalidSignatureException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'NotAuthorized',
    'NotAuthorizedForSourceException',
    'OptInRequired',
    'PendingVerification',
    'RequestExpired',
    'SignatureDoesNotMatch',
    'UnauthorizedOperation',
    'UnrecognizedClientException',
  ]),
  ...named('timeout', ['AbortError', 'RequestTimeout', 'RequestTimeoutException', 'TimeoutError']),
  ...named('invalid', [
    'ClusterNotFoundException',
    'ClusterNotFoundFault',
    'DBClusterNotFoundFault',
    'DBInstanceNotFound',
    'DBInstanceNotFoundFault',
    'EndpointGroupNotFoundException',
    'GlobalClusterNotFoundFault',
    'GlobalReplicationGroupNotFoundFault',
    'IncompatibleProtocolsException',
    'InvalidAllocationID.NotFound',
    'InvalidArgumentException',
    'InvalidChangeBatch',
    'InvalidConfigurationRequestException',
    'InvalidGroup.NotFound',
    'InvalidGroupId.Malformed',
    'InvalidInput',
    'InvalidInstanceID.Malformed',
    'InvalidInstanceID.NotFound',
    'InvalidNetworkInterfaceID.NotFound',
    'InvalidRoute.NotFound',
    'InvalidRouteTableID.NotFound',
    'InvalidLoadBalancerActionException',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterCombinationException',
    'InvalidParameterException',
    'InvalidParameterValue',
    'InvalidParameterValueException',
    'InvalidRequestContentException',
    'InvalidTargetException',
    'ListenerNotFoundException',
    'ManagedRuleException',
    'MissingParameter',
    'NoSuchHealthCheck',
    'NoSuchHostedZone',
    'NoSuchMultiRegionAccessPoint',
    'OperationNotPermittedException',
    'ParameterNotFound',
    'ReplicationGroupNotFoundFault',
    'RequestTooLargeException',
    'RuleNotFoundException',
    'SerializationException',
    'ServiceNotActiveException',
    'ServiceNotFoundException',
    'TargetGroupAssociationLimitException',
    'TargetGroupNotFoundException',
    'TooManyActionsException',
    'TooManyUniqueTargetGroupsPerLoadBalancerException',
    'UnsupportedProtocolException',
    'ValidationError',
    'ValidationException',
  ]),
]);

/**
 * Kind of fault by the code of a socket's error. The SDK names some of these `TimeoutError`, so they are looked at
 * first.
 */
const kindByCode: ReadonlyMap<string, Fault['kind']> = new Map([
  ...named('timeout', ['ETIMEDOUT', 'ESOCKETTIMEDOUT']),
  ...named('unavailable', [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ]),
]);

/** Status that any AWS service may answer instead of a named error. */
const kindByStatus: ReadonlyMap<number, Fault['kind']> = new Map([
  [403, 'denied'],
  [429, 'throttled'],
]);

/**
 * Translates an error of an SDK call to a `PortError` with that error as its cause. A `PortError` is returned as it is.
 */
export function toPortError(error: unknown): PortError {
  if (error instanceof PortError) return error;
  return new PortError({ kind: kindOf(error), detail: detailOf(error) }, error);
}

/** Whether the connection broke during the call, as happens to a connection that was kept open during a freeze. */
export function isBrokenConnection(error: unknown): boolean {
  const { code } = traitsOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function kindOf(error: unknown): Fault['kind'] {
  const { name, code, status } = traitsOf(error);
  return kindByCode.get(code) ?? kindByName.get(name) ?? kindByStatus.get(status) ?? 'unavailable';
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, detailLengthMax);
  const { name, code } = traitsOf(error);
  return `${code || name}: ${error.message}`.slice(0, detailLengthMax);
}

interface Traits {
  readonly name: string;
  /** Of a socket's error; empty when there is none. */
  readonly code: string;
  /** Of the HTTP answer; 0 when there was none. */
  readonly status: number;
}

function traitsOf(error: unknown): Traits {
  const traits = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    name: typeof traits.name === 'string' ? traits.name : '',
    code: typeof traits.code === 'string' ? traits.code : '',
    status: traits.$metadata?.httpStatusCode ?? 0,
  };
}

function named(kind: Fault['kind'], names: readonly string[]): readonly (readonly [string, Fault['kind']])[] {
  return names.map((name) => [name, kind]);
}
