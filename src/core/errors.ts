/** Every code an error of this project can carry; scripts may rely on them. */
export type ErrorCode =
  | 'INVARIANT'
  | 'CONFIG'
  | 'SCENARIO'
  | 'USAGE'
  | 'NO_MAJORITY'
  | 'NOT_RUNNING'
  | 'TARGET'
  | 'FAULT';

/** Base of every error that this project throws on purpose. */
export class FailoverError extends Error {
  override readonly name: string = 'FailoverError';
  /** What sort of error it is, for programs. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later although nobody changes anything. */
  readonly isRetryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly isRetryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
  }
}

/** The core's own caller broke an invariant. The code is wrong, so it stops acting. */
export class InvariantError extends FailoverError {
  override readonly name = 'InvariantError';

  constructor(message: string) {
    super('INVARIANT', message);
  }
}
