import { advice, adviceLine, fillIn } from '../../core/alerting/advice.ts';
import { approvalText } from '../../core/calendar/approval.ts';
import { pauseText } from '../../core/calendar/pause.ts';
import { plannedText } from '../../core/calendar/planned-words.ts';
import { passedTime } from '../../core/checkup/passed-time.ts';
import type { OwedReport } from '../../core/decision/owed-report.ts';
import { backupQuestions, backupText } from '../../core/detection/backup.ts';
import { dnsText } from '../../core/operator/dns-status.ts';
import { nextStep } from '../../core/operator/next-step.ts';
import { awayText } from '../../core/operator/planned/away-status.ts';
import { levelWords, type ProtectionLevel, protectionText } from '../../core/operator/protection.ts';
import type { RunStatus } from '../../core/operator/run-status.ts';
import type { SiteStatus } from '../../core/operator/site-status.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { describeRun } from '../../core/register/run-words.ts';
import { columns, duration, instant, type Page, plainPage, type Rows, type Tone, wrap } from './layout.ts';

/** What `cdk-failover status --json` prints. */
export interface StatusJson {
  readonly deployment: string;
  readonly services: Readonly<Record<string, ServiceStatus>>;
  /** Control regions whose table gave no answer, and why. */
  readonly silent: Readonly<Record<string, string>>;
}

/** How each level looks. */
const tones: Readonly<Record<ProtectionLevel, Tone>> = {
  protected: 'good',
  moving: 'doubtful',
  unprotected: 'bad',
  stuck: 'bad',
  'cannot-see': 'bad',
};

/**
 * A line on all services, one on each region that gives no answer, then one block a service; last, what could not be
 * read of votes and memories.
 */
export function showStatus(json: StatusJson, page: Page = plainPage): string {
  const services = Object.entries(json.services);
  const silent = Object.entries(json.silent).map(([region, why]) => `${region}: its table gives no answer (${why})`);
  const head =
    services.length > 1
      ? [
          countLevels(
            services.map(([, service]) => service),
            page,
          ),
        ]
      : [];
  const shared = sharedCauses(json);
  const causes = [...shared].map(([cause, names]) => `${names.join(', ')}: ${cause}`);
  const top = [...head, ...[...silent, ...causes].map((line) => wrap(line, page.width, '  '))];
  const blocks = services.map(([name, service]) => showService(name, service, page, new Set(shared.keys())));
  const unread = unreadLines(json).map((line) => wrap(line, page.width, '  '));
  const paragraphs = [top.join('\n'), ...blocks, unread.join('\n')];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

/** What several services lack for one and the same cause, with their names. */
function sharedCauses({ services }: Pick<StatusJson, 'services'>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [name, service] of Object.entries(services)) {
    for (const row of causeRows(service)) names.set(causeOf(row), [...(names.get(causeOf(row)) ?? []), name]);
  }
  return new Map([...names].filter(([, sharing]) => sharing.length > 1));
}

/** What is wrong outside a service's own register: watchers that do not speak, probes that fail. */
function causeRows(service: ServiceStatus): Rows {
  return [...silentWatchers(service), ...failureRows(service)];
}

function causeOf(row: Rows[number]): string {
  return row.join(' ');
}

/** Why votes and memories are not known, a line for each cause, of all services together. */
function unreadLines({ services }: Pick<StatusJson, 'services'>): readonly string[] {
  const regions = new Map<string, Set<string>>();
  for (const { dns } of Object.values(services)) {
    for (const [what, said] of [
      ['oracle', dns?.oracles],
      ['memory', dns?.memories],
    ] as const) {
      for (const [region, { why }] of Object.entries(said ?? {})) {
        if (why === null) continue;
        const line = `its ${what} is not known (${why})`;
        regions.set(line, (regions.get(line) ?? new Set()).add(region));
      }
    }
  }
  return [...regions].map(([line, names]) => `${[...names].join(', ')}: ${line}`);
}

/** Such as `2 PROTECTED, 1 UNPROTECTED`, the worst first. */
function countLevels(services: readonly ServiceStatus[], page: Page): string {
  const worstFirst = (Object.keys(tones) as ProtectionLevel[]).toReversed();
  return worstFirst
    .flatMap((level) => {
      const count = services.filter(({ protection }) => protection.level === level).length;
      return count === 0 ? [] : [`${count} ${levelWord(level, page)}`];
    })
    .join(', ');
}

function levelWord(level: ProtectionLevel, page: Page): string {
  return page.mark(tones[level], levelWords[level]);
}

function endOfBlock(service: string): string {
  return fillIn(advice.endBlock.command, { service });
}

function calendarRows({ calendar }: ServiceStatus): string[][] {
  const time = (ms: number) => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
  const freeze = calendar?.freeze ?? null;
  return [
    ...(calendar?.maintenance ?? []).map(({ site, untilMs }) => [
      'calendar',
      `work at ${site} until ${time(untilMs)}; no move by itself chooses it`,
    ]),
    ...(freeze === null
      ? []
      : [
          [
            'calendar',
            `frozen until ${time(freeze.untilMs)}: ${freeze.moves === 'all' ? 'nothing' : 'nothing planned'} moves by itself`,
          ],
        ]),
  ];
}

function approvalRows({ approval }: ServiceStatus): string[][] {
  if (approval === null) return [];
  return [['approval', approvalText(approval)]];
}

function plannedRows({ planned }: ServiceStatus): string[][] {
  if (planned === null) return [];
  const waits = planned.waitsFor === null ? [] : [['planned', `waits: ${planned.waitsFor}`]];
  return [['planned', plannedText(planned)], ...waits];
}

