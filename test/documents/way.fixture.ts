import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { splitWords } from '../../src/cli/words.ts';

const root = join(import.meta.dirname, '../..');

/**
 * How a command of a document is run, so that no reader is the first to do so: for real by the tests of the documents,
 * by an operator of a scenario, by another test or script that has these words in it, or not at all, for a reason.
 */
export type Way =
  | { readonly kind: 'here' | 'scenario' }
  | { readonly kind: 'elsewhere'; readonly file: string; readonly words: string }
  | { readonly kind: 'never'; readonly why: string };

const here: Way = { kind: 'here' };
const scenario: Way = { kind: 'scenario' };
const elsewhere = (file: string, words: string): Way => ({ kind: 'elsewhere', file, words });
const never = (why: string): Way => ({ kind: 'never', why });

const inCi = (step: string) => elsewhere('.ci/run', step);
const inDrills = (words: string) => elsewhere('test/e2e/drill.e2e.test.ts', words);
const inCommandTest = (name: string, words: string) => elsewhere(`test/unit/cli/${name}-command.test.ts`, words);
const inPackageCheck = (words: string) => elsewhere('scripts/package-check.ts', words);

const changesAws = never(
  'changes an account of AWS; .ci/run synthesizes the templates, npm run e2e runs what is in them',
);
const isForeign = never('is a program of others, and leaves nothing that a command of ours reads in a test');
const takesNetwork = never('takes packages from a registry; npm run package:check does so with the tarball');
const takesLong = never('takes longer than .ci/run has');

