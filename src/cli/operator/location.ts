/** Where the deployment is that a verb was about. */
export type Where =
  | { readonly kind: 'lab'; readonly pid: number }
  | {
      readonly kind: 'aws';
      /** Null when neither AWS nor the configuration says. */
      readonly account: string | null;
      /** Whether AWS said that the credentials are for that account. */
      readonly isAccountChecked: boolean;
      readonly regions: readonly string[];
    };

/** One line for people. */
export function showWhere(deployment: string, where: Where): string {
  if (where.kind === 'lab') return `${deployment} in the lab of process ${where.pid}`;
  const regions = where.regions.join(', ');
  if (where.account === null) return `${deployment} in an AWS account that could not be told, ${regions}`;
  return `${deployment} in AWS account ${where.account}${where.isAccountChecked ? '' : ' (not checked)'}, ${regions}`;
}
