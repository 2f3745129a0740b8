import { join } from 'node:path';
import { sitePlaceText } from '../../core/model/place.ts';
import type { Lab } from '../lab/lab.ts';
import { labFileDefault } from '../lab/lab-file.ts';
import { labTiming } from '../lab/timing-profile.ts';
import { columns, duration, plural } from './layout.ts';

/** What runs, in a few lines. */
export function showCrew(lab: Lab): string {
  const { controlRegions } = lab.deployment;
  return [
    `Started ${lab.processCount} processes on this machine:`,
    `  ${controlRegions.length} control regions, each with watcher, oracle and state table: ${controlRegions.join(', ')}`,
    `  ${sitesOf(lab)}`,
    '  the name server, and the links between the regions',
  ].join('\n');
}

function sitesOf({ deployment, sites }: Lab): string {
  const own = Object.values(deployment.services).flatMap((service) =>
    Object.entries(service.sites).flatMap(([name, place]) =>
      sites[name] ? [`${name} in ${sitePlaceText(place)}`] : [],
    ),
  );
  return own.length === 0
    ? 'sites of your own, probed where they are'
    : `${plural(own.length, 'site')}: ${own.join(', ')}`;
}

/** Where everything is, and what can be tried with it from another terminal. */
export function showGuide(lab: Lab, folder: string, page: string | null): string {
  const { deployment, nameServer, members, sites, tables } = lab;
  const [service = ''] = Object.keys(deployment.services);
  const record = deployment.services[service]?.traffic.dns?.record ?? '';
  const others = Object.keys(deployment.services[service]?.sites ?? {}).slice(1);
  const file = join(folder, 'lab.json');
  const at = file === labFileDefault ? '' : ` --lab ${file}`;
  const dig = `dig @${nameServer.host} -p ${nameServer.port}`;
  const [firstSite] = Object.values(sites);
  const isSteeredByName = Object.values(sites).every(({ address, host }) => address === host);

  const places = [
    ...[...members.sites].map(([name, { pid }]) => [
      `site ${name}`,
      `http://${sites[name]?.host}:${sites[name]?.port}/`,
      `process ${pid}`,
    ]),
    ...[...members.tables].map(([region, { pid }]) => [`table ${region}`, tables[region] ?? '', `process ${pid}`]),
    ...[...members.watchers].map(([region, { pid }]) => [`watcher ${region}`, '', `process ${pid}`]),
  ];
  const curl =
    firstSite === undefined || !isSteeredByName
      ? []
      : [`  curl --resolve ${record}:${firstSite.port}:$(${dig} +short ${record}) http://${record}:${firstSite.port}/`];
  const tries = [
    [`npx cdk-failover status ${service}${at}`, 'who is active, and why'],
    [`npx cdk-failover switchover ${service} --to ${others[0]}${at}`, 'a planned move'],
    [`npx cdk-failover ack ${service}${at}`, 'allow the next automatic move at once'],
    [`npx cdk-failover pause ${service}${at}`, 'forbid automatic moves'],
    ...[...members.sites].slice(0, 1).map(([name, { pid }]) => [`kill -9 ${pid}`, `kill ${name}, and watch below`]),
  ];
  const shown =
    page === null ? [] : ['The page, with buttons to break things, for this machine alone:', `  ${page}`, ''];
  return [
    ...shown,
    columns(places, '  '),
    '',
    'The name, as a client finds it:',
    `  ${dig} ${record}`,
    ...curl,
    'From another terminal:',
    columns(tries, '  '),
    '',
    `Health checkers look at the oracles every ${duration(labTiming.checkIntervalMs)} here; Route 53's look every 10 s.`,
    'Names have no memory here: with most oracles dark they lead to the first site again (docs/adr/0020-dns-memory.md).',
    'Ctrl-C ends everything. What happens from now on:',
  ].join('\n');
}
