/** What was read of AWS, or why nothing was. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** `why` in words, such as `access denied: sns:ListSubscriptionsByTopic`. */
  | { readonly kind: 'unread'; readonly why: string };

/** What to do where something could not be read. */
export const unreadTodo = 'see whether it is reachable from here, and allowed to you: docs/help/operator-rights.md';
