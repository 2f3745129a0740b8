import { FailoverError } from '../core/errors.ts';

/** What a deployed function is told by its environment. */
export interface LambdaEnv {
  /** Region that the function runs in, and speaks for. */
  readonly region: string;
  /** Topic that people subscribe to; only the `notify` function has one. */
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
