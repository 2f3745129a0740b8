import { z } from 'zod';
import { closest } from '../config/closest-word.ts';
import { ConfigError } from '../config/config-error.ts';
import { dotted, type ParsedDocument, type Path, parseDocument } from '../config/document.ts';
import { findingsOf, shown } from '../config/findings.ts';
import { parseDeploymentValue, parseShape } from '../config/loader.ts';
import { findBreaches } from '../config/rules/rules.ts';
import { duration, durationText } from '../config/schema/duration.ts';
import { text, wholeNumber } from '../config/schema/fields.ts';
import { strict } from '../config/schema/strict-object.ts';
import type { Deployment } from '../core/model/deployment.ts';
import { lastInstantMs } from './expectations.ts';
import { timeMsMax } from './fields.ts';
import { namesInEvent, namesInExpectation } from './name-uses.ts';
import { knownNames, type Surroundings } from './names.ts';
import { applyOverrides, type Overrides, overrideOf, strayOverrides } from './overrides.ts';
import { PartReader } from './parts.ts';
import type { Expectation, Scenario, ScenarioEvent } from './scenario.ts';

/** How long a run goes on after its last instant when the file does not say. */
const tailMs = 30_000;
/** The same when the end is looked at, counted from the last event: time for a whole failover. */
const endTailMs = 60_000;
const seedDefault = 1;
/** How a command ends whose line cannot be read. */
const usageExit = 2;

const parts = (what: string) => z.array(z.unknown(), { error: `a list of ${what}` }).default([]);
const overridesField = z
  .record(z.string(), z.unknown(), { error: 'a mapping from dotted paths to values' })
  .default({});

/** A scenario file; its events and expectations are read one by one. */
export const fileShape = strict({
  name: text(300),
  source: text(1_000).optional(),
  config: z.union([z.string(), z.record(z.string(), z.unknown())], {
    error: 'the path of a configuration, or the mapping itself',
  }),
  overrides: overridesField,
  seed: wholeNumber(0, 4_294_967_295).default(seedDefault),
  duration: duration(1, timeMsMax).optional(),
  events: parts('events'),
  expect: parts('expectations'),
});

/**
 * Reads a scenario.
 *
 * @param fileName - as messages name it
 * @param readFile - reads a file that `config:` names, relative to the scenario
 * @param surroundings - what the world and the command line know
 * @throws {ConfigError} SCENARIO with everything that is wrong, by file, line and what is allowed; CONFIG when the
 *   configuration that it names is wrong by itself
 */
export function parseScenario(
  source: string,
  fileName: string,
  readFile: (relativePath: string) => string,
  surroundings: Surroundings,
): Scenario {
  const document = parseDocument(source, fileName, 'SCENARIO');
  const parsed = fileShape.safeParse(document.value);
  if (!parsed.success) {
    throw new ConfigError(fileName, findingsOf(parsed.error, document.value, document.lineOf), 'SCENARIO');
  }
  const file = parsed.data;
  const base = readBase(file.config, fileName, document, readFile);
  const configuration = overridden(base, file.overrides, fileName, (key) => document.lineOf(['overrides', key]));
  // Overrides may break rules on purpose (a quorum that nobody can reach); only the shape must be right.
  const deployment = parseShape(configuration, fileName, lineOfOverride(document, file.overrides), 'SCENARIO');

  const reader = new PartReader(fileName, document);
  const written = file.events.map((event, index) => reader.event(event, index));
  const events = written.flat();
  const read = file.expect.map((expectation, index) => reader.expectation(expectation, index));
  reader.throwIfWrong();

  const durationMs = file.duration ?? durationOf(events, read);
  const expectations = read.map((expectation) => bounded(expectation, durationMs));
  const deployments = [deployment, ...redeployments(configuration, events)];
  const names = knownNames(deployments, events, surroundings);
  for (const [index, [event]] of written.entries()) {
    if (event) reader.checkNames(['events', index], namesInEvent(event, names));
  }
  for (const [index, part] of read.entries()) {
    reader.checkNames(['expect', index], namesInExpectation(part, names));
  }
  checkTimes(reader, written, expectations, durationMs);
  checkOperators(reader, written, read, (line) => refusalBy(deployments, line, surroundings));
  reader.throwIfWrong();
  return {
    name: file.name,
    source: file.source ?? null,
    fileName,
    deployment,
    configuration,
    seed: file.seed,
    durationMs,
    events,
    expectations,
  };
}

/**
 * The configuration before overrides. It must be right by itself, by every rule, wherever it stands: only overrides say
 * that a rule is broken on purpose. A finding names the file in which it is.
 */
function readBase(
  config: string | Record<string, unknown>,
  fileName: string,
  document: ParsedDocument,
  readFile: (relativePath: string) => string,
): unknown {
  if (typeof config !== 'string') {
    parseDeploymentValue(config, fileName, (path) => document.lineOf(['config', ...path]), 'SCENARIO');
    return config;
  }
  const { value, lineOf } = parseDocument(readConfig(config, fileName, document, readFile), config);
  parseDeploymentValue(value, config, lineOf);
  return value;
}

function readConfig(
  path: string,
  fileName: string,
  { lineOf }: ParsedDocument,
  readFile: (relativePath: string) => string,
): string {
  try {
    return readFile(path);
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? null) : null;
    const finding = { path: 'config', line: lineOf(['config']), found: shown(path), hint: why };
    throw new ConfigError(fileName, [{ ...finding, allowed: 'a file that can be read' }], 'SCENARIO');
  }
}

