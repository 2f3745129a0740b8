import { z } from 'zod';
import type { Deployment } from '../core/deployment.ts';
import { ConfigError, type Finding } from './config-error.ts';
import { closest, findingsOf, type ParsedDocument, parseDocument } from './document.ts';
import { duration } from './duration.ts';
import { applyOverrides, parseDeploymentValue, parseShape } from './load.ts';
import type { Expectation, Scenario, ScenarioEvent, SiteName, Target } from './scenario.ts';
import { eventKinds, eventShape, makeEvent } from './scenario-events.ts';
import { expectationShape, lastInstant, makeExpectation } from './scenario-expectations.ts';
import { strict } from './strict.ts';

/** How long a run goes on after its last instant when the file does not say. */
const tailMs = 30_000;
/** The same when only the end is looked at, counted from the last event: time for a whole failover. */
const endTailMs = 60_000;

const fileShape = strict({
  name: z.string().min(1),
  source: z.string().optional(),
  config: z.union([z.string(), z.record(z.string(), z.unknown())]),
  overrides: z.record(z.string(), z.unknown()).default({}),
  seed: z.number().int().min(0).default(1),
  duration: duration(1, 400 * 86_400_000).optional(),
  events: z.array(z.unknown()).default([]),
  expect: z.array(z.unknown()).default([]),
});

/**
 * Reads a scenario.
 *
 * @param readFile - reads a file that `config:` names, relative to the scenario
 * @throws {ConfigError} with file, line and what is allowed
 */
export function parseScenario(text: string, fileName: string, readFile: (relativePath: string) => string): Scenario {
  const document = parseDocument(text, fileName, 'SCENARIO');
  const parsed = fileShape.safeParse(document.value);
  if (!parsed.success)
    throw new ConfigError(fileName, findingsOf(parsed.error, document.value, document.lineOf), 'SCENARIO');
  const file = parsed.data;
  const base =
    typeof file.config === 'string'
      ? parseDocument(readConfig(file.config, fileName, readFile), file.config).value
      : file.config;
  const configuration = applyOverrides(base, file.overrides);
  // Overrides may break rules on purpose (a quorum that nobody can reach); only the shape must be right.
  const deployment = parseShape(configuration, `${fileName} (config)`);

  const reader = new PartReader(fileName, document);
  const events = file.events.map((event, index) => reader.event(event, index));
  const expectations = file.expect.map((expectation, index) => reader.expectation(expectation, index));
  events.forEach((event, index) => reader.checkNames(event, index, deployment));
  reader.throwIfWrong();
  const durationMs = file.duration ?? durationOf(events, expectations);
  return {
    name: file.name,
    source: file.source ?? null,
    fileName,
    deployment,
    configuration,
    seed: file.seed,
    durationMs,
    events,
    expectations: expectations.map((expectation) => bounded(expectation, durationMs)),
  };
}

/** Reads the configuration of a scenario with further changes, by all the rules: what a redeploy does. */
export function redeployment(scenario: Scenario, overrides: Readonly<Record<string, unknown>>): Deployment {
  return parseDeploymentValue(applyOverrides(scenario.configuration, overrides), 'redeploy');
}

function readConfig(path: string, fileName: string, readFile: (relativePath: string) => string): string {
  try {
    return readFile(path);
  } catch {
    const finding = { path: 'config', line: null, found: path, allowed: 'a file that can be read', wayOut: null };
    throw new ConfigError(fileName, [finding], 'SCENARIO');
  }
}

function durationOf(events: readonly ScenarioEvent[], expectations: readonly Expectation[]): number {
  const lastEventMs = Math.max(0, ...events.map((event) => event.atMs));
  const lastExpectedMs = Math.max(0, ...expectations.map(lastInstant));
  return Math.max(lastEventMs + endTailMs, lastExpectedMs + tailMs);
}

function bounded(expectation: Expectation, durationMs: number): Expectation {
  const { when } = expectation;
  return when.kind === 'always' && !Number.isFinite(when.toMs)
    ? { ...expectation, when: { ...when, toMs: durationMs } }
    : expectation;
}

/** Reads the parts of one file and collects what is wrong with them. */
class PartReader {
  readonly #fileName: string;
  readonly #document: ParsedDocument;
  readonly #findings: Finding[] = [];

  constructor(fileName: string, document: ParsedDocument) {
    this.#fileName = fileName;
    this.#document = document;
  }

