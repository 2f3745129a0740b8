import { approvalText } from '../../core/calendar/approval.ts';
import { pauseText } from '../../core/calendar/pause.ts';
import { plannedText } from '../../core/calendar/planned-words.ts';
import type { Service } from '../../core/model/service.ts';
import { type DnsTraffic, remembers } from '../../core/model/traffic.ts';
import { countText, type DnsStatus } from '../../core/operator/dns-status.ts';
import type { Explanation } from '../../core/operator/explaining/explanation.ts';
import { nextStep } from '../../core/operator/next-step.ts';
import { levelWords } from '../../core/operator/protection.ts';
import type { RunStatus } from '../../core/operator/run-status.ts';
import type { ServiceStatus } from '../../core/operator/status.ts';
import { describeRun } from '../../core/register/run-words.ts';
import { partName } from '../../core/tables/dispute.ts';
import { escapeHtml } from '../html.ts';
import { chip, troubleHtml } from './map-parts.ts';
import type { NameReading, PageState, PageTarget, Trouble } from './page-state.ts';
import { levelTones } from './protection-tones.ts';
import { durationText, sinceHtml, timeOfDay } from './time-text.ts';

/** The parts of each service that change. */
export function serviceParts(target: PageTarget, state: PageState): Readonly<Record<string, string>> {
  const entries = Object.entries(target.deployment.services).flatMap(([name, service]) => {
    const known = state.status?.services[name];
    return [
      [`first/${name}`, firstLine(name, known, state.troubles.tables)],
      [`facts/${name}`, known === undefined ? '' : factsHtml(name, known)],
      [`register/${name}`, known === undefined ? unknownHtml : registerHtml(known)],
      [`dns/${name}`, dnsHtml(target, service, state.names[name], state.troubles.names, known?.dns ?? null)],
      [`run/${name}`, known === undefined ? unknownHtml : runHtml(known.run, state.explanations[name] ?? null)],
    ];
  });
  return Object.fromEntries(entries);
}

const unknownHtml = '<p>Not known yet.</p>';

/** The same words that `cdk-failover status` begins with. */
function firstLine(name: string, known: ServiceStatus | undefined, trouble: Trouble | undefined): string {
  if (trouble !== undefined) return blindLine(name, trouble);
  if (known === undefined) {
    return `<strong class="level unknown">NOT KNOWN YET</strong> <span>${escapeHtml(name)}: listening to the watchers</span>`;
  }
  const { level, why } = known.protection;
  const word = `<strong class="level ${levelTones[level]}">${levelWords[level]}</strong>`;
  return `${word} <span>${escapeHtml(`${name}: ${why}`)}</span>`;
}

/** The first line while the tables cannot be read from here. */
export function blindLine(name: string, { why, sinceMs }: Trouble): string {
  const word = `<strong class="level ${levelTones['cannot-see']}">${levelWords['cannot-see']}</strong>`;
  const text = `${escapeHtml(`${name}: this page cannot read it: ${why}`)}, ${sinceHtml(sinceMs)}`;
  return `${word} <span>${text}. What stands below is old.</span>`;
}

