import { costOf } from '../../config/cost/cost.ts';
import type { JsonFlag } from '../program.ts';
import { costJson, showCost } from '../show/cost.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { readConfigFile } from './config-file.ts';

/**
 * Says what a configuration costs a month, part by part.
 *
 * @returns the exit code, 0
 * @throws {FailoverError} CONFIG when the file cannot be used
 */
export async function cost(file: string, flags: JsonFlag, terminal: Terminal): Promise<number> {
  const deployment = await readConfigFile(file);
  const report = costOf(deployment);
  if (flags.json) printJson(terminal, costJson(deployment, report));
  else terminal.out(`${showCost(deployment, report)}\n`);
  return 0;
}
