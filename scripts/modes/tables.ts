import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { costOf } from '../../src/config/cost/cost.ts';
import { parseDeployment } from '../../src/config/loader.ts';
import { type Deployment, serviceOf } from '../../src/core/model/deployment.ts';
import { recoveryBound } from '../../src/core/timing.ts';
import { type Fault, faults } from './faults.ts';
import { type Outcome, tryFault } from './trial.ts';

/** A deployment of `examples/`. */
export interface Example {
  readonly name: string;
  readonly deployment: Deployment;
}

const root = resolve(import.meta.dirname, '..', '..');

/** Every example, by name. */
export function readExamples(): readonly Example[] {
  return readdirSync(join(root, 'examples'))
    .sort()
    .map((name) => {
      const file = join('examples', name, 'failover.config.yaml');
      return { name, deployment: parseDeployment(readFileSync(join(root, file), 'utf8'), file) };
    });
}

/**
 * Rows are faults, columns are examples; each cell is one simulated run.
 *
 * @throws when a run breaks a safety property
 */
export function faultTable(examples: readonly Example[]): string {
  const rows = faults.map((fault) => [fault.name, ...examples.map((example) => trialCell(example, fault))]);
  return table(['fault', ...examples.map(({ name }) => name)], rows);
}

function trialCell({ name, deployment }: Example, fault: Fault): string {
  const outcome = tryFault(deployment, fault);
  const [violation] = outcome.violations;
  if (violation) throw new Error(`${name}, ${fault.name}: ${violation.property} broken, ${violation.detail}`);
  return cellOf(outcome);
}

/** Bad answers among which a service counts as served: noise of a fault that is not the site's. */
const servedPercentMax = 5;

/** What came of a run, in a few words. */
export function cellOf({ moved, lastBadMs, badAtEndPercent, reason, isLastResort }: Outcome): string {
  const verb = moved.length > 0 ? 'moves' : 'stays';
  if (lastBadMs === 0) return moved.length > 0 ? 'moves, not felt' : 'not felt';
  if (isLastResort) return 'static endpoint';
  if (badAtEndPercent <= servedPercentMax) {
    return badAtEndPercent === 0 ? `${verb}, ${Math.ceil(lastBadMs / 1_000)} s` : `${verb}, in part`;
  }
  return `**${Math.round(badAtEndPercent)} % fail**: ${reason}`;
}

/** What each example is bound to and what it costs. */
export function costTable(examples: readonly Example[]): string {
  const usd = (value: number) => `$${value.toFixed(0)}`;
  const rows = examples.map(({ name, deployment }) => {
    const [first = ''] = Object.keys(deployment.services);
    const { detectMs, decideMs, totalMs } = recoveryBound(serviceOf(deployment, first));
    const { listUsd, afterFreeUsd } = costOf(deployment);
    return [
      `[${name}](../examples/${name}/failover.config.yaml)`,
      `${Math.ceil((detectMs + decideMs) / 1_000)} s`,
      `${Math.ceil(totalMs / 1_000)} s`,
      usd(listUsd),
      usd(afterFreeUsd),
    ];
  });
  return table(['example', 'decided within', 'recovered within', 'a month', 'after what is free'], rows);
}

/** A page with what stands between its markers made anew. */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/modes.md has no place for ${name}: ${begin} ... ${end}`);
    return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
  }, page);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
