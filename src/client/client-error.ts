/** Why the client library itself fails; scripts may rely on them. What `fn` throws is handed on as it is. */
export type ClientErrorCode = 'NO_ENDPOINT' | 'TIMEOUT' | 'OPTIONS';

/** What the client library throws on purpose. */
export class ClientError extends Error {
  /** Tells it apart where `instanceof` cannot. */
  override readonly name = 'ClientError';
  /** What sort of error it is, for programs. */
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
