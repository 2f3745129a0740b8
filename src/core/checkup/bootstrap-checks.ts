import { bad, type Check, doubtful, ok } from './check.ts';
import { type Reading, unreadCheck } from './reading.ts';

/** Whether a region has what `cdk bootstrap` makes. */
export interface BootstrapReading {
  readonly region: string;
  readonly qualifier: string;
  /** Version of its stack; null: there is none of the qualifier. */
  readonly reading: Reading<number | null>;
}

/** Lowest version that a stack of the CDK is deployed with. Source: aws-cdk-lib, `DefaultStackSynthesizer`. */
const versionMin = 6;

/**
 * Whether a region could be deployed to.
 *
 * @param isDeployed - then a failover works without it, and the next deployment does not
 */
export function bootstrapCheck({ region, qualifier, reading }: BootstrapReading, isDeployed: boolean): Check {
  const asked = { name: 'bootstrap', subject: region };
  if (reading.kind === 'unread') return unreadCheck(asked, reading);
  const version = reading.value;
  const worse = isDeployed ? doubtful : bad;
  const todo = `"npx cdk bootstrap aws://ACCOUNT/${region}"; it is read by the qualifier of cdk.json`;
  if (version === null) return worse(asked, `the CDK is not bootstrapped (qualifier ${qualifier})`, todo);
  if (version < versionMin) return worse(asked, `version ${version} of ${versionMin} at least`, todo);
  return ok(asked, `version ${version} (qualifier ${qualifier})`);
}
