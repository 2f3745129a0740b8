import type { Command as Verb } from 'commander';
import { durationMs } from '../../config/schema/duration.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Command } from '../../core/operator/command.ts';
import { withinMsDefault } from '../../core/operator/planned/planned-order.ts';
import { stepNames } from '../../core/register/run.ts';
import { personName, reasonText } from '../grammar/texts.ts';
import { readInstant } from './instant.ts';
import type { OperatorDraft } from './operator-draft.ts';

/** Options that every operator verb takes, whatever it asks for. */
export interface OperatorFlags {
  readonly json: boolean;
  /** File that a running lab has written. */
  readonly lab: string | undefined;
  /** Configuration of a deployment on AWS. */
  readonly config: string | undefined;
  /** Who asks, for the history; absent is the user of the machine. */
  readonly by: string | undefined;
  /** Look again and again, until interrupted; only a verb that reads has it. */
  readonly isWatching: boolean;
  /** Name of the deployment that is meant. */
  readonly deployment?: string | undefined;
  /** Nobody is to be asked whether the deployment is the one that is meant. */
  readonly isConfirmed?: boolean;
}

/** What is done with each request; a promise is awaited. */
export type GiveDraft = (draft: OperatorDraft, flags: OperatorFlags) => void | Promise<void>;

interface Flags {
  readonly json?: true;
  readonly lab?: string;
  readonly config?: string;
  readonly by?: string;
  readonly watch?: true;
  readonly since?: string;
  readonly deployment?: string;
  readonly yes?: true;
  readonly to?: string;
  readonly at?: string;
  readonly within?: string;
  readonly list?: true;
  readonly cancel?: true;
  readonly active?: string;
  readonly wait?: boolean;
  readonly reason?: string;
  readonly for?: string;
  readonly force?: true;
  readonly allowDataLoss?: true;
  readonly allowFailover?: true;
  readonly allowTwoWriters?: true;
  readonly withoutFenceProof?: true;
}

/**
 * Declares the verbs of operators on a parser: the one grammar for the command line, for scenario files and for tests.
 *
 * @param give - called once, by the verb that the line names
 */
export function addOperatorVerbs(parser: Verb, give: GiveDraft): void {
  const look = (name: string, args: string, description: string, ...examples: readonly string[]) =>
    declare(parser, name, args, description, examples);
  const add = (...given: Parameters<Add>) => takingSigns(look(...given));

  look(
    'status',
    '[service]',
    'say whether each service is protected, who is active, what the watchers hold, and why',
    'status',
    'status web --json',
    'status --watch',
  )
    .option('--watch', 'show it again whenever it changes, until Ctrl-C')
    .action((service: string | undefined, flags: Flags) =>
      give({ verb: 'status', service: service ?? null }, commonOf(flags)),
    );
  look('plan', '[service]', 'show what a move would do; nothing is written', 'plan web', 'plan web --to oregon')
    .option('--to <site>', 'site to go to; without it the best eligible one')
    .action((service: string | undefined, flags: Flags) =>
      give({ verb: 'plan', service: service ?? null, to: flags.to ?? null }, commonOf(flags)),
    );
  addMoves(add, give);
  addRescue(add, give);
  addFounding(add, give);
  addGates(add, give);
  addRelease(add, give);
  look('quorum', '[service]', 'say whether a failover could be decided now; exits 1 if not', 'quorum web').action(
    (service: string | undefined, flags: Flags) => give({ verb: 'quorum', service: service ?? null }, commonOf(flags)),
  );
  look(
    'explain',
    '[words...]',
    'say why a move was made, and how it went: the newest one, or one by its epoch',
    'explain web',
    'explain web 7',
    'explain web last',
  )
    .usage('[options] [service] [epoch|last]')
    .action((words: readonly string[], flags: Flags) =>
      give({ verb: 'explain', ...readExplain(words) }, commonOf(flags)),
    );
  look('history', '[service]', 'list the newest changes, newest first', 'history web', 'history web --since 12h')
    .option('--since <duration>', 'only what happened since then, such as 30m or 12h')
    .action((service: string | undefined, flags: Flags) =>
      give({ verb: 'history', service: service ?? null, sinceMs: readSince(flags.since) }, commonOf(flags)),
    );
}

