/**
 * What a check found.
 *
 * `bad`: a failover would not work now, or would lose what it must not. `doubtful`: it would work, with less margin
 * than was wanted or without recent proof. `unknown`: nobody answered in time, or nobody reports it. `ok`: seen, and
 * right.
 */
export type CheckState = 'ok' | 'bad' | 'doubtful' | 'unknown';

/** Version of what `cdk-failover doctor --json` prints; `doctor.schema.json` is its schema. */
export const checkupVersion = 1;

/** One thing that a failover depends on, and how it is now. */
export interface Check {
  /** What was looked at, such as `quorum`; one name a kind of check. */
  readonly name: string;
  /** What it was looked at of: a region, a service, a site as `web/oregon`, a zone. */
  readonly subject: string;
  readonly state: CheckState;
  /** What was seen, in words. */
  readonly found: string;
  /** One line that says what to do; never null for a check that is `bad`. */
  readonly todo: string | null;
}

/** A check that can be right or wrong, before it is known which. */
export type Asked = Pick<Check, 'name' | 'subject'>;

/** A check that found what shall be. */
export function ok(asked: Asked, found: string): Check {
  return { ...asked, state: 'ok', found, todo: null };
}

/** A check that found something wrong. */
export function bad(asked: Asked, found: string, todo: string): Check {
  return { ...asked, state: 'bad', found, todo };
}

/** A check that found less than was wanted. */
export function doubtful(asked: Asked, found: string, todo: string): Check {
  return { ...asked, state: 'doubtful', found, todo };
}

/** A check without a finding. */
export function unknown(asked: Asked, why: string, todo: string | null = null): Check {
  return { ...asked, state: 'unknown', found: why, todo };
}

/** The states in the order in which people read them. */
export const checkStates: readonly CheckState[] = ['bad', 'doubtful', 'unknown', 'ok'];

/** The same checks, the worst first; equal ones stay in their order. */
export function worstFirst(checks: readonly Check[]): readonly Check[] {
  return checkStates.flatMap((state) => checks.filter((check) => check.state === state));
}

/** Exit code of a checkup: 0 only if nothing is bad. */
export function exitOf(checks: readonly Check[]): 0 | 1 {
  return checks.some(({ state }) => state === 'bad') ? 1 : 0;
}
