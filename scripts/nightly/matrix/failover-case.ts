import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { parseDeployment } from '../../../src/config/loader.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import { preferredSite } from '../../../src/core/model/service.ts';

/** Root of the repository. */
export const root = resolve(import.meta.dirname, '../../..');

/** Where the scenarios of findings are written, below the root. */
export const findingsFolder = 'out/nightly';

/** A fault of calls like these, as a scenario file has it. */
export interface CallFault {
  readonly api: string;
  readonly region: string;
  readonly by: string;
  readonly with: string;
  readonly atMs: number;
  readonly forMs: number;
}

/** A failover and the way back, of one example. */
export interface FailoverCase {
  readonly example: string;
  /** The site that stops: the preferred one of every service. */
  readonly site: string;
  readonly services: readonly string[];
  readonly stopMs: number;
  /** When the failover is over: just before the site comes back. */
  readonly movedMs: number;
  readonly endMs: number;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** When everything has settled after the start. */
const stopMs = 60_000;
/** Time for a move that boots nothing. Source: the bounds in docs/modes.md, which are below a minute, three times. */
const settleMs = 180_000;
/** A person who was refused tries once more after this. */
const againMs = 90_000;

/** The failover of a deployment: its site stops, comes back, and an operator moves the services back to it. */
export function failoverCase(example: string, deployment: Deployment): FailoverCase {
  const services = Object.entries(deployment.services);
  const [, first] = services[0] ?? [];
  if (first === undefined) throw new Error(`${example} has no service`);
  const site = preferredSite(first);
  const sites = services.flatMap((each) => Object.values(each[1].sites));
  const bootMs = Math.max(0, ...sites.filter(({ standby }) => standby !== 'hot').map((each) => each.bootMs));
  const phaseMs = settleMs + 2 * bootMs;
  const backMs = stopMs + phaseMs;
  const returnMs = backMs + phaseMs;
  const moved = services.filter(([, { mode }]) => mode === 'active-passive').map(([name]) => name);
  const tries = [returnMs, returnMs + againMs].flatMap((atMs, index) =>
    moved.map((name) => ({
      at: atMs,
      operator: `switchover ${name} --to ${site} --no-wait`,
      as: `${name}-${index + 1}`,
    })),
  );
  const copies = services.filter(([, { data }]) => data !== undefined && data !== null);
  return {
    example,
    site,
    services: services.map(([name]) => name),
    stopMs,
    movedMs: backMs - 1,
    endMs: returnMs + againMs + phaseMs,
    events: [
      { at: stopMs, stop: `site/${site}` },
      { at: backMs, start: `site/${site}` },
      ...copies.map(([name]) => ({ at: backMs + 30_000, set: { site: `${name}/${site}`, data: 'replica' } })),
      ...tries,
    ],
  };
}

/** The example's failover. */
export function readCase(example: string, read: (file: string) => string): FailoverCase {
  const file = join('examples', example, 'failover.config.yaml');
  return failoverCase(example, parseDeployment(read(file), file));
}

/**
 * The case as the text of a scenario file, which lies in `findingsFolder`.
 *
 * @param faults - calls that fail besides
 * @param expectations - what must be so
 */
export function scenarioText(
  { example, events, endMs }: FailoverCase,
  faults: readonly CallFault[],
  expectations: readonly unknown[],
): string {
  const fails = faults.map(({ atMs, forMs, ...fault }) => ({ at: atMs, fail: { ...fault, for: forMs, rate: 1 } }));
  return stringify({
    name: `${example} fails over and back${faults.map((fault) => `, ${fault.api} ${fault.with}`).join('')}`,
    config: `../../examples/${example}/failover.config.yaml`,
    seed: 1,
    duration: endMs,
    events: [...events, ...fails],
    expect: expectations,
  });
}
