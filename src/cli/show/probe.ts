import type { Observation, SiteReport } from '../../core/detection/observation.ts';
import type { Requirement } from '../../core/model/site.ts';
import { type Page, plainPage, plural, type Tone, wrap } from './layout.ts';
import { reportText, sawOf } from './probe-words.ts';

/** What `cdk-failover probe --json` prints. */
export interface ProbeJson {
  readonly deployment: string;
  /** Whether every site that was probed passes. */
  readonly isPassed: boolean;
  readonly services: Readonly<Record<string, { readonly sites: Readonly<Record<string, ProbedSite>> }>>;
}

/** One site, as its probes see it from here. */
export interface ProbedSite {
  /** By `require`. A missing answer is no failure, so it can be `unknown`. */
  readonly outcome: Observation['outcome'];
  readonly require: Requirement;
  readonly probes: readonly ProbedProbe[];
  /** The least favourable of what the answers say. */
  readonly report: SiteReport;
  /** The role that the site says, where the watchers judge it by the register; else null. */
  readonly roleToJudge: string | null;
}

/** One probe and what it saw. */
export interface ProbedProbe {
  readonly type: string;
  readonly target: string;
  /** What a good answer is. */
  readonly wanted: string;
  readonly isCorroborating: boolean;
  readonly dependency: string | null;
  readonly observation: Observation;
}

/** How each outcome is written, and how it looks. */
const outcomes: Readonly<Record<Observation['outcome'], readonly [word: string, tone: Tone]>> = {
  pass: ['PASS', 'good'],
  fail: ['FAIL', 'bad'],
  unknown: ['UNKNOWN', 'doubtful'],
};

/** A block a site: whether it passes and why, then three lines a probe. */
export function showProbes({ services }: ProbeJson, page: Page = plainPage): string {
  return Object.entries(services)
    .flatMap(([service, { sites }]) =>
      Object.entries(sites).map(([name, site]) => showSite(`${service}/${name}`, site, page)),
    )
    .join('\n\n');
}

function showSite(name: string, site: ProbedSite, page: Page): string {
  const [word, tone] = outcomes[site.outcome];
  const role =
    site.roleToJudge === null
      ? []
      : [`  says role ${site.roleToJudge}: a watcher fails it for that while the register calls it active`];
  return [
    marked(`${name}: ${word} (${countText(site)})`, '  ', word, tone, page),
    ...role.map((line) => wrap(line, page.width, '    ')),
    ...site.probes.flatMap((probe) => probeLines(probe, page)),
  ].join('\n');
}

/** Such as `1 of 2 probes passed, all must`. */
function countText({ probes, require }: ProbedSite): string {
  const plain = probes.filter(({ isCorroborating }) => !isCorroborating);
  const passed = plain.filter(({ observation }) => observation.outcome === 'pass').length;
  const needed = require === 'all' ? 'all' : require === 'any' ? 'one' : `${require.atLeast}`;
  return `${passed} of ${plural(plain.length, 'probe')} passed, ${needed} must`;
}

function probeLines(probe: ProbedProbe, page: Page): readonly string[] {
  const { type, target, wanted, observation, isCorroborating, dependency } = probe;
  const notes = [...(isCorroborating ? ['corroborating'] : []), ...(dependency === null ? [] : [`of ${dependency}`])];
  const says = observation.outcome === 'unknown' ? '' : reportText(observation.report ?? {});
  const detail = (label: string, text: string) => wrap(`    ${label.padEnd(6)}  ${text}`, page.width, ' '.repeat(12));
  const [title, tone] = outcomes[observation.outcome];
  const word = title.toLowerCase();
  const note = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return [
    marked(`  ${word}  ${type} ${target}${note}`, '        ', word, tone, page),
    detail('wanted', wanted),
    detail('saw', sawOf(observation)),
    ...(says === '' ? [] : [detail('says', says)]),
  ];
}

/** A line within the page, its word of outcome marked; marked last, since a mark has no width. */
function marked(line: string, hang: string, word: string, tone: Tone, page: Page): string {
  return wrap(line, page.width, hang).replace(word, page.mark(tone, word));
}
