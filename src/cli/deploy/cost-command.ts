import { alternativesOf } from '../../config/cost/alternatives.ts';
import { costOf } from '../../config/cost/cost.ts';
import type { CostFlags } from '../program.ts';
import { costJson, showCost } from '../show/cost.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';

/**
 * Says what a configuration costs a month, part by part, and with `--compare` what AWS's own ways would cost.
 *
 * @returns the exit code, 0
 * @throws {FailoverError} CONFIG when the file cannot be used
 */
export async function cost(file: string, flags: CostFlags, terminal: Terminal): Promise<number> {
  const deployment = await readConfigFile(file);
  const report = costOf(deployment);
  const alternatives = flags.compare ? alternativesOf(deployment) : undefined;
  if (flags.json) printJson(terminal, costJson(deployment, report, alternatives));
  else terminal.out(`${showCost(deployment, report, alternatives, terminal.page)}\n`);
  return 0;
}
