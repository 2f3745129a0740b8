import { FailoverError } from '../core/errors.ts';

/** The environment variables of a deployed function. */
export interface LambdaEnv {
  /** Region of the function. */
  readonly region: string;
  /** Topic that people subscribe to; null for every function but `notify`. */
  readonly topicArn: string | null;
}

/**
 * The environment of a deployed function.
 *
 * @throws {FailoverError} CONFIG when Lambda did not say where the function runs
 */
export function readLambdaEnv(): LambdaEnv {
  const { AWS_REGION: region, TOPIC_ARN: topicArn } = process.env;
  if (!region) throw new FailoverError('CONFIG', 'AWS_REGION is not set: this runs in AWS Lambda');
  return { region, topicArn: topicArn ?? null };
}
