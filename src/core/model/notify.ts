/** Where messages for people and machines are sent, besides the default event bus of the region. */
export interface Notify {
  /** Addresses that the topic of each control region sends to. */
  readonly emails: readonly string[];
  /** ARNs of topics of the user's, in any region. Whoever sends a message sends it to each of them. */
  readonly topics: readonly string[];
}
