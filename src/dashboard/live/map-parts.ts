import type { Deployment } from '../../core/model/deployment.ts';
import type { SiteStatus } from '../../core/operator/site-status.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { escapeHtml } from '../html.ts';
import type { Breakage, PageState, PageTarget, Said, Trouble } from './page-state.ts';
import { durationText, sinceHtml } from './time-text.ts';

/** A word in a small box; the tone is told by colour and by the word. */
export function chip(tone: string, text: string): string {
  return `<span class="chip ${tone}">${escapeHtml(text)}</span>`;
}

/** Says that something cannot be read from here, so that what stands beside it is old; empty when it can. */
export function troubleHtml(trouble: Trouble | undefined): string {
  if (trouble === undefined) return '';
  return `<p>${chip('down', 'cannot see')} <small>${escapeHtml(trouble.why)}, ${sinceHtml(trouble.sinceMs)}</small></p>`;
}

/** The parts of the map that change: one a control region, one a site of each service. */
export function mapParts(target: PageTarget, state: PageState): Readonly<Record<string, string>> {
  const { controlRegions, services } = target.deployment;
  const regions = controlRegions.map((region) => [`region/${region}`, regionHtml(target, state, region)]);
  const sites = Object.entries(services).flatMap(([service, { sites: places }]) =>
    Object.keys(places).map((site) => [
      `site/${service}/${site}`,
      siteHtml(controlRegions, state, service, site, state.broken),
    ]),
  );
  return Object.fromEntries([...regions, ...sites]);
}

/** What each watcher that is not fresh is called, and how it looks. */
const silences: Readonly<Record<'silent' | 'unreachable', string>> = {
  silent: 'silent',
  unreachable: 'not to be read',
};

function regionHtml(target: PageTarget, state: PageState, region: string): string {
  const lines = [
    ['watcher', watcherHtml(state, region)],
    ['table', tableHtml(state, region)],
    ...saidLine('oracle', target, state, state.oracles, region),
    ...saidLine('memory', target, state, state.memories, region),
  ];
  return `<dl>${lines.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('')}</dl>${brokenHtml(state.broken, 'region', region)}`;
}

function watcherHtml({ status, heardAtMs }: PageState, region: string): string {
  const [first] = Object.values(status?.services ?? {});
  const watcher = first?.watchers[region];
  if (watcher === undefined) return chip('unknown', 'unknown');
  if (watcher === 'fresh') return chip('well', 'fresh');
  const heard = heardAtMs[region] ?? null;
  const age = heard === null ? 'not heard since this page is read' : `last heard ${sinceHtml(heard)}`;
  return `${chip('unknown', silences[watcher])} <small>${age}</small>`;
}

function tableHtml({ status }: PageState, region: string): string {
  if (status === null) return chip('unknown', 'unknown');
  const why = status.silent[region];
  return why === undefined ? chip('well', 'answers') : `${chip('down', 'no answer')} <small>${escapeHtml(why)}</small>`;
}

type Voice = 'oracle' | 'memory';

/** What each says of a site that it holds for left, and of one that it does not. */
const voiceWords: Readonly<Record<Voice, (site: string, isOff: boolean) => string>> = {
  oracle: (site, isOff) => (isOff ? `votes ${site} off` : `${site}: no vote`),
  memory: (site, isOff) => (isOff ? `${site} was left` : `${site}: not left`),
};

/** What a region's oracle or memory says of each site; nothing where there is none. */
function saidLine(
  voice: Voice,
  { deployment }: PageTarget,
  { troubles }: PageState,
  all: PageState['oracles'],
  region: string,
): readonly (readonly [string, string])[] {
  if (all === null) return [];
  return [[voice, `${troubleHtml(troubles.dns)}${saidHtml(voice, deployment, all[region])}`]];
}

