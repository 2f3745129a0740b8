import { Argument, Command, Option } from 'commander';
import { type StarterPolicy, starterPolicies } from '../config/starter-policy.ts';
import { addGameDay, type GameDay } from './gameday/gameday-verb.ts';
import { completionScript, type Shell, shells } from './grammar/completion.ts';
import { grammarOf } from './grammar/grammar.ts';
import { dayNumber, portNumber, positiveNumber, wholeNumber } from './grammar/numbers.ts';
import { pagePath, personName, refuseEmptyValues } from './grammar/texts.ts';
import type { DoctorFlags } from './operator/doctor-command.ts';
import type { OperatorDraft } from './operator/operator-draft.ts';
import { addOperatorVerbs, exampleText, type OperatorFlags } from './operator/operator-verbs.ts';
import { addPredict, type Predict } from './operator/predict-verb.ts';
import { addWatch, type Watch } from './watch/watch-verb.ts';

/** Whether JSON was asked for. */
export interface JsonFlag {
  readonly json?: true;
}

/** Flags of `tune`. */
export interface TuneFlags extends JsonFlag {
  /** Simulated days of noise. */
  readonly days?: number;
  /** Folder for the page. */
  readonly out?: string;
}

/** Flags of `validate`. */
export interface ValidateFlags extends JsonFlag {
  /** The configuration that runs; `aws`: what the watchers there carry. */
  readonly against?: string;
}

/** Flags of `cost`. */
export interface CostFlags extends JsonFlag {
  readonly compare?: true;
}

/** Flags of `init`; what is left out is asked for on a terminal. */
export interface InitFlags extends JsonFlag {
  readonly name?: string;
  /** Each `NAME=REGION`, the preferred one first. */
  readonly site?: readonly string[];
  readonly record?: string;
  readonly zone?: string;
  readonly zoneName?: string;
  /** Each `SITE=ADDRESS`. */
  readonly address?: readonly string[];
  readonly path: string;
  readonly email?: string;
  readonly policy?: StarterPolicy;
  /** How long resolvers keep an answer. */
  readonly ttlSeconds?: number;
  /** Whether records that exist are read; left out, they are where somebody can be asked. */
  readonly records?: boolean;
}

/** Flags of `simulate`. */
export interface SimulateFlags extends JsonFlag {
  readonly seed?: number;
  readonly trace?: true;
  /** Fails, too, when nothing of some property was at stake in any of them. */
  readonly campaign?: true;
}

/** Flags of `fuzz`. */
export interface FuzzFlags extends JsonFlag {
  /** Absent is `fuzzSeedsDefault`, or one when `seed` is given. */
  readonly seeds?: number;
  /** The first; absent is 1. */
  readonly seed?: number;
  readonly planted?: true;
  readonly shrink?: true;
  readonly trace?: true;
}

/** What can be done to a lab while it runs. */
export const labFaults = ['kill', 'hang', 'slow', 'error', 'wrong-body', 'partition', 'region', 'watcher'] as const;

/** What a lab can break. */
export type LabFault = (typeof labFaults)[number];

/** What a drill can measure: what the lab breaks, a stop by a person, or one by a command of the user's. */
export type DrillFault = LabFault | 'by-hand' | 'command';

/** Flags of `drill`. */
export interface DrillFlags extends JsonFlag {
  /** Absent is `kill`, or what the stop command does. */
  readonly fault?: Exclude<DrillFault, 'command'>;
  /** The user's own deployment; absent takes the built-in one. */
  readonly config?: string;
  /** The service that is drilled; absent is the first. */
  readonly service?: string;
  /** Stops the active site. */
  readonly stopCommand?: string;
  /** Starts it again afterwards. */
  readonly startCommand?: string;
  /** How long to wait for the site to fail, such as `10m`. */
  readonly wait?: string;
  /** How many drills; absent is one. */
  readonly runs?: number;
  readonly out: string;
}

/** Flags of `lab`. */
export interface LabFlags extends JsonFlag {
  readonly config?: string;
  readonly out: string;
  /** Happens once; absent leaves faults to the user. */
  readonly fault?: LabFault;
  /** How long after everything is at rest, such as `10s`. */
  readonly after?: string;
  /** Serve the page, and open it. */
  readonly open?: true;
  /** Serve the page on this port. */
  readonly port?: number;
}

