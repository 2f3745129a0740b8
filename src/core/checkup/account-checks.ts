import type { Deployment } from '../model/deployment.ts';
import { bad, type Check, ok, unknown } from './check.ts';

/** Whose credentials are used, as far as AWS said. */
export type Caller =
  | { readonly kind: 'known'; readonly account: string; readonly arn: string }
  | { readonly kind: 'missing' | 'expired' | 'rejected' | 'unknown'; readonly detail: string };

/** Whether the credentials are valid, and of the account that the deployment names. */
export function credentialsCheck({ name, account }: Pick<Deployment, 'name' | 'account'>, caller: Caller): Check {
  const asked = { name: 'credentials', subject: name };
  switch (caller.kind) {
    case 'known':
      if (account !== undefined && account !== caller.account) {
        const found = `the deployment is for account ${account}, these credentials are for ${caller.account}`;
        return bad(asked, found, 'choose others with AWS_PROFILE; nothing else was looked at');
      }
      return ok(asked, `account ${caller.account}, as ${caller.arn}`);
    case 'missing':
      return bad(
        asked,
        `there are none: ${caller.detail}`,
        'run "aws sso login" or "aws configure", or set AWS_PROFILE',
      );
    case 'expired':
      return bad(asked, `they have expired: ${caller.detail}`, 'sign in again, as with "aws sso login"');
    case 'rejected':
      return bad(asked, `AWS does not take them: ${caller.detail}`, 'choose others with AWS_PROFILE');
    case 'unknown':
      return unknown(asked, `no region says whose they are: ${caller.detail}`);
  }
}