/** What was read before it fell silent is shown as old. */
function saidHtml(voice: Voice, { services }: Deployment, said: Said | undefined): string {
  if (said === undefined) return chip('unknown', 'unknown');
  const words = Object.entries(said.isOff).map(([site, isOff]) => {
    const name = Object.keys(services).length > 1 ? site : (site.split('/')[1] ?? site);
    return chip(isOff ? 'vote' : 'quiet', voiceWords[voice](name, isOff));
  });
  if (said.trouble === null) return words.join(' ') || chip('unknown', 'unknown');
  const { why, sinceMs } = said.trouble;
  const old = words.length === 0 ? '' : ` <small>before that:</small> <span class="old">${words.join(' ')}</span>`;
  return `${chip('unknown', 'unknown')} <small>${escapeHtml(why)}, ${sinceHtml(sinceMs)}</small>${old}`;
}

/** Roles as chips. Only a site that serves is filled. */
const roleTones: Readonly<Record<SiteStatus['role'], string>> = {
  active: 'serves',
  standby: 'quiet',
  maintenance: 'suspect',
  lost: 'down',
  withdrawn: 'suspect',
  unknown: 'unknown',
};

const verdictTones: Readonly<Record<SiteStatus['verdict'], string>> = {
  up: 'well',
  degraded: 'suspect',
  down: 'down',
  unclear: 'unknown',
};

function siteHtml(
  regions: readonly string[],
  { status }: PageState,
  service: string,
  site: string,
  broken: readonly Breakage[],
): string {
  const known = status?.services[service];
  const fault = brokenHtml(broken, 'site', site);
  const seen = known?.sites[site];
  if (known === undefined || seen === undefined) return `<p>${chip('unknown', 'unknown')}</p>${fault}`;
  const opinions = regions.map((region) => opinionHtml(known, seen, region));
  return [
    `<p>${chip(roleTones[seen.role], seen.role)} ${clientsHtml(known, site)}</p>`,
    `<p><small>verdict</small> ${chip(verdictTones[seen.verdict], seen.verdict)}</p>`,
    `<ul class="opinions">${opinions.join('')}</ul>`,
    ...factLines(seen).map((line) => `<p class="fact">${escapeHtml(line)}</p>`),
    fault,
  ].join('');
}

/** Where the register sends clients; where DNS leads them elsewhere, both. */
function clientsHtml({ serving, active, writer, dns }: ServiceStatus, site: string): string {
  const isAstray = dns?.state === 'differs' || dns?.state === 'follows';
  const isSent = active !== null && serving.includes(site);
  const facts = [
    ...(isSent ? [isAstray ? 'the register sends clients here' : 'clients are sent here'] : []),
    ...(isAstray && dns.leadsTo?.includes(site) ? ['DNS leads clients here'] : []),
    ...(writer === site && active !== site ? ['still written'] : []),
  ];
  return facts.map((fact) => `<small>${fact}</small>`).join(' ');
}

function opinionHtml({ watchers }: ServiceStatus, { opinions, failures }: SiteStatus, region: string): string {
  const opinion = opinions[region];
  const said = opinion ?? (watchers[region] === 'fresh' ? 'no word' : silences[watchers[region] ?? 'silent']);
  const tone = opinion === 'up' ? 'well' : opinion === 'down' || opinion === 'suspect' ? opinion : 'unknown';
  const failure = failures[region];
  const why = failure === undefined ? '' : ` <small>${escapeHtml(failure)}</small>`;
  return `<li><span class="who">${escapeHtml(region)}</span> ${chip(tone, said)}${why}</li>`;
}

function factLines({ replicationLagMs, load, sharePercent, ineligible }: SiteStatus): readonly string[] {
  const not = ineligible.filter((why) => why !== 'is-active');
  return [
    ...(replicationLagMs === null ? [] : [`lag ${durationText(replicationLagMs)}`]),
    ...(load === null ? [] : [`load ${load}`]),
    ...(sharePercent > 0 && sharePercent < 100 ? [`gets ${sharePercent} % of its share`] : []),
    ...(not.length === 0 ? [] : [`may not become active: ${not.join(', ')}`]),
  ];
}

function brokenHtml(broken: readonly Breakage[], kind: Breakage['kind'], name: string): string {
  return broken
    .filter((each) => each.kind === kind && each.name === name)
    .map(({ fault, sinceMs }) => `<p class="fault">${escapeHtml(fault)} <small>${sinceHtml(sinceMs)}</small></p>`)
    .join('');
}
