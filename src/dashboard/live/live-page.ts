import type { Deployment } from '../../core/model/deployment.ts';
import { placeOf, sitePlaceText } from '../../core/model/place.ts';
import type { Service } from '../../core/model/service.ts';
import { band } from '../band.ts';
import { escapeHtml } from '../html.ts';
import { faultControls, serviceControls } from './controls.ts';
import type { Feed } from './feed.ts';
import { startPosition } from './feed.ts';
import type { PageTarget } from './page-state.ts';

/** What whoever opened the page may do there. */
export interface Powers {
  /** Whether the verbs of operators can be carried out. */
  readonly canOperate: boolean;
  /** Whether the processes of a lab can be broken and healed. */
  readonly canBreak: boolean;
  /** Sites whose processes are the lab's own; others cannot be broken here. */
  readonly ownSites: readonly string[];
}

/** The whole document with what is known now, so that it is right before its script runs, and without it. */
export function livePage(target: PageTarget, feed: Feed, powers: Powers, instance: string): string {
  const { deployment, kind, where } = target;
  const services = Object.entries(deployment.services);
  const part = (name: string, tag = 'div', more = '') =>
    `<${tag} data-part="${escapeHtml(name)}"${more}>${feed.part(name)}</${tag}>`;
  const { rows } = feed.since(startPosition);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${kind === 'aws' ? 'AWS' : kind}: ${deployment.name}`)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body data-instance="${escapeHtml(instance)}" data-read-at="${feed.readAtMs ?? ''}">
<a class="skip" href="#services">To the services</a>
<header>
${band(kind)}
<div class="head">
<h1>${escapeHtml(deployment.name)}</h1>
<p class="where">${escapeHtml(where)}</p>
<p id="reading" class="reading">as it was when this page was loaded</p>
</div>
<p id="lost" class="lost-line" role="alert" hidden></p>
</header>
<div class="columns">
<main id="services">
${services.map(([name, service]) => serviceSection(name, service, part, powers)).join('\n')}
<section aria-labelledby="map-title">
<h2 id="map-title">Where it runs</h2>
${powers.canBreak ? '' : '<p class="faint">What each watcher, table, oracle and site says.</p>'}
<div class="map">${places(deployment)
    .map((place) => placeCard(deployment, place, part, powers))
    .join('\n')}</div>
</section>
</main>
<aside aria-labelledby="timeline-title">
<h2 id="timeline-title">What happened</h2>
<p class="faint">The newest first. Times are UTC.</p>
<ol id="timeline" class="timeline" tabindex="0" aria-labelledby="timeline-title">${[...rows].reverse().join('')}</ol>
</aside>
</div>
<p id="said" class="said" role="status" hidden></p>
${powers.canOperate ? dialog : ''}
</body>
</html>
`;
}

type PartOf = (name: string, tag?: string, more?: string) => string;

function serviceSection(name: string, service: Service, part: PartOf, powers: Powers): string {
  const title = `service-${escapeHtml(name)}`;
  const actions = powers.canOperate
    ? `<section class="panel wide"><h3>Act</h3>${serviceControls(name, service)}</section>`
    : '<section class="panel wide"><h3>Act</h3><p class="faint">This page only reads. Start it with <code>--operate</code> to act here.</p></section>';
  return `<section class="service" aria-labelledby="${title}">
<h2 id="${title}">${escapeHtml(name)} <small>${service.mode}</small></h2>
${part(`first/${name}`, 'p', ' class="first" aria-live="polite" aria-atomic="true"')}
${part(`facts/${name}`)}
<div class="panels">
<section class="panel"><h3>Register</h3>${part(`register/${name}`)}</section>
<section class="panel"><h3>DNS answer</h3>${part(`dns/${name}`)}</section>
<section class="panel"><h3>Newest move</h3>${part(`run/${name}`)}</section>
${actions}
</div>
</section>`;
}

/** Control regions first, then the other places that have a site. */
function places({ controlRegions, services }: Deployment): readonly string[] {
  const others = Object.values(services).flatMap(({ sites }) => Object.values(sites).map(placeOf));
  return [...new Set([...controlRegions, ...others])];
}

function placeCard(deployment: Deployment, place: string, part: PartOf, powers: Powers): string {
  const isControl = deployment.controlRegions.includes(place);
  const several = Object.keys(deployment.services).length > 1;
  const sites = Object.entries(deployment.services).flatMap(([service, { sites: all }]) =>
    Object.entries(all)
      .filter(([, at]) => placeOf(at) === place)
      .map(([site, at]) => {
        const title = several ? `${service}/${site}` : site;
        const zone = at.zone === undefined ? '' : ` <small>${escapeHtml(at.zone)}</small>`;
        const faults = powers.canBreak && powers.ownSites.includes(site) ? faultControls('site', site) : '';
        return `<section class="site"><h4>${escapeHtml(title)}${zone}</h4>${part(`site/${service}/${site}`)}${faults}</section>`;
      }),
  );
  const [first] = Object.values(deployment.services).flatMap(({ sites: all }) =>
    Object.values(all).filter((at) => placeOf(at) === place),
  );
  const title = first === undefined ? place : sitePlaceText(first);
  const witness = sites.length === 0 ? '<p class="faint">a witness: no site is here</p>' : '';
  const faults = powers.canBreak && isControl ? faultControls('region', place) : '';
  const control = isControl ? part(`region/${place}`) : '<p class="faint">no control region</p>';
  return `<section class="place"><h3>${escapeHtml(title)}</h3>${control}${witness}${faults}${sites.join('\n')}</section>`;
}

/** Asked before anything is changed: what would be done, and whether it is meant. */
const dialog = `<dialog id="ask" aria-labelledby="ask-title">
<form method="dialog">
<h2 id="ask-title">What this would do</h2>
<p id="ask-where" class="where"></p>
<p><code id="ask-line"></code></p>
<div id="ask-choices"></div>
<div id="ask-preview" aria-live="polite"></div>
<p id="ask-name" hidden><label>To go on, type the name of the deployment <input id="ask-typed" autocomplete="off" spellcheck="false"></label></p>
<div class="buttons"><button type="button" id="ask-do" class="do">Do it</button><button value="cancel" id="ask-cancel">Leave it</button></div>
</form>
</dialog>`;
