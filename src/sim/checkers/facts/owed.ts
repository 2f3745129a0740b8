/**
 * What the checkers could demand and the engine does not give yet. Each is switched on by whoever mends its mechanism;
 * with the last one this file goes.
 */
export const owed = {
  /** S9: a good answer ends a row of failures, also one that comes while an older probe waits for its deadline. */
  isGoodAnswerHeeded: false,
  /** S11: data of a site without a fence is promoted elsewhere only when its lease has run out. */
  isLeaseAwaitedWithoutFence: false,
  /**
   * S16: a site that was left stays cut off beside the new one, until it has been seen well or has nothing of its own.
   */
  isFenceKept: false,
};
