import { type Command, Option } from 'commander';
import { lossNumber } from '../grammar/numbers.ts';
import { personName } from '../grammar/texts.ts';
import { exampleText } from '../operator/operator-verbs.ts';

/** Flags of `gameday`. */
export interface GameDayFlags {
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
  readonly by?: string;
  readonly deployment?: string;
  readonly yes?: true;
  readonly rehearse?: true;
  readonly full?: true;
  /** The site that is to be lost; refused when it is not active. */
  readonly site?: string;
  /** What the fault takes away. */
  readonly hits?: 'site' | 'region';
  readonly fisTemplate?: string;
  readonly stopCommand?: string;
  readonly startCommand?: string;
  readonly abortAlarm?: readonly string[];
  /** Services that may move too. */
  readonly with?: readonly string[];
  /** How long the site may take to fail, such as `5m`. */
  readonly wait?: string;
  readonly stay?: true;
  /** How many simulated losses the prediction is made of. */
  readonly seeds?: number;
  /** Folder for the report. */
  readonly out?: string;
}

/** What is done with the verb; its code is the command's exit code. */
export type GameDay = (service: string | undefined, flags: GameDayFlags) => Promise<number>;

/** Declares `gameday`. */
export function addGameDay(program: Command, gameDay: GameDay, onExit: (code: number) => void): void {
  const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  program
    .command('gameday')
    .description('rehearse a failover: say what would happen, ask the functions, or let it happen and return')
    .argument('[service]', 'may be left out when there is only one')
    .option('--rehearse', 'ask each function at the standby; nothing is written, and that is proven')
    .option('--full', 'let the active site really fail, measure, heal, and move back')
    .option('--fis-template <id>', 'with --full: the fault, as [REGION/]ID of a template of AWS FIS')
    .option('--stop-command <command>', 'with --full: stops the active site')
    .option('--start-command <command>', 'starts it again, whatever became of the game day')
    .option(
      '--abort-alarm <name>',
      'end the fault when this CloudWatch alarm rings, as [REGION/]NAME; repeatable',
      list,
    )
    .addOption(
      new Option('--hits <what>', 'what the fault takes away; default: site, with --fis-template: region').choices([
        'site',
        'region',
      ]),
    )
    .option('--with <service>', 'another service that may move too; repeatable', list)
    .option('--site <name>', 'the site that is lost; refused when it is not active')
    .option('--wait <duration>', 'how long the site may take to fail; default: 1m, with --fis-template: 5m')
    .option('--stay', 'do not move back afterwards')
    .option(
      '--seeds <number>',
      'how many simulated losses, each at another instant, up to 1000; default: 5',
      lossNumber,
    )
    .option('--out <folder>', 'where gameday.html and gameday.json go; default: nowhere, with --full: out')
    .option('--json', 'print JSON')
    .option('--by <name>', 'who asks, for the history; default: your user name', personName)
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .option(
      '--deployment <name>',
      'name of the deployment that is meant, another one is refused; scripts that change AWS must give it',
    )
    .option('--yes', 'do not ask for the name before AWS is changed')
    .addHelpText(
      'after',
      exampleText([
        'gameday web',
        'gameday web --rehearse --out out',
        'gameday web --full --fis-template EXT1a2b3c4d5e6f7 --abort-alarm shop-errors',
        'gameday web --full --stop-command "docker stop one" --start-command "docker start one"',
      ]),
    )
    .action(async (service: string | undefined, flags: GameDayFlags) => onExit(await gameDay(service, flags)));
}
