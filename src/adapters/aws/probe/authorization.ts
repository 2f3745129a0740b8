import type { HttpAuth } from '../../../core/model/probe.ts';
import { PortError } from '../../../ports/port-error.ts';

/** What a secret makes of the header `Authorization`. */
export interface Authorization {
  readonly header: string;
  /** Texts that must not be repeated anywhere, the longest first. */
  readonly hidden: readonly string[];
}

/**
 * The header `Authorization` that a secret makes.
 *
 * For `bearer` the secret is the token, or JSON with `token`; for `basic` it is `user:password`, or JSON with
 * `username` and `password`, as Secrets Manager makes it for databases.
 *
 * @throws {PortError} `invalid`, without a word of the secret, when it is neither
 */
export function authorizationOf(auth: HttpAuth, secret: string): Authorization {
  return 'bearer' in auth ? bearerOf(secret) : basicOf(secret);
}

function bearerOf(secret: string): Authorization {
  const json = jsonIn(secret);
  const token = json === null ? secret : json.token;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid('it is no token of printable characters, nor JSON with `token`');
  }
  return { header: `Bearer ${token}`, hidden: [token] };
}

function basicOf(secret: string): Authorization {
  const json = jsonIn(secret);
  const colon = secret.indexOf(':');
  const user = json === null ? secret.slice(0, Math.max(0, colon)) : json.username;
  const password = json === null ? secret.slice(colon + 1) : json.password;
  const isMissing = json === null && colon < 1;
  if (isMissing || typeof user !== 'string' || typeof password !== 'string' || user === '' || user.includes(':')) {
    throw invalid('it is not user:password, nor JSON with `username` and `password`');
  }
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return { header: `Basic ${credentials}`, hidden: [credentials, password].filter((each) => each !== '') };
}

function jsonIn(secret: string): Readonly<Record<string, unknown>> | null {
  if (!secret.startsWith('{')) return null;
  try {
    return JSON.parse(secret) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}

function invalid(detail: string): PortError {
  return new PortError({ kind: 'invalid', detail });
}
