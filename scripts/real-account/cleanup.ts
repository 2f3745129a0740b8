import { recordsStackName, regionStackName, stateTableName } from '../../src/config/plan/names.ts';
import { listIn, textsIn } from './aws-answers.ts';
import { namePrefix, type Options } from './options.ts';
import type { Tools } from './tools.ts';

interface Undo {
  readonly what: string;
  readonly undo: () => Promise<void>;
}

/** What is to be removed, whatever happens. */
export class Cleanup {
  readonly #undos: Undo[] = [];
  readonly #say: Tools['say'];
  #running: Promise<void> | null = null;

  constructor(say: Tools['say']) {
    this.#say = say;
  }

  /** Remembers how to undo what has just been made. */
  later(what: string, undo: () => Promise<void>): void {
    this.#undos.push({ what, undo });
  }

  /** Undoes everything, newest first. What fails is said and left behind for `findRemains`. Twice is once. */
  run(): Promise<void> {
    this.#running ??= this.#undoAll();
    return this.#running;
  }

  async #undoAll(): Promise<void> {
    for (const { what, undo } of this.#undos.splice(0).reverse()) {
      this.#say(`removing ${what}`);
      await undo().catch((error: unknown) => this.#say(`  could not: ${String(error).split('\n')[0]}`));
    }
  }
}

/**
 * Deletes what CloudFormation keeps on purpose: state tables and logs, only those whose name starts with the run's own.
 */
export async function removeRetained(tools: Tools, options: Options): Promise<void> {
  guardName(options.name);
  for (const region of options.regions) {
    const table = stateTableName(options.name);
    const here = ['--region', region];
    if ((await findTables(tools, options, region)).includes(table)) {
      await tools.aws('dynamodb', 'update-table', ...here, '--table-name', table, '--no-deletion-protection-enabled');
      await tools.aws('dynamodb', 'wait', 'table-exists', ...here, '--table-name', table);
      await tools.aws('dynamodb', 'delete-table', ...here, '--table-name', table);
    }
    for (const group of await findLogGroups(tools, options, region)) {
      await tools.aws('logs', 'delete-log-group', ...here, '--log-group-name', group);
    }
  }
}

/** Removes instances and addresses that a run tagged with its name, for a run that ended before it could. */
export async function removeTagged(tools: Tools, options: Options): Promise<void> {
  guardName(options.name);
  for (const region of options.regions) {
    const here = ['--region', region];
    const instances = await findInstances(tools, options, region);
    if (instances.length > 0) {
      await tools.aws('ec2', 'terminate-instances', ...here, '--instance-ids', ...instances);
      await tools.aws('ec2', 'wait', 'instance-terminated', ...here, '--instance-ids', ...instances);
    }
    for (const address of await findAddresses(tools, options, region)) {
      await tools.aws('ec2', 'release-address', ...here, '--allocation-id', address);
    }
  }
}

/** Everything in the account that still has the run's name; empty when all is gone. */
export async function findRemains(tools: Tools, options: Options): Promise<readonly string[]> {
  guardName(options.name);
  const remains: string[] = [];
  for (const region of options.regions) {
    const note = (kind: string, names: readonly string[]) =>
      remains.push(...names.map((name) => `${kind} ${name} in ${region}`));
    note('stack', await findStacks(tools, options, region));
    note('table', await findTables(tools, options, region));
    note('log group', await findLogGroups(tools, options, region));
    note('instance', await findInstances(tools, options, region));
    note('address', await findAddresses(tools, options, region));
  }
  return remains;
}

/** Stacks of a run, the records' first, as they depend on the regions'. */
export function stackNames(options: Options): readonly string[] {
  return [recordsStackName(options.name), ...options.regions.map((region) => regionStackName(options.name, region))];
}

async function findStacks(tools: Tools, options: Options, region: string): Promise<readonly string[]> {
  const answer = await tools.aws('cloudformation', 'describe-stacks', '--region', region);
  const names = listIn(answer, 'Stacks').map((stack) => String(stack.StackName));
  return names.filter((name) => stackNames(options).includes(name));
}

async function findTables(tools: Tools, options: Options, region: string): Promise<readonly string[]> {
  const names = textsIn(await tools.aws('dynamodb', 'list-tables', '--region', region), 'TableNames');
  return names.filter((name) => name.startsWith(`${options.name}-`));
}

async function findLogGroups(tools: Tools, options: Options, region: string): Promise<readonly string[]> {
  const prefix = `/aws/lambda/${options.name}-`;
  const answer = await tools.aws(
    ...['logs', 'describe-log-groups', '--region', region, '--log-group-name-prefix', prefix],
  );
  return listIn(answer, 'logGroups')
    .map((group) => String(group.logGroupName))
    .filter((name) => name.startsWith(prefix));
}

const tagged = (options: Options, region: string) => [
  ...['--region', region, '--filters', `Name=tag:Name,Values=${options.name}`],
];

async function findInstances(tools: Tools, options: Options, region: string): Promise<readonly string[]> {
  const live = 'Name=instance-state-name,Values=pending,running,stopping,stopped';
  const answer = await tools.aws('ec2', 'describe-instances', ...tagged(options, region), live);
  return listIn(answer, 'Reservations')
    .flatMap((one) => listIn(one, 'Instances'))
    .map((one) => String(one.InstanceId));
}

async function findAddresses(tools: Tools, options: Options, region: string): Promise<readonly string[]> {
  const answer = await tools.aws('ec2', 'describe-addresses', ...tagged(options, region));
  return listIn(answer, 'Addresses').map((one) => String(one.AllocationId));
}

/** Nothing is deleted under a name that this script did not make. */
function guardName(name: string): void {
  if (!new RegExp(`^${namePrefix}[a-z0-9]{8}$`).test(name)) throw new Error(`not a name of this script: ${name}`);
}
