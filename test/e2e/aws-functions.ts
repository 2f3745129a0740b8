import { functionsOf } from '../../src/config/plan/function-set.ts';
import { functionPlanOf } from '../../src/config/plan/functions.ts';
import { deploymentFileName, functionName, topicName } from '../../src/config/plan/names.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { simulatedAnswer } from '../support/servers/policy-simulator.ts';
import { zipArchive } from '../support/zip-archive.ts';

/** The account that moto says it is. */
const motoAccount = '123456789012';

/** An answer of AWS. */
export interface CannedAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

/** Where the code of a watcher lies, on whatever host is asked. */
const codePath = '/code-of-a-watcher';

/** A request, as far as it says what is asked. */
export interface Asked {
  readonly host: string;
  readonly region: string;
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/**
 * The functions of a deployment, as Lambda and IAM show them. moto is not asked: it answers too slowly for many
 * questions at once, and does not know IAM's simulator. test/contract/ has what Lambda's own answers are read from.
 */
export class DeployedFunctions {
  readonly #deployment: Deployment;
  readonly #regions: readonly string[];
  readonly #lostAction: string | undefined;

  /** @param lostAction - that no role may do any more */
  constructor(deployment: Deployment, regions: readonly string[], lostAction?: string) {
    this.#deployment = deployment;
    this.#regions = regions;
    this.#lostAction = lostAction;
  }

  /** Null for a question that is not about functions or their roles. */
  async answerTo({ host, region, path, form }: Asked): Promise<CannedAnswer | null> {
    if (form.Action === 'SimulatePrincipalPolicy') {
      const decide = (action: string) => ({ isAllowed: action !== this.#lostAction });
      return { status: 200, type: 'text/xml', body: await simulatedAnswer(form, decide) };
    }
    if (path === codePath) {
      const files = { 'index.mjs': '', [deploymentFileName]: JSON.stringify(this.#deployment) };
      return { status: 200, type: 'application/zip', body: zipArchive(files, 'deflated') };
    }
    const isWatcher = path.endsWith(`/functions/${functionName(this.#deployment.name, 'watcher')}`);
    if (isWatcher && this.#regions.includes(region)) {
      const answer = { Code: { Location: `http://${host}${codePath}` }, Configuration: { CodeSha256: 'one' } };
      return { status: 200, type: 'application/json', body: JSON.stringify(answer) };
    }
    const [, name = '', what = ''] = /\/functions\/([^/]+)\/(configuration|concurrency)$/.exec(path) ?? [];
    return what === '' ? null : this.#functionAnswer(region, name, what);
  }

  #functionAnswer(region: string, name: string, what: string): CannedAnswer {
    const { name: deployment } = this.#deployment;
    const kinds = this.#regions.includes(region) ? functionsOf(this.#deployment, region) : [];
    const kind = kinds.find((one) => functionName(deployment, one) === name);
    if (kind === undefined) {
      return { status: 404, type: 'application/json', body: '{"__type":"ResourceNotFoundException"}' };
    }
    const topic = `arn:aws:sns:${region}:${motoAccount}:${topicName(deployment)}`;
    const configuration = {
      FunctionName: name,
      Role: `arn:aws:iam::${motoAccount}:role/${deployment}.${region}.${kind}`,
      Environment: { Variables: kind === 'notify' ? { TOPIC_ARN: topic } : {} },
    };
    const { concurrencyMax } = functionPlanOf(this.#deployment, kind);
    const concurrency = concurrencyMax === null ? {} : { ReservedConcurrentExecutions: concurrencyMax };
    const body = JSON.stringify(what === 'configuration' ? configuration : concurrency);
    return { status: 200, type: 'application/json', body };
  }
}
