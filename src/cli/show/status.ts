import { advice, adviceLine, fillIn } from '../../core/alerting/advice.ts';
import type { OwedReport } from '../../core/decision/owed-report.ts';
import { describeRun } from '../../core/decision/plan.ts';
import type { RunStatus, ServiceStatus, SiteStatus } from '../../core/operator/status.ts';
import { columns, duration, instant } from './layout.ts';
import { nextStep } from './next-step.ts';

/** What `cdk-failover status --json` prints. */
export interface StatusJson {
  readonly deployment: string;
  readonly services: Readonly<Record<string, ServiceStatus>>;
  /** Control regions whose table gave no answer, and why. */
  readonly silent: Readonly<Record<string, string>>;
}

/** One block a service. */
export function showStatus(json: StatusJson): string {
  const blocks = Object.entries(json.services).map(([name, service]) => showService(name, service, json.silent));
  return blocks.join('\n\n');
}

function endOfBlock(service: string): string {
  return fillIn(advice.endBlock.command, { service });
}

function showService(name: string, service: ServiceStatus, silent: StatusJson['silent']): string {
  const facts = [
    ...(service.pause ? [['paused', `by ${service.pause.by}: ${service.pause.reason}`]] : []),
    ...(service.blockLeftMs > 0
      ? [['block', `no automatic move back for ${duration(service.blockLeftMs)} more; "${endOfBlock(name)}" ends that`]]
      : []),
    ...silentWatchers(service, silent),
    ...votersRow(service),
    ...service.owed.map((owed) => ['fence', owedLine(owed)]),
    ...(service.run ? [['last run', titleOf(service.run)]] : []),
  ];
  const next = nextStep(name, service);
  return [
    `${name}: ${[...new Set([service.state, service.reason])].join(', ')} (${service.detail})`,
    `  ${whoIsActive(service)}`,
    '',
    columns(siteRows(service), '  '),
    ...(facts.length > 0 ? ['', columns(facts, '  ')] : []),
    ...stuckLines(service.stuck),
    ...(service.run ? runLines(service.run) : []),
    ...(next === null ? [] : ['', `  next: ${next}`]),
    ...service.owed.map(({ site }) => `  to open the fence of ${site} by hand: ${releaseLine(name, site)}`),
  ].join('\n');
}

/** Only what is not as it shall be: a list that is right is in `--json`. */
function votersRow({ voters }: ServiceStatus): readonly (readonly string[])[] {
  return voters === null || voters.waits === null ? [] : [['voters', `${voters.now.join(', ')}; ${voters.waits}`]];
}

function whoIsActive(service: ServiceStatus): string {
  if (service.active === null) return `active: ${lastKnown(service)}`;
  const serving = service.serving.join(', ') || 'none';
  const isSame = serving === service.active;
  const writer = service.writer === service.active ? '' : `; still written: ${service.writer}`;
  return `active: ${service.active} since epoch ${service.epoch}${isSame ? '' : `; serving: ${serving}`}${writer}`;
}

function releaseLine(service: string, site: string): string {
  return adviceLine(advice.releaseFence, { service, site });
}

function owedLine({ site, sinceEpoch, sinceAtMs, state, data, opensWhen }: OwedReport): string {
  const since = `owed since epoch ${sinceEpoch}${sinceAtMs === null ? '' : ` (${instant(sinceAtMs)})`}`;
  return `${site}: ${state}, ${since}${data === null ? '' : `; its data: ${data}`}; opens when ${opensWhen}`;
}

/** Better than nothing when a region is dark, as long as nobody takes it for certain. */
function lastKnown({ lastKnown: known }: ServiceStatus): string {
  if (known === null) return 'not known';
  return `not certain; the tables that answer say ${known.active} since epoch ${known.epoch}, which may be outdated`;
}

function siteRows(service: ServiceStatus): readonly (readonly string[])[] {
  const watchers = Object.keys(service.watchers);
  const sites = Object.values(service.sites);
  // Columns that would say the same of every site of most services are left out.
  const hasLoads = sites.some(({ load }) => load !== null);
  const isShared =
    sites.some(({ sharePercent }) => sharePercent > 0 && sharePercent < 100) || service.serving.length > 1;
  const rows = Object.entries(service.sites).map(([name, site]) => [
    name,
    site.role,
    site.verdict,
    ...watchers.map((watcher) => site.opinions[watcher] ?? service.watchers[watcher] ?? '-'),
    site.replicationLagMs === null ? '-' : duration(site.replicationLagMs),
    ...(hasLoads ? [site.load === null ? '-' : String(site.load)] : []),
    ...(isShared ? [`${site.sharePercent} %`] : []),
    whyNot(site),
  ]);
  return [
    [
      'site',
      'role',
      'verdict',
      ...watchers,
      'lag',
      ...(hasLoads ? ['load'] : []),
      ...(isShared ? ['share'] : []),
      'not eligible',
    ],
    ...rows,
  ];
}

/** The active site is not a candidate; to say so of it would only be noise. */
function whyNot(site: SiteStatus): string {
  return site.ineligible.filter((why) => why !== 'is-active').join(', ') || '-';
}

function silentWatchers(service: ServiceStatus, silent: StatusJson['silent']): readonly (readonly string[])[] {
  return Object.entries(service.watchers).flatMap(([region, state]) => {
    if (state === 'fresh') return [];
    const why =
      state === 'unreachable' ? `its table gives no answer (${silent[region] ?? 'unknown'})` : 'has not spoken';
    return [['watcher', `${region} ${why}`]];
  });
}

/** What is not so, where clients are meanwhile, and what can be typed. */
function stuckLines(stuck: ServiceStatus['stuck']): readonly string[] {
  if (stuck === null) return [];
  const rows = [
    ...stuck.notSo.map((line) => ['not so', line]),
    ['clients', `are sent to ${stuck.clients.join(', ') || 'nobody'}`],
    ...stuck.commands.map((line) => ['you can type', line]),
  ];
  return ['', columns(rows, '  ')];
}

function titleOf(run: RunStatus): string {
  const taken = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const holder = run.state === 'running' ? `, carried out by ${run.holder ?? 'nobody yet'}` : '';
  const title = `${describeRun(run)}, epoch ${run.epoch}${taken}: ${run.state}`;
  return `${title} (${run.reason}, by ${run.by}${holder})`;
}

function runLines(run: RunStatus): readonly string[] {
  const steps = run.steps.map((step) => [step.name, step.resource, step.state, step.detail]);
  const ledger = run.ledger.map((line) => [line.phase, instant(line.atMs), `+${duration(line.sinceStartMs)}`]);
  return [
    ...(steps.length > 0 ? ['', columns([['step', 'of', 'state', 'detail'], ...steps], '    ')] : []),
    ...(ledger.length > 0 ? ['', columns(ledger, '    ')] : []),
  ];
}
