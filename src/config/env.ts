import { FailoverError } from '../core/errors.ts';

/** The environment variables of a deployed function. */
export interface LambdaEnv {
  /** Region of the function. */
  readonly region: string;
  /** Topic that people subscribe to; null for every function but `notify`. */
  readonly topicArn: string | null;
  /** Memory of the function in MiB; null where nothing says so. */
  readonly memoryMb: number | null;
}

/**
 * The environment of a deployed function.
 *
 * @throws {FailoverError} CONFIG when Lambda did not say where the function runs
 */
export function readLambdaEnv(): LambdaEnv {
  const { AWS_REGION: region, TOPIC_ARN: topicArn, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory } = process.env;
  if (!region) throw new FailoverError('CONFIG', 'AWS_REGION is not set: this runs in AWS Lambda');
  return { region, topicArn: topicArn ?? null, memoryMb: memory ? Number(memory) : null };
}

/**
 * The endpoint that the environment names for a service of AWS, for a request that no client of the SDK makes; null
 * where it names none. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
 *
 * @param service - its id in capitals, such as `FIS`
 */
export function readEndpointUrl(service: string): string | null {
  const { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: isIgnored, AWS_ENDPOINT_URL: ofAll } = process.env;
  if (isIgnored === 'true') return null;
  return process.env[`AWS_ENDPOINT_URL_${service}`] || ofAll || null;
}

/** Whether the terminal says that it obeys nothing but line feeds, as in an editor or a build log. */
export function isDumbTerminal(): boolean {
  return process.env.TERM === 'dumb';
}

/** The profile that AWS credentials are taken from by name; null when none is named. */
export function readProfile(): string | null {
  return process.env.AWS_PROFILE || null;
}