/** Flags of `dashboard`. */
export interface DashboardFlags extends JsonFlag {
  readonly lab?: string;
  readonly config?: string;
  /** Let the page carry out the verbs of operators. */
  readonly operate?: true;
  readonly by?: string;
  /** Absent picks a free one. */
  readonly port?: number;
  readonly open?: true;
}

/** What the verbs do; each returns the exit code. */
export interface Actions {
  readonly operate: (draft: OperatorDraft, flags: OperatorFlags) => Promise<number>;
  readonly init: (file: string, flags: InitFlags) => Promise<number>;
  readonly predict: Predict;
  readonly doctor: (file: string | undefined, flags: DoctorFlags) => Promise<number>;
  readonly validate: (files: readonly string[], flags: ValidateFlags) => Promise<number>;
  readonly tune: (file: string, service: string | undefined, flags: TuneFlags) => Promise<number>;
  readonly cost: (file: string, flags: CostFlags) => Promise<number>;
  /** A site, or SERVICE/SITE; null is all of them. */
  readonly probe: (file: string, site: string | null, flags: JsonFlag) => Promise<number>;
  readonly simulate: (paths: readonly string[], flags: SimulateFlags) => Promise<number>;
  readonly fuzz: (flags: FuzzFlags) => Promise<number>;
  readonly drill: (flags: DrillFlags) => Promise<number>;
  readonly lab: (flags: LabFlags) => Promise<number>;
  readonly dashboard: (flags: DashboardFlags) => Promise<number>;
  readonly watch: Watch;
  readonly gameDay: GameDay;
}

/** Where help and the version are printed. */
export interface HelpOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Seeds that `fuzz` draws when it is not told. */
export const fuzzSeedsDefault = 100;

/**
 * Declares the whole command line.
 *
 * @param onExit - told the exit code of the verb that ran
 */
export function buildProgram(
  actions: Actions,
  output: HelpOutput,
  version: string,
  onExit: (code: number) => void,
): Command {
  const program = new Command('cdk-failover')
    .description('Moves the traffic of a service from a failing site to a healthy one.')
    .version(version)
    .option('--debug', 'print where an error came from')
    .exitOverride()
    // So that a narrow page wraps, too.
    .configureHelp({ minWidthToWrap: 20 })
    // Errors are printed in one place, for all verbs alike: run.ts.
    .configureOutput({ writeOut: output.out, writeErr: output.err, outputError: () => {} })
    .addHelpText('after', `${exampleText(['status web', 'switchover web --to oregon', 'simulate scenarios'])}\n`)
    .addHelpText('after', 'Exit codes: 0 done, 1 refused or failed, 2 wrong usage or nothing to talk to.');

  program.commandsGroup('A running deployment:');
  addOperatorVerbs(program, async (draft, flags) => onExit(await actions.operate(draft, flags)));
  addDoctor(program, actions, onExit);
  addPredict(program, actions.predict, onExit);
  addDashboard(program, actions, onExit);
  addWatch(program, actions.watch, onExit);
  addGameDay(program, actions.gameDay, onExit);
  program.commandsGroup('Files and simulations:');
  addFileVerbs(program, actions, onExit);
  addSimulationVerbs(program, actions, onExit);
  program.commandsGroup('On this machine:');
  addLabVerbs(program, actions, onExit);
  addCompletion(program, output, onExit);
  refuseEmptyValues(program);
  return program;
}

function addDoctor(program: Command, actions: Actions, onExit: (code: number) => void): void {
  program
    .command('doctor')
    .description('say whether a failover would work now, the worst first, each with what to do; exits 1 if not')
    .argument('[file]', 'configuration of a deployment on AWS, as --config')
    .option('--json', 'print JSON')
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .option('--deployment <name>', 'name of the deployment that is meant; another one is refused')
    .addHelpText('after', exampleText(['doctor', 'doctor failover.config.ts', 'doctor --lab out/lab.json --json']))
    .action(async (file: string | undefined, flags: DoctorFlags) => onExit(await actions.doctor(file, flags)));
}