/**
 * @param shared - causes that are told once for several services
 */
function showService(name: string, service: ServiceStatus, page: Page, shared: ReadonlySet<string>): string {
  const facts = [
    ...(service.pause ? [['paused', pauseText(service.pause)]] : []),
    ...(service.blockLeftMs > 0
      ? [['block', `no automatic move back for ${duration(service.blockLeftMs)} more; "${endOfBlock(name)}" ends that`]]
      : []),
    ...calendarRows(service),
    ...approvalRows(service),
    ...plannedRows(service),
    ...(service.away === null ? [] : [['game day', awayText(service.away)]]),
    ...causeRows(service).filter((row) => !shared.has(causeOf(row))),
    ...votersRow(service),
    ...dnsRows(service),
    ...backupRows(service),
    ...service.owed.map((owed) => ['fence', owedLine(owed)]),
    ...(service.run ? [['last run', titleOf(service.run)]] : []),
  ];
  const next = nextStep(name, service);
  const { level } = service.protection;
  const line = (text: string, hang: string) => wrap(text, page.width, hang);
  const word = levelWords[level];
  return [
    line(`${name}: ${word}: ${protectionText(service.protection)}`, '  ').replace(word, levelWord(level, page)),
    line(`  ${[...new Set([service.state, service.reason])].join(', ')} (${service.detail})`, '    '),
    line(`  ${whoIsActive(service)}`, '    '),
    '',
    columns(siteRows(service), '  ', page.width),
    ...(facts.length > 0 ? ['', columns(facts, '  ', page.width)] : []),
    ...stuckLines(service.stuck, page),
    ...(service.run ? runLines(service.run, page) : []),
    ...(next === null ? [] : ['', line(`  next: ${next}`, '    ')]),
    ...service.owed.map(({ site }) =>
      line(`  to open the fence of ${site} by hand: ${releaseLine(name, site)}`, '    '),
    ),
  ].join('\n');
}

/** Only what is not as it shall be: a list that is right is in `--json`. */
function votersRow({ voters }: ServiceStatus): Rows {
  return voters === null || voters.waits === null ? [] : [['voters', `${voters.now.join(', ')}; ${voters.waits}`]];
}

function dnsRows({ dns }: ServiceStatus): Rows {
  if (dns === null) return [];
  const { leadsTo, followLeftMs } = dns;
  if (followLeftMs === null) return [['dns', dnsText(dns)]];
  const follows = `still leads to ${leadsTo?.join(', ')}, as it may after a move for ${duration(followLeftMs)} more`;
  return [
    ['dns', dnsText(dns)],
    ['dns', follows],
  ];
}

/** Only what is not as it shall be; ages that are right are in `--json`. */
function backupRows({ sites }: ServiceStatus): Rows {
  return Object.entries(sites).flatMap(([site, { backups }]) =>
    backupQuestions.flatMap((question) => {
      const said = backups[question];
      if (said === undefined || said.state === 'good') return [];
      const { ageMs, limitMs, state } = said;
      const answer = { question, limitMs, isGood: false, ageMs: state === 'unknown' ? undefined : ageMs };
      return [[question, `${site}: ${backupText(answer, passedTime)}`]];
    }),
  );
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

function siteRows(service: ServiceStatus): Rows {
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

/** A region whose table gives no answer is named once, above all services. */
function silentWatchers(service: ServiceStatus): Rows {
  return Object.entries(service.watchers).flatMap(([region, state]) =>
    state === 'silent' ? [['watcher', `${region} has not spoken`]] : [],
  );
}

/** What the probes of each site find wrong, watchers that find the same in one line. */
function failureRows({ sites }: ServiceStatus): Rows {
  return Object.entries(sites).flatMap(([site, { failures }]) => {
    const reasons = [...new Set(Object.values(failures))];
    return reasons.map((reason) => {
      const watchers = Object.keys(failures).filter((watcher) => failures[watcher] === reason);
      return ['failing', `${site}: ${reason}, seen from ${watchers.join(', ')}`];
    });
  });
}

/** What is not so, where clients are meanwhile, and what can be typed. */
function stuckLines(stuck: ServiceStatus['stuck'], page: Page): readonly string[] {
  if (stuck === null) return [];
  const rows = [
    ...stuck.notSo.map((line) => ['not so', line]),
    ['clients', `are sent to ${stuck.clients.join(', ') || 'nobody'}`],
    ...stuck.commands.map((line) => ['you can type', line]),
  ];
  return ['', columns(rows, '  ', page.width)];
}

function titleOf(run: RunStatus): string {
  const taken = run.attempt > 1 ? `, attempt ${run.attempt}` : '';
  const holder = run.state === 'running' ? `, carried out by ${run.holder ?? 'nobody yet'}` : '';
  const title = `${describeRun(run)}, epoch ${run.epoch}${taken}: ${run.state}`;
  return `${title} (${run.reason}, by ${run.by}${holder})`;
}

function runLines(run: RunStatus, page: Page): readonly string[] {
  const steps = run.steps.map((step) => [step.name, step.resource, step.state, step.detail]);
  const ledger = run.ledger.map((line) => [line.phase, instant(line.atMs), `+${duration(line.sinceStartMs)}`]);
  return [
    ...(steps.length > 0 ? ['', columns([['step', 'of', 'state', 'detail'], ...steps], '    ', page.width)] : []),
    ...(ledger.length > 0 ? ['', columns(ledger, '    ', page.width)] : []),
  ];
}
