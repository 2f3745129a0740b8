import { reachedPhases, siteTone } from './drill-lanes.ts';
import { drawDrill, narrowLayout, wideLayout } from './drill-picture.ts';
import { type DrillPhases, type DrillResult, type Mending, startRole } from './drill-result.ts';
import { drillStyle } from './drill-style.ts';
import { escapeHtml } from './html.ts';
import type { LabEvent } from './lab-event.ts';

const phaseMeanings: { readonly [K in keyof DrillPhases]: string } = {
  fault: '',
  detected: 'a quorum of watchers holds the site down',
  decided: 'a majority of state tables holds the new epoch',
  shifted: 'the name server answers with the new site',
  answered: 'the client gets good answers from the new site',
  verified: 'the watcher that carried it out has seen the new answer itself',
};

/** The page about one drill: a single document, without scripts and without anything to load. */
export function drillPage(result: DrillResult): string {
  const verdict = result.isAsExpected
    ? '<span class="good">As expected.</span>'
    : '<span class="bad">Not as expected.</span>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`Drill: ${result.fault} of ${result.from}`)}</title>
<style>${drillStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(result.seen)}</h1>
<p>${escapeHtml(result.faultDetail)}. Expected: ${escapeHtml(lowerFirst(result.expected, result.sites))} ${verdict}</p>
<p class="faint">Service ${escapeHtml(result.service)}, ${escapeHtml(result.record)}, ${escapeHtml(result.faultAt)}</p>
<figure>
${drawDrill(result, wideLayout)}
${drawDrill(result, narrowLayout)}
</figure>
${keyOf(result)}
<div class="tables">
<section>
<h2>Ledger</h2>
<table>${ledgerRows(result)}</table>
</section>
<section>
<h2>Figures</h2>
<table>${figureRows(result)}</table>
</section>
</div>
${rehearsalOf(result)}
<details>
<summary>Everything that happened from the fault on</summary>
<table>${eventRows(result.events)}</table>
</details>
</main>
</body>
</html>
`;
}

/** What the colours and marks of the picture mean. */
export function keyOf(result: DrillResult): string {
  const swatch = (tone: string, text: string) =>
    `<li><i style="background: var(--${tone})"></i>${escapeHtml(text)}</li>`;
  return `<ul class="key">
${result.sites.map((site) => swatch(siteTone(result, site), site)).join('\n')}
${swatch('well', 'well, or no vote')}
${swatch('suspect', 'suspect')}
${swatch('down', 'down')}
${swatch('vote', 'votes the site off')}
<li>client: a dot is a good answer, in the colour of its site</li>
<li><i class="lost">×</i>lost request</li>
<li><i class="outage"></i>outage</li>
<li><i class="bound"></i>bound: the longest that it may take here</li>
</ul>`;
}

/** Where the drill began, how the site was stopped and started, and the line that does it again. */
function rehearsalOf({ firstAnswers, faultDetail, stopCommand, mending, repeat }: DrillResult): string {
  const before = firstAnswers.map(
    (answer) =>
      `<tr><th>${escapeHtml(answer.site)}</th><td>${escapeHtml(`${answer.place}, ${startRole(answer)}`)}</td><td>${escapeHtml(`${answer.outcome}: ${answer.asked}, ${answer.saw}`)}</td></tr>`,
  );
  const rows = [
    ['Stopped', stopCommand === null ? `${faultDetail}.` : `${faultDetail}. Command: ${stopCommand}`],
    ...(mending === null ? [] : [['Started again', mendingText(mending)]]),
  ];
  return `${before.length === 0 ? '' : `<h2>Before</h2>\n<table>${before.join('\n')}</table>\n`}<h2>How, and how to repeat it</h2>
<table>${rows.map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}</table>
<pre>${escapeHtml(repeat)}</pre>`;
}

function mendingText({ command, fault, tookMs, backMs }: Mending): string {
  return `${command}: ${fault ?? `took ${seconds(tookMs)}, the first good answer came ${seconds(backMs ?? 0)} later`}`;
}

/** The ledger as rows of a table: each phase, when, and what it means. */
export function ledgerRows(result: DrillResult): string {
  const reached = reachedPhases(result.phases).map(({ phase, atMs }, index) => {
    const meaning = phase === 'fault' ? result.faultDetail : phaseMeanings[phase];
    return `<tr><td>${index + 1}</td><th>${phase}</th><td class="time">${seconds(atMs)}</td><td>${escapeHtml(meaning)}</td></tr>`;
  });
  return reached.join('\n');
}

function figureRows(result: DrillResult): string {
  const { recoveryMs, lostRequests, requests, boundMs, awsBoundMs, checkIntervalMs, ttlSeconds } = result;
  const rows = [
    ['Recovery time', describeRecovery(recoveryMs, lostRequests)],
    ['Requests lost', `${lostRequests} of ${requests}`],
    ['Bound', seconds(boundMs)],
    ['Health checkers look', `every ${seconds(checkIntervalMs)} here, every 10 s at Route 53`],
    ['Clients keep the name', `not at all here, up to ${ttlSeconds} s elsewhere (TTL)`],
    ['Bound with Route 53 and TTL', seconds(awsBoundMs)],
  ];
  return rows.map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`).join('\n');
}

function describeRecovery(recoveryMs: number | null, lostRequests: number): string {
  if (lostRequests === 0) return 'no outage';
  return recoveryMs === null ? 'not recovered' : seconds(recoveryMs);
}

/** What happened, as rows of a table. */
export function eventRows(events: readonly LabEvent[]): string {
  return events
    .filter(({ atMs }) => atMs >= 0)
    .map(({ atMs, actor, place, kind, detail }) => {
      const who = place === null ? actor : `${actor} ${place}`;
      const words = `${kind.replaceAll('-', ' ')}: ${detail}`;
      return `<tr><td class="time">${seconds(atMs)}</td><td class="who">${escapeHtml(who)}</td><td>${escapeHtml(words)}</td></tr>`;
    })
    .join('\n');
}

/** Within a sentence; a site's name stays as it is. */
function lowerFirst(sentence: string, sites: readonly string[]): string {
  const isName = sites.some((site) => sentence.startsWith(site));
  return isName ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