/** The service and the run may each be left out; a service's name never is a number. */
function readExplain(words: readonly string[]) {
  const last = words.at(-1) ?? '';
  const isRun = last === 'last' || /^\d+$/.test(last);
  const names = isRun ? words.slice(0, -1) : words;
  if (names.length > 1) {
    const usage = 'cdk-failover explain SERVICE EPOCH, where EPOCH is a number of "cdk-failover history", or last';
    throw new FailoverError('USAGE', `say the service and the run: ${usage}`);
  }
  return { service: names[0] ?? null, ...(isRun && last !== 'last' ? { epoch: Number(last) } : {}) };
}

function readSince(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = durationMs(text);
  if (!(ms > 0)) throw new FailoverError('USAGE', `--since ${text}: write a duration such as 30m or 12h`);
  return ms;
}

type Add = (name: string, args: string, description: string, ...examples: readonly string[]) => Verb;

/** Verbs that change who is active. */
function addMoves(add: Add, give: GiveDraft): void {
  const addMove = (name: string, description: string, ...examples: readonly string[]) =>
    add(name, '[service]', description, ...examples).option('--no-wait', 'return after the decision');

  addMove(
    'switchover',
    'move to another site while all is well, now or at a time',
    'switchover web --to oregon',
    'switchover web --to oregon --at 2026-12-01T02:00Z --within 30m',
    'switchover --list',
    'switchover web --cancel',
  )
    .option('--to <site>', 'site to go to')
    .option('--at <time>', 'plan it for this time, with its zone, such as 2026-12-01T02:00Z; the watchers begin it')
    .option('--within <duration>', 'with --at: how long it may wait for what stands in its way; default: 10m')
    .option('--reason <text>', 'with --at: why, for the others', reasonText)
    .option('--list', 'list what is planned')
    .option('--cancel', 'take back what is planned')
    .action((service: string | undefined, flags: Flags) => {
      switch (switchoverManner(flags)) {
        case 'list':
          return give({ verb: 'planned', service: service ?? null }, commonOf(flags));
        case 'cancel':
          return giveCommand(give, service, flags, { verb: 'cancel-switchover' });
        case 'at':
          return giveCommand(give, service, flags, readPlannedOrder(flags));
        case 'now':
          return giveCommand(give, service, flags, { verb: 'switchover', to: flags.to ?? null });
      }
    });
  addMove(
    'failover',
    'leave a failing site now, without waiting for the watchers',
    'failover web --force',
    'failover web --to oregon --force --allow-data-loss',
  )
    .option('--to <site>', 'site to go to; without it the best eligible one')
    .option('--force', 'even if the active site is up, or a target is not known to be up')
    .option('--allow-data-loss', 'even if replication lags too far; kept in the history')
    .option('--without-fence-proof', 'with --force: even if the old site cannot be proven cut off')
    .action((service: string | undefined, flags: Flags) =>
      giveCommand(give, service, flags, {
        verb: 'failover',
        to: flags.to ?? null,
        isForced: flags.force ?? false,
        isDataLossAllowed: flags.allowDataLoss ?? false,
        isProofWaived: flags.withoutFenceProof ?? false,
      }),
    );
  addMove('failback', 'switch over to the preferred site', 'failback web').action(
    (service: string | undefined, flags: Flags) => giveCommand(give, service, flags, { verb: 'failback' }),
  );
}

/** Which of its four meanings a line of `switchover` has. */
function switchoverManner({ to, at, within, reason, list, cancel }: Flags): 'now' | 'at' | 'list' | 'cancel' {
  const isPlain = [to, at, within, reason].every((given) => given === undefined);
  if (list && (cancel || !isPlain)) throw new FailoverError('USAGE', '--list stands alone: switchover --list');
  if (cancel && !isPlain) throw new FailoverError('USAGE', '--cancel stands alone: switchover SERVICE --cancel');
  if (list) return 'list';
  if (cancel) return 'cancel';
  if (at !== undefined) return 'at';
  const [more] = [within === undefined ? [] : ['--within'], reason === undefined ? [] : ['--reason']].flat();
  if (more !== undefined) throw new FailoverError('USAGE', `${more} goes with --at, the time of a planned switchover`);
  return 'now';
}