/** What the command line of this project does, by what follows its name; the first that fits counts. */
const ownWays: readonly (readonly [RegExp, Way])[] = [
  [/^validate .*--against aws$/, elsewhere('test/e2e/doctor-aws.e2e.test.ts', "'--against', 'aws'")],
  [/^cost out\/real-account\//, never('reads what a trial in a real account leaves')],
  [/^(?:validate|cost) \S/, here],
  [/^(?:validate|cost)$/, here],
  [/^init --name /, here],
  [/^init --records$/, inCommandTest('deploy/init', 'records: true')],
  [/^init$/, inCommandTest('deploy/init', 'ask:')],
  [/^completion \S/, here],
  [/^predict --lose \S+ --at-rest$/, here],
  [/^predict\b/, inCommandTest('operator/predict', 'predictIn(')],
  [/^tune\b/, inCommandTest('deploy/tune', 'await tune(')],
  [/^probe\b/, inCommandTest('deploy/probe', 'await probe(')],
  [/^simulate (?:--trace )?\S+\.yaml$/, here],
  [/^simulate scenarios$/, inCi('npm run simulate')],
  [/^simulate\b/, inCommandTest('simulate/simulate', 'await simulate(')],
  [/^fuzz --planted$/, inCi('fuzz --planted')],
  [/^fuzz\b/, inCi('fuzz --seeds 100')],
  [/^doctor\b/, elsewhere('test/e2e/doctor-aws.e2e.test.ts', "'doctor'")],
  [/^drill .*--fault by-hand$/, inDrills("'--fault', 'by-hand'")],
  [/^drill .*--stop-command .*--start-command /, inDrills("'--stop-command', stopCommand, '--start-command'")],
  [/^drill --fault hang$/, inDrills("(['kill', 'hang'])")],
  [/^drill$/, inPackageCheck("'drill'")],
  [/^lab --config /, elsewhere('test/e2e/live-page.e2e.test.ts', "'lab'")],
  [/^lab\b/, elsewhere('test/e2e/live-page.e2e.test.ts', "'lab'")],
  [/^dashboard\b/, elsewhere('test/e2e/aws-page.e2e.test.ts', "'dashboard'")],
  [/^watch\b/, inCommandTest('watch/watch', 'watchTarget(')],
  [/^gameday .*--fis-template /, elsewhere('test/unit/cli/gameday/gameday-wish.test.ts', 'fisTemplate:')],
  [/^gameday\b/, elsewhere('test/e2e/gameday.e2e.test.ts', "'gameday'")],
  [/^status --watch$/, inCommandTest('operator/operator', 'watch({ ...target')],
  [/^skip [A-Z]+$/, never('is the name of a verb in a sentence; whole commands of it stand in the runbook')],
  // Operators' verbs, all the others.
  [/^/, scenario],
];

/** Steps of `.ci/run`; what it does not name is told below. */
const scripts = 'drill|simulate|synth|model|e2e|check|coverage|package:check|bench';

/** The same of other programs. */
const otherWays: readonly (readonly [RegExp, Way])[] = [
  [/^npm (?:ci|test)$/, inCi('npm ci')],
  [/^npm pack$/, inPackageCheck("'pack'")],
  [/^npm install\b/, takesNetwork],
  [/^npm run fuzz\b/, inCi('cdk-failover fuzz')],
  ...scripts
    .split('|')
    .map((name) => [new RegExp(`^npm run ${name}(?: -- --json)?$`), inCi(`npm run ${name}`)] as const),
  [/^npm run build$/, elsewhere('package.json', '"prepare": "npm run build"')],
  [/^npm run docs$/, elsewhere('test/unit/config/config-page.test.ts', 'configPage()')],
  [/^npm run docs:site$/, elsewhere('test/unit/website/site-check.test.ts', 'site')],
  [/^npm run nightly$/, elsewhere('test/unit/scripts/nightly.test.ts', 'nightly')],
  [/^npm run (?:bench:peers|bench:watcher|mutate|mutants)\b/, takesLong],
  [/^npx tsx scripts\/real-account\.ts /, elsewhere('test/unit/scripts/real-account.test.ts', 'real-account')],
  [/^npx tsx scripts\/config-page\.ts$/, elsewhere('test/unit/config/config-page.test.ts', 'configPage()')],
  [/^npx vitest run /, inCi('npm run coverage')],
  [/^npx biome check /, elsewhere('package.json', 'biome check --error-on-warnings .')],
  [/^(?:npx )?cdk init$/, inPackageCheck("'init', 'app'")],
  [/^(?:npx )?cdk synth$/, inPackageCheck("'cdk', 'synth'")],
  [/^(?:npx )?cdk (?:deploy|destroy|bootstrap)\b/, changesAws],
  [/^aws secretsmanager /, changesAws],
  [/^node health\.mjs$/, elsewhere('test/unit/adapters/net/health-answers.test.ts', 'health.mjs')],
  [/^(?:mkdir|echo|python3) /, isForeign],
];

/** The form that a command has, and its way; undefined for one that nobody has thought of. */
function formOf(command: string): readonly [RegExp, Way] | undefined {
  const own = /^(?:npx )?cdk-failover (.*)$/.exec(command)?.[1];
  return own === undefined ? otherWays.find(([form]) => form.test(command)) : ownWays.find(([form]) => form.test(own));
}

/** @returns null for a command that nobody has thought of */
export function wayOf(command: string): Way | null {
  return formOf(command)?.[1] ?? null;
}

/** Forms that none of these commands has: what they say is old. */
export function unusedForms(commands: readonly string[]): readonly RegExp[] {
  const used = new Set(commands.map((command) => formOf(command)?.[0]));
  return [...ownWays, ...otherWays].map(([form]) => form).filter((form) => !used.has(form));
}

/** Verb and options of an operator's line, without names: what is the same in a line that counts as carried out. */
export function manner(line: string): string {
  const [verb = '', ...words] = splitWords(line.replace(/^(?:npx )?cdk-failover /, ''));
  const state = verb === 'maintenance' ? words.find((word) => word === 'on' || word === 'off') : undefined;
  // Whether the command line waits for the end is no matter of what is asked.
  const options = words
    .filter((word) => word.startsWith('--') && word !== '--no-wait')
    .map((word) => word.split('=')[0]);
  return [verb, ...(state === undefined ? [] : [state]), ...options.toSorted()].join(' ');
}

/** What operators do in the scenarios of the repository. */
export function mannersOfScenarios(): ReadonlySet<string> {
  const folder = join(root, 'scenarios');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const events = files.flatMap((name): readonly { readonly operator?: unknown }[] => {
    const text = readFileSync(join(folder, name), 'utf8');
    return text.includes('operator:') ? (parse(text).events ?? []) : [];
  });
  // A line with a quote that is not closed is what some scenario is about.
  const lines = events.flatMap(({ operator }) => (typeof operator === 'string' ? [operator] : []));
  return new Set(lines.flatMap((line) => (line.split('"').length % 2 === 1 ? [manner(line)] : [])));
}
