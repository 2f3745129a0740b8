/** What an operator gets back: the same for people and for machines. */
export interface OperatorResult {
  /** 0 done, 1 refused or failed, 2 wrong usage. */
  readonly exit: 0 | 1 | 2;
  /** Lines for people. Commands such as `status` show `json` in a layout of their own. */
  readonly message: string;
  readonly json: unknown;
}
