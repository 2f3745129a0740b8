/** What was read of AWS, or why nothing was. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** `why` in words, such as `access denied: sns:ListSubscriptionsByTopic`. */
  | { readonly kind: 'unread'; readonly why: string };