/** @throws {ConfigError} SCENARIO, a line each, for overrides below a service or site that is not there */
function overridden(
  base: unknown,
  overrides: Overrides,
  fileName: string,
  lineOf: (override: string) => number | null,
): unknown {
  const strays = strayOverrides(base, overrides);
  if (strays.length === 0) return applyOverrides(base, overrides);
  throw new ConfigError(
    fileName,
    strays.map(({ override, what, name, known }) => {
      const near = closest(name, known);
      const hint = near === null ? null : `did you mean "${near}"?`;
      const allowed = `a ${what} of the configuration: ${known.join(', ')}`;
      return { path: `overrides.${override}`, line: lineOf(override), found: shown(name), allowed, hint };
    }),
    'SCENARIO',
  );
}

function lineOfOverride({ lineOf }: ParsedDocument, overrides: Overrides): (path: Path) => number | null {
  return (path) => {
    const override = overrideOf(path, overrides);
    return lineOf(override === null ? ['config'] : ['overrides', override]);
  };
}

/** Configurations that redeploys lead to, as far as they are well formed: a refused one is for the run to show. */
function redeployments(configuration: unknown, events: readonly ScenarioEvent[]): readonly Deployment[] {
  return events.flatMap((event) => {
    if (event.kind !== 'redeploy') return [];
    try {
      return [parseShape(applyOverrides(configuration, event.overrides), 'redeploy')];
    } catch (error) {
      if (error instanceof ConfigError) return [];
      throw error;
    }
  });
}

/**
 * Reads the configuration of a scenario with further changes: what a redeploy does.
 *
 * @throws {ConfigError} for what is not well formed, and for each rule that is broken and was not broken before: a
 *   scenario may break some on purpose
 */
export function redeployment({ configuration, deployment: before }: Scenario, overrides: Overrides): Deployment {
  const after = parseShape(
    overridden(configuration, overrides, 'redeploy', () => null),
    'redeploy',
  );
  const known = new Set(findBreaches(before).map((found) => JSON.stringify(found)));
  const broken = findBreaches(after).filter((found) => !known.has(JSON.stringify(found)));
  if (broken.length === 0) return after;
  throw new ConfigError(
    'redeploy',
    broken.map(({ path, ...found }) => ({ path: dotted(path), line: null, ...found })),
  );
}

/** Why a line means nothing to any of the deployments; null when it means something to one. */
function refusalBy(deployments: readonly Deployment[], line: string, { refusalOf }: Surroundings): string | null {
  const refusals = deployments.map((deployment) => refusalOf(line, deployment));
  return refusals.includes(null) ? null : (refusals[0] ?? null);
}

/** An operator's line that means nothing does nothing: it must be said that it is refused. */
function checkOperators(
  reader: PartReader,
  written: readonly (readonly ScenarioEvent[])[],
  expectations: readonly Expectation[],
  refusalOf: (commandLine: string) => string | null,
): void {
  const refused = expectations.flatMap(({ operator }) => (operator?.exit === usageExit ? [operator.name] : []));
  for (const [index, [event]] of written.entries()) {
    if (event?.kind !== 'operator' || refused.includes(event.as)) continue;
    const why = refusalOf(event.commandLine);
    if (why === null) continue;
    const allowed = `a line of an operator's verb, or that operator expected to end with exit: ${usageExit}`;
    reader.note(['events', index, 'operator'], shown(event.commandLine), allowed, why.split('\n').join('; '));
  }
}

function durationOf(events: readonly ScenarioEvent[], expectations: readonly Expectation[]): number {
  const lastEventMs = events.reduce((lastMs, { atMs }) => Math.max(lastMs, atMs), 0);
  const instants = expectations.map(lastInstantMs);
  const lastExpectedMs = Math.max(0, ...instants.map((instant) => instant ?? 0)) + tailMs;
  const isEndLookedAt = instants.length === 0 || instants.includes(null);
  return Math.max(lastExpectedMs, lastEventMs + (isEndLookedAt ? endTailMs : 0));
}

function bounded(expectation: Expectation, durationMs: number): Expectation {
  const { when } = expectation;
  return when.kind === 'always' && !Number.isFinite(when.toMs)
    ? { ...expectation, when: { ...when, toMs: durationMs } }
    : expectation;
}

/** What is due after the end of the run would never be looked at, and so would pass. */
function checkTimes(
  reader: PartReader,
  written: readonly (readonly ScenarioEvent[])[],
  expectations: readonly Expectation[],
  durationMs: number,
): void {
  const allowed = `at most ${durationText(durationMs)}, the length of the run`;
  const check = (path: Path, atMs: number) => {
    if (atMs > durationMs) reader.note(path, durationText(atMs), allowed, 'lengthen duration');
  };
  for (const [index, events] of written.entries()) {
    const last = events.at(-1);
    if (last) check(['events', index, events.length === 1 ? 'at' : 'every'], last.atMs);
  }
  for (const [index, { when }] of expectations.entries()) {
    if (when.kind === 'at') check(['expect', index, 'at'], when.atMs);
    if (when.kind === 'by') check(['expect', index, 'by'], when.byMs);
    if (when.kind === 'total') check(['expect', index, 'from'], when.fromMs);
    if (when.kind !== 'always') continue;
    check(['expect', index, 'to'], when.toMs);
    if (when.fromMs > when.toMs) {
      reader.note(['expect', index, 'from'], durationText(when.fromMs), `at most to, ${durationText(when.toMs)}`, null);
    }
  }
}
