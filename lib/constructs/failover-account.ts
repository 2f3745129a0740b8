import { Aws, Stack, Token } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ConfigError } from '../../src/config/config-error.ts';
import { type AccountRole, accountRolesOf } from '../../src/config/plan/accounts.ts';
import { accountRoleName, functionName, functionRoleName } from '../../src/config/plan/names.ts';
import { roleStatements } from '../../src/config/plan/permissions/permissions.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { checkedDeployment } from './checked-deployment.ts';
import { acceptWildcards } from './permissions/accepted/accepted-wildcards.ts';
import { policyStatements } from './permissions/policy-statement.ts';
import { checkPolicyLimit } from './stack-limits.ts';

/** What the roles of an account are made from. */
export interface FailoverAccountProps {
  /** From `defineDeployment`, which has checked it. */
  readonly deployment: Deployment;
}

/**
 * The roles that a deployment's functions take in one other account, in which sites or hosted zones are: one a
 * function, with exactly what the function does there. Put it into a stack of that account, in any one region.
 *
 * A role trusts one function's role alone, with the external id. The trust is by condition, not by principal: IAM keeps
 * a principal's inner id, so a role that was made anew under its name would be trusted no more, and one that is not
 * there yet cannot be named. Source: IAM User Guide, "AWS JSON policy elements: Principal", IAM role principals.
 */
export class FailoverAccount extends Construct {
  /** The roles, by name. */
  readonly roles: ReadonlyMap<string, Role>;

  /** @throws {ConfigError} when functions have nothing to do in the account of the stack */
  constructor(scope: Construct, id: string, props: FailoverAccountProps) {
    super(scope, id);
    const deployment = checkedDeployment(props.deployment, this.node.path);
    const { account, stackName } = Stack.of(scope);
    const roles = accountRolesOf(deployment).filter((role) => role.account === account);
    if (roles.length === 0) {
      const found = Token.isUnresolved(account) ? 'no account' : account;
      const known = [...new Set(accountRolesOf(deployment).map((role) => role.account))].join(', ');
      const allowed = known === '' ? 'a deployment with accounts' : `an account in which functions act: ${known}`;
      const hint = "give the stack env: { account: '...', region: '...' }";
      throw new ConfigError(`stack ${stackName}`, [{ path: 'env.account', line: null, found, allowed, hint }]);
    }
    this.roles = new Map(
      roles.map((role) => [accountRoleName(deployment.name, role.kind, role.region), this.#add(deployment, role)]),
    );
  }

  #add(deployment: Deployment, role: AccountRole): Role {
    const { account, kind, region } = role;
    const name = accountRoleName(deployment.name, kind, region);
    const statements = policyStatements(roleStatements(deployment, role));
    checkPolicyLimit(name, statements);
    const trusted = `arn:${Aws.PARTITION}:iam::${deployment.account}:role/${functionRoleName(deployment.name, kind, region)}`;
    const owner = kind === 'dns' || kind === 'deploy' ? 'hosted zones' : 'sites';
    const taker = [functionName(deployment.name, kind), region].filter((part) => part !== null).join(' of ');
    const made = new Role(this, [kind, region].filter((part) => part !== null).join('-'), {
      roleName: name,
      description: `cdk-failover: what ${taker} does for ${owner} of this account`,
      assumedBy: new AccountPrincipal(deployment.account).withConditions({
        ArnEquals: { 'aws:PrincipalArn': trusted },
        StringEquals: { 'sts:ExternalId': deployment.accounts?.[account]?.externalId },
      }),
      inlinePolicies: { own: new PolicyDocument({ statements }) },
    });
    acceptWildcards(made, statements);
    return made;
  }
}