function readPlannedOrder({ to, at = '', within, reason = 'no reason given' }: Flags): Command {
  const withinMs = within === undefined ? withinMsDefault : durationMs(within);
  if (!(withinMs > 0)) throw new FailoverError('USAGE', `--within ${within}: write a duration such as 10m or 1h`);
  return { verb: 'plan-switchover', to: to ?? null, atMs: readInstant('--at', at), withinMs, reason };
}

/** Verbs for a move that has not come to its end. */
function addRescue(add: Add, give: GiveDraft): void {
  add('continue', '[service]', 'try again, at once, what a move could not do', 'continue web')
    .option('--no-wait', 'return after the decision')
    .action((service: string | undefined, flags: Flags) => giveCommand(give, service, flags, { verb: 'continue' }));
  add('skip', '[step...]', 'go on with a move without one of its steps; says what that risks', 'skip web start')
    .usage('[options] [service] <step>')
    .option('--allow-two-writers', 'to skip the fence: the old site may still be written')
    .option('--no-wait', 'return after the decision')
    .action((words: readonly string[], flags: Flags) => {
      const { service, step } = readSkip(words);
      const areTwoWritersAllowed = flags.allowTwoWriters ?? false;
      return giveCommand(give, service, flags, { verb: 'skip', step, areTwoWritersAllowed });
    });
}

/** The service may be left out. */
function readSkip(words: readonly string[]) {
  const step = stepNames.find((name) => name === words.at(-1));
  if (step === undefined || words.length > 2) {
    const names = stepNames.join(', ');
    throw new FailoverError('USAGE', `say the service and one step: cdk-failover skip SERVICE STEP (steps: ${names})`);
  }
  return { step, service: words.length === 2 ? words[0] : undefined };
}

/** The way out when all memory of a service is lost. */
function addFounding(add: Add, give: GiveDraft): void {
  add(
    'found',
    '[service]',
    'begin the register again after its voters were lost for good, once its functions have been asked',
    'found web --active oregon',
  )
    .option('--active <site>', 'site that serves and writes now; nothing is moved')
    .option('--force', 'although the functions of the service say that another site does')
    .action((service: string | undefined, flags: Flags) =>
      give(
        { verb: 'found', service: service ?? null, active: flags.active ?? null, isForced: flags.force ?? false },
        commonOf(flags),
      ),
    );
}

/** The way out when nothing proves that a site that was left is a standby. */
function addRelease(add: Add, give: GiveDraft): void {
  add(
    'release',
    '[names...]',
    'open the fence of a site that was left, when you have made sure that nothing is written there',
    'release web virginia',
    'release web virginia --allow-two-writers',
  )
    .usage('[options] [service] <site>')
    .option('--allow-two-writers', 'even if its data takes writes, or nobody knows; kept in the history')
    .action((words: readonly string[], flags: Flags) => {
      const [site, service, ...more] = words.toReversed();
      if (site === undefined || more.length > 0)
        throw new FailoverError('USAGE', 'say the service and the site: cdk-failover release SERVICE SITE');
      const areTwoWritersAllowed = flags.allowTwoWriters ?? false;
      return giveCommand(give, service, flags, { verb: 'release', site, areTwoWritersAllowed });
    });
}

/** Shortest pause that ends by itself: some ticks of the watchers. Source: our own. */
const pauseMsMin = 60_000;
/** Longest one; what shall last longer, a person should end. Source: our own. */
const pauseMsMax = 30 * 24 * 3_600_000;

function readFor(text: string): number {
  const ms = durationMs(text);
  if (ms >= pauseMsMin && ms <= pauseMsMax) return ms;
  throw new FailoverError('USAGE', `--for ${text}: write a duration from 1m to 720h, such as 2h`);
}

