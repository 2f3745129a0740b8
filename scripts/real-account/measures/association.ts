import type { Cleanup } from '../cleanup.ts';
import type { Options } from '../options.ts';
import { type Check, type Findings, type Tools, timeUntil } from '../tools.ts';
import { type Extend, movedService, movedSites } from '../trial.ts';
import { holderOf, launchPair } from './elastic-ip.ts';

const lookEveryMs = 500;
const limitMs = 180_000;
/** Until new watchers have seen the new service, and its register stands. */
const settleMs = 180_000;

/**
 * Moves an Elastic IP by the deployed function, with the rights that its policy gives it and no others: whether EC2
 * asks for more, only EC2 knows.
 */
export async function measureAssociation(
  tools: Tools,
  options: Options,
  cleanup: Cleanup,
  configFile: string,
  extend: Extend,
): Promise<Findings> {
  const { ec2, instances, allocationId } = await launchPair(tools, options, cleanup);
  const [left = '', right = ''] = instances;
  await ec2('associate-address', '--allocation-id', allocationId, '--instance-id', left, '--allow-reassociation');
  await extend({ address: { allocationId, left, right } });
  await tools.sleep(settleMs);

  const values: number[] = [];
  const checks: Check[] = [];
  for (const [site, instance] of [
    [movedSites[1], right],
    [movedSites[0], left],
  ] as const) {
    const named = ['--config', configFile, '--deployment', options.name];
    await tools.failover('switchover', movedService, '--to', site, '--no-wait', '--json', ...named);
    const holds = async () => (await holderOf(ec2, allocationId)) === instance;
    const passedMs = await timeUntil(tools, holds, { sinceMs: tools.nowMs(), everyMs: lookEveryMs, limitMs });
    if (passedMs !== null) values.push(passedMs);
    const detail = passedMs === null ? 'not in three minutes: see the log of the address function' : `${passedMs} ms`;
    checks.push({ name: `the policy is enough to move the address to ${site}`, isPassed: passedMs !== null, detail });
  }
  const note = 'from the end of the command: decision, claim, association and read-back';
  return { series: [{ name: 'Elastic IP, moved by the deployment', unit: 'ms', values, note }], checks };
}
