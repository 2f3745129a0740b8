/** A key that people guess, and what there is instead. */
export interface GuessedKey {
  /** Dotted path of the mapping that the key stands in; `*` for a name or a place in a list. */
  readonly in: string;
  readonly keys: readonly string[];
  /** Dotted path of the own key, from the top; null where the product has none. */
  readonly own: string | null;
  /** What to write, or what to take where there is no such thing. */
  readonly hint: string;
}