/** Verbs that allow or forbid moves. */
function addGates(add: Add, give: GiveDraft): void {
  add(
    'pause',
    '[service]',
    'forbid automatic moves until resumed, or for a time',
    'pause web --reason "planned network work"',
    'pause web --for 2h --reason "planned network work"',
  )
    .option('--reason <text>', 'why, for the others', reasonText)
    .option('--for <duration>', "how long, such as 30m or 2h, by the watchers' clocks; without it until resumed")
    .action((service: string | undefined, flags: Flags) =>
      giveCommand(give, service, flags, {
        verb: 'pause',
        reason: flags.reason ?? 'no reason given',
        ...(flags.for === undefined ? {} : { forMs: readFor(flags.for) }),
      }),
    );
  add('resume', '[service]', 'allow automatic moves again', 'resume web').action(
    (service: string | undefined, flags: Flags) => giveCommand(give, service, flags, { verb: 'resume' }),
  );
  add('approve', '[service]', 'let the failover go that waits for a person', 'approve web').action(
    (service: string | undefined, flags: Flags) => giveCommand(give, service, flags, { verb: 'approve' }),
  );
  add('ack', '[service]', 'acknowledge the last failover: ends its block period', 'ack web').action(
    (service: string | undefined, flags: Flags) => giveCommand(give, service, flags, { verb: 'ack' }),
  );
  add(
    'maintenance',
    '[what...]',
    'take a site out of use, or put it back',
    'maintenance on web oregon',
    'maintenance web oregon off',
  )
    .usage('[options] on|off [service] <site>')
    .option('--allow-failover', 'if the site is active, switch over first')
    .option('--no-wait', 'return after the decision')
    .action((words: readonly string[], flags: Flags) => {
      const { isOn, service, site } = readMaintenance(words);
      const isFailoverAllowed = flags.allowFailover ?? false;
      return giveCommand(give, service, flags, { verb: 'maintenance', site, isOn, isFailoverAllowed });
    });
}

function declare(parser: Verb, name: string, args: string, description: string, examples: readonly string[]): Verb {
  return parser
    .command(name)
    .description(description)
    .argument(args, argumentHelp(args))
    .option('--json', 'print JSON')
    .option('--lab <file>', 'file written by the running lab; default: out/lab.json')
    .option('--config <file>', 'deployment on AWS; default, without a lab: failover.config.ts, failover.config.yaml')
    .option(
      '--deployment <name>',
      'name of the deployment that is meant, another one is refused; scripts that change AWS must give it',
    )
    .addHelpText('after', exampleText(examples));
}

/** Who changes something signs for it. A verb that only looks has nobody to write down, and nothing to be asked. */
function takingSigns(verb: Verb): Verb {
  return verb
    .option('--by <name>', 'who asks, for the history; default: your user name', personName)
    .option('--yes', 'do not ask for the name before AWS is changed');
}

function argumentHelp(args: string): string {
  if (args === '[service]') return 'may be left out when there is only one';
  if (args === '[words...]') return 'the service, where there are several, and the epoch of the run, or last';
  if (args === '[step...]') return 'the service, where there are several, and a step that the move waits for';
  return args === '[names...]'
    ? 'the service, where there are several, and the site'
    : 'on or off, the service, the site';
}

/** The examples at the end of a verb's help. */
export function exampleText(examples: readonly string[]): string {
  return ['\nExample:', ...examples.map((example) => `  cdk-failover ${example}`)].join('\n');
}

function commonOf(flags: Flags): OperatorFlags {
  const { json = false, watch: isWatching = false, yes: isConfirmed = false, lab, config, by, deployment } = flags;
  if (json && isWatching) throw new FailoverError('USAGE', '--watch is for people: leave out --json, or ask in a loop');
  return { json, lab, config, by, isWatching, deployment, isConfirmed };
}

function giveCommand(give: GiveDraft, service: string | undefined, flags: Flags, command: Command) {
  const draft = { verb: 'command', service: service ?? null, command, isWaiting: flags.wait ?? true } as const;
  return give(draft, commonOf(flags));
}

/** `on|off` stands first or last; the service may be left out. */
function readMaintenance(words: readonly string[]) {
  const isSwitch = (word: string | undefined) => word === 'on' || word === 'off';
  const [first, last] = [words[0], words.at(-1)];
  const [onOrOff, names] = isSwitch(first) ? [first, words.slice(1)] : [last, words.slice(0, -1)];
  const site = names.at(-1);
  if (!isSwitch(onOrOff) || site === undefined || names.length > 2) {
    throw new FailoverError(
      'USAGE',
      'say on or off, the service and the site: cdk-failover maintenance on SERVICE SITE',
    );
  }
  return { isOn: onOrOff === 'on', service: names.length === 2 ? names[0] : undefined, site };
}