function addDashboard(program: Command, actions: Actions, onExit: (code: number) => void): void {
  program
    .command('dashboard')
    .description('show a deployment on a live page of this machine; it only reads, unless told to operate')
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .option('--operate', 'let the page switch over, pause and so on; each shows first what it would do')
    .option('--by <name>', 'who asks, for the history; default: your user name', personName)
    .option('--port <number>', 'port on 127.0.0.1; default: a free one', portNumber)
    .option('--open', 'open the page in the browser')
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['dashboard --config failover.config.ts', 'dashboard --open --operate']))
    .action(async (flags: DashboardFlags) => onExit(await actions.dashboard(flags)));
}

function addFileVerbs(program: Command, actions: Actions, onExit: (code: number) => void): void {
  const several = (value: string, before: readonly string[] = []) => [...before, value];
  program
    .command('init')
    .description('write a first configuration, from flags or from six questions')
    .argument('[file]', 'where to', 'failover.config.yaml')
    .option('--name <name>', 'of the deployment')
    .option('--site <name=region>', 'a site; say it for each, the preferred one first', several)
    .option('--record <name>', 'the name that clients use')
    .option('--zone <id>', 'its hosted zone in Route 53')
    .option('--zone-name <name>', 'name of that zone; default: the record without its first label')
    .option('--address <site=address>', 'what the name answers for a site: an address or a name', several)
    .option('--path <path>', 'health page of every site', pagePath, '/healthz')
    .option('--email <address>', 'who gets messages')
    .addOption(new Option('--policy <policy>', 'how the name chooses; default: failover').choices(starterPolicies))
    .option('--ttl-seconds <number>', 'how long resolvers keep an answer; default: 30', wholeNumber)
    .option('--records', 'read what Route 53 has of the name, and propose that; default on a terminal')
    .option('--no-records', 'make no call to AWS')
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['init', 'init --name shop --site virginia=us-east-1 --site oregon=us-west-2']))
    .action(async (file: string, flags: InitFlags) => onExit(await actions.init(file, flags)));

  program
    .command('validate')
    .description('check configuration files; lists every fault, and what one lost region would break')
    .argument('<files...>', 'deployments, YAML or TypeScript')
    .option(
      '--against <file>',
      'the configuration that runs, "aws" for what is deployed: say what follows from the difference',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      exampleText([
        'validate failover.config.ts',
        'validate next.yaml --against failover.config.yaml',
        'validate failover.config.ts --against aws',
      ]),
    )
    .action(async (files: readonly string[], flags: ValidateFlags) => onExit(await actions.validate(files, flags)));

  program
    .command('cost')
    .description('say what a deployment costs a month on AWS, part by part')
    .argument('<file>', 'a deployment, YAML or TypeScript')
    .option('--compare', "put AWS's own ways to fail over beside it, with what they cost and lack")
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['cost failover.config.ts', 'cost failover.config.yaml --compare']))
    .action(async (file: string, flags: CostFlags) => onExit(await actions.cost(file, flags)));

  program
    .command('tune')
    .description('try detection settings on simulated noise and faults: how soon, how many false moves, what cost')
    .argument('<file>', 'a deployment, YAML or TypeScript')
    .argument('[service]', 'a service; default: the only one')
    .option('--days <number>', 'simulated days of noise, up to 1000; default: 10', dayNumber)
    .option('--out <folder>', 'where tune.html goes; default: out')
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['tune failover.config.ts', 'tune failover.config.yaml web --days 5']))
    .action(async (file: string, service: string | undefined, flags: TuneFlags) =>
      onExit(await actions.tune(file, service, flags)),
    );

  program
    .command('probe')
    .description('run the probes once from here, and say what each one sees; exits 1 if a site does not pass')
    .argument('<file>', 'a deployment, YAML or TypeScript')
    .argument('[site]', 'a site, or SERVICE/SITE; default: all')
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['probe failover.config.ts', 'probe failover.config.yaml web/oregon --json']))
    .action(async (file: string, site: string | undefined, flags: JsonFlag) =>
      onExit(await actions.probe(file, site ?? null, flags)),
    );
}