/** What the first line does not say: the state, what stands in the way, and what a person can do. */
function factsHtml(name: string, service: ServiceStatus): string {
  const { state, reason, detail, pause, blockLeftMs, owed, disputes, stuck, calendar, planned, approval } = service;
  const next = nextStep(name, service);
  const lines = [
    `${[...new Set([state, reason])].join(', ')}: ${detail}`,
    ...(pause === null ? [] : [`paused ${pauseText(pause)}`]),
    ...(blockLeftMs > 0 ? [`no automatic move back for ${roughText(blockLeftMs)} more`] : []),
    ...(calendar?.maintenance ?? []).map(({ site, untilMs }) => `work at ${site} until ${timeOfDay(untilMs)} UTC`),
    ...(calendar?.freeze ? [`frozen until ${timeOfDay(calendar.freeze.untilMs)} UTC`] : []),
    ...(approval === null ? [] : [`approval ${approvalText(approval)}`]),
    ...(planned === null ? [] : [`planned: ${plannedText(planned)}`]),
    ...(planned?.waitsFor ? [`the planned switchover waits: ${planned.waitsFor}`] : []),
    ...owed.map(({ site, state: proof, opensWhen }) => `fence of ${site}: ${proof}; opens when ${opensWhen}`),
    ...disputes.map(
      ({ site, regions }) => `another configuration of ${partName(site) ?? name} runs in ${regions.join(', ')}`,
    ),
    ...(stuck?.notSo ?? []).map((line) => `not so: ${line}`),
    ...(stuck === null ? [] : [`clients are sent to ${stuck.clients.join(', ') || 'nobody'}`]),
  ];
  const advice = [...(next === null ? [] : [next]), ...(stuck?.commands ?? [])];
  return [
    `<ul class="facts">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    ...advice.map((line) => `<p class="next"><small>next</small> ${escapeHtml(line)}</p>`),
  ].join('');
}

/** A wait that is counted down in tens of seconds, so that it does not change with each look. */
function roughText(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 10_000) * 10} s` : `${Math.ceil(ms / 60_000)} min`;
}

function registerHtml(service: ServiceStatus): string {
  const { epoch, active, writer, serving, voters, lastKnown, lost } = service;
  if (epoch === null || active === null) {
    const old =
      lastKnown === null
        ? 'no table says anything of it'
        : `the tables that answer say ${lastKnown.active} since epoch ${lastKnown.epoch}, which may be outdated`;
    return `<p>${chip('unknown', 'not certain')} ${escapeHtml(old)}</p>`;
  }
  const rows = [
    ['active', active],
    ['epoch', `${epoch}`],
    ['clients go to', serving.join(', ') || 'nobody'],
    ['written at', writer === null ? 'not known' : writer],
    ['who votes', voters === null ? 'not known' : voters.now.join(', ')],
    ...(voters?.waits ? [['changes', voters.waits]] : []),
    ...(lost.length > 0 ? [['left behind', lost.join(', ')]] : []),
  ];
  return rowsHtml(rows);
}

function rowsHtml(rows: readonly (readonly string[])[]): string {
  const cells = rows.map(([name = '', text = '']) => `<dt>${name}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<dl>${cells.join('')}</dl>`;
}

function dnsHtml(
  { resolver, kind }: PageTarget,
  { traffic }: Service,
  reading: NameReading | undefined,
  trouble: Trouble | undefined,
  said: DnsStatus | null,
): string {
  const { dns } = traffic;
  if (dns === undefined) return '<p>No name leads here: clients are steered otherwise.</p>';
  const name = `<p><code>${escapeHtml(dns.record)}</code></p>`;
  const asked = `<p><small>asked of ${escapeHtml(resolver)}</small></p>`;
  return `${name}${troubleHtml(trouble)}${answerHtml(reading)}${asked}${saidHtml(said)}${memoryHtml(kind, dns)}`;
}

/** Where votes and memories lead, and how many of them. */
function saidHtml(said: DnsStatus | null): string {
  if (said === null) return '';
  const { oracles, memories } = said;
  const rows = [
    ...(oracles === null ? [] : [['oracles', countText(oracles)]]),
    ...(memories === null ? [] : [['memories', countText(memories)]]),
  ];
  return `${rowsHtml(rows)}<p>${leadingHtml(said)}</p>`;
}

function leadingHtml({ state, leadsTo, followLeftMs }: DnsStatus): string {
  const sites = leadsTo?.join(', ') ?? '';
  switch (state) {
    case 'agrees':
      return `${chip('well', 'as the register')} <small>they lead to ${escapeHtml(sites)}</small>`;
    case 'follows':
      return `${chip('suspect', 'follows')} <small>they still lead to ${escapeHtml(sites)}, as they may after a move for ${roughText(followLeftMs ?? 0)} more</small>`;
    case 'differs':
      return `${chip('down', 'leads elsewhere')} <small>they lead to ${escapeHtml(sites)}</small>`;
    case 'unknown':
      return `${chip('unknown', 'unknown')} <small>too little can be read to tell where they lead</small>`;
  }
}

function memoryHtml(kind: PageTarget['kind'], dns: DnsTraffic): string {
  if (dns.mode === 'records') return '';
  if (!remembers(dns)) return '<p><small>no memory is set up for this name</small></p>';
  return kind === 'aws' ? '' : '<p><small>On AWS DNS remembers, too, who was left; a lab does not.</small></p>';
}

function answerHtml(reading: NameReading | undefined): string {
  if (reading === undefined) return `<p>${chip('unknown', 'not asked yet')}</p>`;
  const { addresses, sites, trouble } = reading;
  const said =
    addresses === null ? '' : `${escapeHtml(addresses.join(', ') || 'no address')} ${sitesHtml(sites, addresses)}`;
  if (trouble === null) return `<p class="answer">${said}</p>`;
  const old = said === '' ? '' : ` <small>before that:</small> <span class="old">${said}</span>`;
  return `<p class="answer">${chip('down', 'no answer')} <small>${escapeHtml(trouble.why)}, ${sinceHtml(trouble.sinceMs)}</small>${old}</p>`;
}

function sitesHtml(sites: readonly string[], addresses: readonly string[]): string {
  if (sites.length > 0) return sites.map((site) => chip('serves', site)).join(' ');
  return addresses.length === 0 ? '' : chip('unknown', 'of no site');
}

/** Classes of a step's state. */
const stepTones: Readonly<Record<string, string>> = { done: 'well', failed: 'down', running: 'suspect' };

function runHtml(run: RunStatus | null, explanation: Explanation | null): string {
  if (run === null) return '<p>Nothing has moved since the register was created.</p>';
  const holder = run.state === 'running' ? `, carried out by ${run.holder ?? 'nobody yet'}` : '';
  const title = `${describeRun(run)}, epoch ${run.epoch}, attempt ${run.attempt}: ${run.state}`;
  const steps = run.steps.map(
    ({ name, resource, state, detail }) =>
      `<li>${chip(stepTones[state] ?? 'quiet', state)} <b>${escapeHtml(name)}</b> ${escapeHtml(resource)} <small>${escapeHtml(detail)}</small></li>`,
  );
  const ledger = run.ledger.map(
    ({ phase, atMs, sinceStartMs }) =>
      `<li><b>${escapeHtml(phase)}</b> +${durationText(sinceStartMs)} <small>${timeOfDay(atMs)} UTC</small></li>`,
  );
  return [
    `<p>${escapeHtml(title)}</p>`,
    ...(explanation === null ? [] : [explanation.why, ...explanation.notes]).map(
      (line) => `<p>${escapeHtml(line)}</p>`,
    ),
    `<p><small>${escapeHtml(`${run.reason}, by ${run.by}${holder}`)}</small></p>`,
    steps.length === 0 ? '' : `<ol class="steps">${steps.join('')}</ol>`,
    ledger.length === 0 ? '' : `<ol class="ledger">${ledger.join('')}</ol>`,
  ].join('');
}
