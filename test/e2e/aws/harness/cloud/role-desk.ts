import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { FunctionSpec, PolicyDocument, RoleSpec } from '../template/template.ts';
import type { AwsRequest } from './aws-request.ts';
import type { Caller, ProxyAnswer, RoleServer } from './fault-proxy.ts';

interface Session {
  readonly caller: Caller;
  /** Its key in the moto of each region: none knows what another one gave. */
  readonly keys: Readonly<Record<string, string>>;
}

interface Options {
  readonly account: string;
  readonly roles: readonly RoleSpec[];
  readonly regions: readonly string[];
  readonly specOf: (accessKeyId: string) => FunctionSpec | undefined;
}

const keyInAnswer = /<AccessKeyId>([^<]+)<\/AccessKeyId>/;

/**
 * STS: gives a role to whoever may take it, by the trust policy of its template and by the caller's own policies.
 *
 * moto itself gives every role to everybody, whether or not there is one.
 */
export class RoleDesk implements RoleServer {
  readonly #options: Options;
  readonly #sessions = new Map<string, Session>();
  /** External ids that the owner of the other account has set instead of those of the templates, by role. */
  readonly externalIds = new Map<string, string>();
  /** Names of roles that were refused, each time. */
  readonly refused: string[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  callerOf(accessKeyId: string): Caller | undefined {
    return this.#sessions.get(accessKeyId)?.caller;
  }

  keyIn(accessKeyId: string, region: string): string {
    return this.#sessions.get(accessKeyId)?.keys[region] ?? accessKeyId;
  }

  async assume(call: AwsRequest, send: (region: string) => Promise<ProxyAnswer>): Promise<ProxyAnswer> {
    const spec = this.#options.specOf(call.accessKeyId);
    const role = this.#options.roles.find(({ arn }) => arn === call.parameters.RoleArn);
    if (spec === undefined || role === undefined || !(await this.#mayTake(spec, role, call))) {
      this.refused.push(String(call.parameters.RoleArn).split('/').at(-1) ?? '');
      return refusal;
    }
    const keys: Record<string, string> = {};
    let own: ProxyAnswer | null = null;
    for (const region of this.#options.regions) {
      const answer = await send(region);
      const [, key] = keyInAnswer.exec(answer.body.toString()) ?? [];
      if (key === undefined) throw new Error(`moto gave no credentials: ${answer.body.toString().slice(0, 200)}`);
      keys[region] = key;
      if (region === call.region) own = answer;
    }
    if (own === null) throw new Error(`no moto for the STS of ${call.region}`);
    this.#sessions.set(keys[call.region] ?? '', { caller: { name: spec.name, region: spec.region, role }, keys });
    return own;
  }

  async #mayTake({ name, roleName, policies }: FunctionSpec, role: RoleSpec, call: AwsRequest): Promise<boolean> {
    const { account } = this.#options;
    const answer = await runSimulation(
      {
        request: {
          principal: `arn:aws:sts::${account}:assumed-role/${roleName}/${name}`,
          action: 'sts:AssumeRole',
          resource: { resource: role.arn, accountId: role.account },
          contextVariables: {
            'aws:SecureTransport': 'true',
            'aws:RequestedRegion': call.region,
            'aws:PrincipalArn': `arn:aws:iam::${account}:role/${roleName}`,
            'sts:ExternalId': String(call.parameters.ExternalId),
          },
        },
        identityPolicies: policies.map((policy, index) => ({ name: `policy-${index}`, policy })),
        resourcePolicy: this.#trustOf(role),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    return answer.resultType !== 'error' && answer.overallResult === 'Allowed';
  }

  #trustOf({ name, trust }: RoleSpec): PolicyDocument {
    const other = this.externalIds.get(name);
    if (other === undefined) return trust;
    const text = JSON.stringify(trust).replace(/("sts:ExternalId":)"[^"]*"/, `$1${JSON.stringify(other)}`);
    return JSON.parse(text) as PolicyDocument;
  }
}

/** Source: STS API Reference, "Common errors"; it does not say what is wrong. */
const refusal: ProxyAnswer = {
  status: 403,
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from(
    '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>is not authorized to perform: sts:AssumeRole</Message></Error><RequestId>e2e</RequestId></ErrorResponse>',
  ),
};