  event(value: unknown, index: number): ScenarioEvent {
    const kind = eventKinds.find((name) => value !== null && typeof value === 'object' && name in value);
    const line = this.#document.lineOf(['events', index]);
    if (kind === undefined) {
      const written = Object.keys((value ?? {}) as object).find((key) => key !== 'at') ?? '';
      const near = closest(written, eventKinds);
      this.#note(
        ['events', index],
        written,
        `one of ${eventKinds.join(', ')}`,
        near === null ? null : `did you mean "${near}"?`,
      );
      return nothingHappens;
    }
    const parsed = eventShape(kind).safeParse(value);
    if (parsed.success) return makeEvent(kind, parsed.data as never, line);
    this.#noteAll(parsed.error, ['events', index]);
    return nothingHappens;
  }

  expectation(value: unknown, index: number): Expectation {
    const parsed = expectationShape.safeParse(value);
    if (parsed.success) return makeExpectation(parsed.data, this.#document.lineOf(['expect', index]));
    this.#noteAll(parsed.error, ['expect', index]);
    return { line: null, when: { kind: 'end' } };
  }

  /** Whether what an event names is there. */
  checkNames(event: ScenarioEvent, index: number, deployment: Deployment): void {
    const known = knownNames(deployment);
    for (const [kind, name] of namesIn(event)) {
      if (known[kind].includes(name)) continue;
      this.#note(['events', index], name, `a ${kind} of the configuration: ${known[kind].join(', ')}`, null);
    }
  }

  throwIfWrong(): void {
    if (this.#findings.length > 0) throw new ConfigError(this.#fileName, this.#findings, 'SCENARIO');
  }

  #noteAll(error: z.ZodError, above: (string | number)[]): void {
    const found = findingsOf(error, valueAt(this.#document.value, above), (path) =>
      this.#document.lineOf([...above, ...path]),
    );
    this.#findings.push(
      ...found.map((finding) => ({
        ...finding,
        path: [...above, finding.path].filter((part) => part !== '').join('.'),
      })),
    );
  }

  #note(path: (string | number)[], found: string, allowed: string, wayOut: string | null): void {
    this.#findings.push({
      path: path.join('.'),
      line: this.#document.lineOf(path),
      found: JSON.stringify(found),
      allowed,
      wayOut,
    });
  }
}

/** Stands in for an event that could not be read; the file is refused before it could happen. */
const nothingHappens: ScenarioEvent = { atMs: 0, line: null, kind: 'redeploy', overrides: {}, as: null };

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)?.[part], value);
}

type NameKind = 'site' | 'control region' | 'region';

function knownNames(deployment: Deployment): Readonly<Record<NameKind, readonly string[]>> {
  const sites = Object.entries(deployment.services).flatMap(([service, config]) =>
    Object.keys(config.sites).flatMap((site) => [site, `${service}/${site}`]),
  );
  const siteRegions = Object.values(deployment.services).flatMap(({ sites: all }) =>
    Object.values(all).map(({ region }) => region),
  );
  return {
    site: [...new Set(sites)],
    'control region': deployment.controlRegions,
    region: [...new Set([...deployment.controlRegions, ...siteRegions])],
  };
}

function namesIn(event: ScenarioEvent): readonly (readonly [NameKind, string])[] {
  switch (event.kind) {
    case 'stop':
    case 'start':
    case 'hang':
      return [targetName(event.target)];
    case 'freeze':
    case 'crash':
      return [['control region', event.watcher]];
    case 'lose':
      return [['control region', event.table]];
    case 'skew':
      return [['control region', event.region]];
    case 'slow':
    case 'break':
    case 'set':
      return [['site', siteText(event.site)]];
    case 'cut':
    case 'heal':
      return event.ends.flatMap(endName);
    case 'fail':
      return event.region === null ? [] : [['region', event.region]];
    case 'misplace':
    case 'redeploy':
    case 'operator':
      return [];
  }
}

function siteText({ service, name }: SiteName): string {
  return service === null ? name : `${service}/${name}`;
}

function targetName(target: Target): readonly [NameKind, string] {
  if (target.kind === 'site') return ['site', siteText(target)];
  return [target.kind === 'region' ? 'region' : 'control region', target.name];
}

function endName(end: string): readonly (readonly [NameKind, string])[] {
  if (end === 'clients') return [];
  const parts = end.split('/');
  if (parts[0] === 'site') return [['site', parts.slice(1).join('/')]];
  return [['region', parts.at(-1) ?? end]];
}
