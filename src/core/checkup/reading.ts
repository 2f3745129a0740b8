import { type Asked, type Check, unknown } from './check.ts';

/** What was read of AWS, or why nothing was. */
export type Reading<T> = { readonly kind: 'read'; readonly value: T } | Unread;

/** Something that was not read. */
export interface Unread {
  readonly kind: 'unread';
  /** In words, such as `access denied: sns:ListSubscriptionsByTopic`. */
  readonly why: string;
  /** What to do, where that is not to see about reach and rights. */
  readonly todo?: string;
}

/** What to do where something could not be read. */
const unreadTodo = 'see whether it is reachable from here, and allowed to you: docs/help/operator-rights.md';

/**
 * What is in another account is not asked. Whoever asks cannot take the roles there: each trusts one function of the
 * deployment and nobody else (ADR 26).
 */
export function notAsked(account: string): Unread {
  const why = `account ${account} is not asked: its roles trust the functions of the deployment alone`;
  return { kind: 'unread', why, todo: `look at it with credentials of account ${account}` };
}

/**
 * The check of something that was not read.
 *
 * @param of - goes before the reason, such as `of its name servers: `
 */
export function unreadCheck(asked: Asked, { why, todo = unreadTodo }: Unread, of = ''): Check {
  return unknown(asked, `${of}${why}`, todo);
}
