import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseOperatorLine } from '../../../src/cli/operator/operator-line.ts';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import { parseDeployment } from '../../../src/config/loader.ts';
import { FailoverError, InvariantError } from '../../../src/core/errors.ts';

/** What a reader made of a text: null, or why it is refused. */
export type Answer = string | null;

/** Something that reads what people write, with sound texts to begin with. */
export interface Reader {
  readonly name: string;
  readonly samples: readonly string[];
  /** @throws whatever the product throws */
  readonly read: (text: string) => Answer;
  /** What a refusal must hold. */
  readonly namesPlace: (message: string) => boolean;
}

/** Lines of operators that are sound, but for the state of the deployment. */
const operatorLines: readonly string[] = [
  'status',
  'status web --json',
  'plan web --to oregon',
  'switchover web --to oregon --no-wait',
  'switchover web --to oregon --at 2030-01-01T02:00Z --within 30m',
  'failover web --to oregon --force --allow-data-loss',
  'pause web --for 2h --reason "a change of the network"',
  'resume web',
  'history web --since 2h',
  'explain web',
  'cdk-failover switchover web --to virginia --by "an operator"',
];

/** A file's own name in messages. */
const fileName = 'input.yaml';

const namesLineOrPath = (message: string) =>
  message.split('\n').every((line) => /^\S*input\.yaml(:\d+)?: \S/.test(line) || /^\S+\.ya?ml(:\d+)?: \S/.test(line));

/** The readers of configurations, scenarios and operators' lines, with what is in the repository as samples. */
export function readersOf(root: string): readonly Reader[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const configs = readdirSync(join(root, 'examples')).map((name) => read(`examples/${name}/failover.config.yaml`));
  const scenarios = readdirSync(join(root, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.yaml$/.test(file) && !/config\.yaml$/.test(file))
    .sort();
  const deployment = parseDeployment(read('examples/two-regions/failover.config.yaml'), fileName);
  return [
    {
      name: 'configuration',
      samples: configs,
      read: (text) => refusalOf(() => parseDeployment(text, fileName)),
      namesPlace: namesLineOrPath,
    },
    {
      name: 'scenario',
      samples: scenarios.map((file) => absolute(read(join('scenarios', file)), dirname(join(root, 'scenarios', file)))),
      read: (text) => refusalOf(() => readScenario(text, fileName, (path) => readFileSync(path, 'utf8'))),
      namesPlace: namesLineOrPath,
    },
    {
      name: 'operator',
      samples: operatorLines,
      read: (text) => {
        const line = parseOperatorLine(text, deployment);
        return 'request' in line ? null : line.message;
      },
      namesPlace: (message) => message.trim() !== '',
    },
  ];
}

/** The same scenario, whose configuration is found from anywhere. */
function absolute(text: string, folder: string): string {
  return text.replace(/^config: (\S+\.yaml)/m, (_, path: string) => `config: ${join(folder, path)}`);
}

/** @throws what is no refusal on purpose */
function refusalOf(work: () => unknown): Answer {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof FailoverError) || error instanceof InvariantError) throw error;
    return error instanceof ConfigError ? error.message : `${error.code}: ${error.message}`;
  }
}
