import type { Command } from 'commander';
import { exampleText } from '../operator/operator-verbs.ts';

/** Flags of `watch`. */
export interface WatchFlags {
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
  /** How long, such as `10m`; absent: until interrupted. */
  readonly for?: string;
}

/** What is done with the verb; its code is the command's exit code. */
export type Watch = (service: string | undefined, flags: WatchFlags) => Promise<number>;

/** Declares `watch`. */
export function addWatch(program: Command, watch: Watch, onExit: (code: number) => void): void {
  program
    .command('watch')
    .description('draw what the watchers, the register and DNS say as lanes of time, until Ctrl-C; it only reads')
    .argument('[service]', 'this one alone, with a lane for each watcher')
    .option('--for <duration>', 'how long, such as 10m; default: until Ctrl-C')
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .option('--json', 'print JSON, a line a change')
    .addHelpText('after', exampleText(['watch', 'watch web --config failover.config.ts', 'watch --for 10m --json']))
    .action(async (service: string | undefined, flags: WatchFlags) => onExit(await watch(service, flags)));
}
