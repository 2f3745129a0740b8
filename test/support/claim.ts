import type { FencingToken } from '../../src/core/register/run.ts';
import type { Claim } from '../../src/ports/state-tables.ts';

/** A first claim of a token, by somebody with one and the same configuration. */
export function claimOf(token: FencingToken, more: Partial<Claim> = {}): Claim {
  return { token, digest: 'aaaa', isAgain: false, ...more };
}
