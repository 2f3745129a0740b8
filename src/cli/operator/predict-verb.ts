import type { Command } from 'commander';
import { lossNumber } from '../grammar/numbers.ts';
import { exampleText } from './operator-verbs.ts';

/** Flags of `predict`. */
export interface PredictFlags {
  readonly lose: string;
  readonly atRest?: true;
  readonly seeds?: number;
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
}

/** What is done with the verb; its code is the command's exit code. */
export type Predict = (flags: PredictFlags) => Promise<number>;

/** Declares `predict`. */
export function addPredict(program: Command, predict: Predict, onExit: (code: number) => void): void {
  program
    .command('predict')
    .description(
      'say what would happen now if a region or a site were lost, by simulation; exits 1 if clients would fail',
    )
    .requiredOption('--lose <name>', 'a region, a site, or SERVICE/SITE')
    .option('--at-rest', 'do not read what is now: all sites well, the preferred ones active')
    .option(
      '--seeds <number>',
      'how many simulated losses, each at another instant, up to 1000; default: 5',
      lossNumber,
    )
    .option('--json', 'print JSON')
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .addHelpText('after', exampleText(['predict --lose us-east-1', 'predict --lose web/virginia --at-rest']))
    .action(async (flags: PredictFlags) => onExit(await predict(flags)));
}
