import { bad, type Check, ok, unknown } from './check.ts';

/** The owner of the credentials, as far as AWS said. */
export type Identity =
  | { readonly kind: 'known'; readonly account: string; readonly arn: string }
  /** There are no credentials, or no valid ones; the result is the same in every region. */
  | {
      readonly kind: 'missing' | 'expired' | 'rejected';
      readonly detail: string;
      /** The profile that was named; null when none was. */
      readonly profile: string | null;
    }
  /** No region answered, or none with an identity. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** What is wrong with credentials, and what to do; `detail` is what AWS said, where it said more. */
interface IdentityTrouble {
  readonly what: string;
  readonly todo: string;
  readonly detail: string | null;
}

const another = 'choose others with AWS_PROFILE';

/**
 * What is wrong with the credentials for a deployment; null when nothing is known to be.
 *
 * @param subject - the deployment as a person named it: a file, or its own name
 * @param account - that it is for; undefined for any
 */
export function identityTrouble(
  subject: string,
  account: string | undefined,
  identity: Identity,
): IdentityTrouble | null {
  switch (identity.kind) {
    case 'known': {
      if (account === undefined || account === identity.account) return null;
      const theirs = `these credentials are for ${identity.account} (${identity.arn})`;
      return { what: `${subject} is for account ${account}, and ${theirs}`, todo: another, detail: null };
    }
    case 'missing': {
      const { profile, detail } = identity;
      if (profile === null) {
        return {
          what: 'no AWS credentials',
          todo: 'run "aws sso login" or "aws configure", or set AWS_PROFILE',
          detail,
        };
      }
      const login = `"aws sso login --profile ${profile}"`;
      const todo = `choose one that "aws configure list-profiles" names, or sign in with ${login}`;
      return { what: `no AWS credentials in profile "${profile}", which AWS_PROFILE names`, todo, detail };
    }
    case 'expired': {
      const { profile } = identity;
      const todo = `sign in again, as with "aws sso login${profile === null ? '' : ` --profile ${profile}`}"`;
      return { what: 'the AWS credentials have expired', todo, detail: identity.detail };
    }
    case 'rejected':
      return { what: 'AWS does not take these credentials', todo: another, detail: identity.detail };
    case 'unknown':
      return null;
  }
}

/** Whether the credentials are valid, and of the account that the deployment names. */
export function credentialsCheck(name: string, account: string | undefined, identity: Identity): Check {
  const asked = { name: 'credentials', subject: name };
  const trouble = identityTrouble(name, account, identity);
  if (trouble !== null) {
    const { what, detail, todo } = trouble;
    return bad(asked, detail === null ? what : `${what}: ${detail}`, `${todo}; nothing else was looked at`);
  }
  return identity.kind === 'known'
    ? ok(asked, `account ${identity.account}, as ${identity.arn}`)
    : unknown(asked, `no region says whose they are: ${identity.detail}`);
}