function addSimulationVerbs(program: Command, actions: Actions, onExit: (code: number) => void): void {
  program
    .command('simulate')
    .description('run scenario files in the simulator; exits 1 if one fails')
    .argument('<paths...>', 'scenario files, or folders that are searched for *.yaml')
    .option('--seed <number>', 'instead of the seed in the file', wholeNumber)
    .option('--trace', 'print every event of the simulated world')
    .option('--campaign', 'fail, too, when nothing of some property was at stake in any of them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      exampleText(['simulate scenarios', 'simulate scenarios/k8gb/k1-failover-and-failback.yaml --trace']),
    )
    .action(async (paths: readonly string[], flags: SimulateFlags) => onExit(await actions.simulate(paths, flags)));

  program
    .command('fuzz')
    .description('draw faults from seeds, heal them, and check every safety property')
    .option('--seeds <number>', `how many seeds; default: ${fuzzSeedsDefault}`, positiveNumber)
    .option('--seed <number>', 'the first seed; without --seeds the only one', wholeNumber)
    .option('--planted', 'run the planted bugs instead; fails unless each is caught')
    .option('--shrink', 'make the failure of the lowest seed small')
    .option('--trace', 'print every event of a seed that fails; with --shrink, of the small one')
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['fuzz --seeds 300', 'fuzz --seed 4711 --shrink --trace', 'fuzz --planted']))
    .action(async (flags: FuzzFlags) => onExit(await actions.fuzz(flags)));
}

function addLabVerbs(program: Command, actions: Actions, onExit: (code: number) => void): void {
  const fault = () => new Option('--fault <kind>', 'what happens to the active site').choices(labFaults);
  program
    .command('drill')
    .description('carry out a whole failover on this machine and explain it')
    .addOption(
      new Option(
        '--fault <kind>',
        'what happens to the active site; by-hand waits for you to stop it; default: kill',
      ).choices([...labFaults, 'by-hand']),
    )
    .option('--config <file>', 'deployment to drill instead of the built-in one, YAML or TypeScript')
    .option('--service <name>', 'the service that is drilled; default: the first')
    .option('--stop-command <command>', 'stops the active site of your own; instead of --fault')
    .option('--start-command <command>', 'starts it again afterwards, whatever became of the drill')
    .option('--wait <duration>', 'how long your site may take to fail; default: 10m by hand, 1m after a command')
    .option('--runs <number>', 'how many drills, one after another; the median is told', positiveNumber)
    .option('--out <folder>', 'where drill.html and drill.json go', 'out')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      exampleText([
        'drill',
        'drill --fault partition --json',
        'drill --config my.yaml --fault by-hand',
        'drill --config my.yaml --stop-command "docker stop one" --start-command "docker start one"',
      ]),
    )
    .action(async (flags: DrillFlags) => onExit(await actions.drill(flags)));

  program
    .command('lab')
    .description('keep sites, watchers, tables and DNS running on this machine until stopped')
    .option('--config <file>', 'deployment to run instead of the built-in one')
    .addOption(fault())
    .option('--after <duration>', 'when the fault happens, from the moment all is at rest; default: 10s')
    .option('--out <folder>', 'where lab.json goes, by which the other verbs find the lab', 'out')
    .option('--open', 'serve a live page of it, and open that in the browser')
    .option('--port <number>', 'serve the page on this port of 127.0.0.1; default, with --open: a free one', portNumber)
    .option('--json', 'print JSON')
    .addHelpText('after', exampleText(['lab', 'lab --open', 'lab --fault hang --after 30s', 'lab --config my.yaml']))
    .action(async (flags: LabFlags) => onExit(await actions.lab(flags)));
}

function addCompletion(program: Command, output: HelpOutput, onExit: (code: number) => void): void {
  program
    .command('completion')
    .description('print what lets a shell complete verbs, options and values')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText('after', exampleText(['completion bash', 'completion zsh', 'completion fish']))
    .action((shell: Shell) => {
      output.out(completionScript(shell, grammarOf(program)));
      onExit(0);
    });
}
