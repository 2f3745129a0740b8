import { placeOf } from '../../core/model/place.ts';
import { metricName, type Probe, qualifiedName } from '../../core/model/probe.ts';
import { breach, claimedTwice, type ServiceRule } from './rule.ts';

const sitesMin = 2;
const sitesMax = 10;

const tooFewHint =
  'add a site; with one there is nowhere to fail over to, unless a static page stands in for it: failover: { allDown: last-resort } with traffic.dns.lastResort, in active-passive';

const enoughSites: ServiceRule = {
  about:
    'A service has two to ten sites, and two of them can be chosen: their priority is above 0. One is enough in active-passive with a static page (`failover.allDown: last-resort`).',
  check: ({ mode, sites, failover }, path) => {
    const count = Object.keys(sites).length;
    const at = [...path, 'sites'];
    const min = mode === 'active-passive' && failover.allDown === 'last-resort' ? 1 : sitesMin;
    const allowed = `${min} to ${sitesMax} sites`;
    if (count < min) return [breach(at, String(count), allowed, tooFewHint)];
    if (count > sitesMax) return [breach(at, String(count), allowed, 'make them two services')];
    const eligible = Object.values(sites).filter(({ priority }) => priority > 0).length;
    if (eligible >= min) return [];
    const hint = 'give another site a priority; one of priority 0 is never chosen';
    return [breach(at, `${eligible} with a priority above 0`, `${min} or more`, hint)];
  },
};

const sitesInOrder: ServiceRule = {
  about:
    'Two sites of one region, or of one location, have different priorities, unless both are 0: only the priority orders them.',
  check: ({ sites }, path) =>
    claimedTwice(
      Object.entries(sites)
        .filter(([, { priority }]) => priority > 0)
        .map(([name, site]) => [`${placeOf(site)} ${site.priority}`, name] as const),
    ).map(([, other, name]) =>
      breach(
        [...path, 'sites', name, 'priority'],
        String(sites[name]?.priority),
        `another priority than that of ${other}, which is at the same place`,
        'say which of the two is preferred',
      ),
    ),
};

const renamedOnce: ServiceRule = {
  about: '`renamedFrom` is a name that no site has, and no two sites have the same one.',
  check: ({ sites }, path) => {
    const renamed = Object.entries(sites).flatMap(([name, { renamedFrom }]) =>
      renamedFrom === undefined ? [] : [[renamedFrom, name] as const],
    );
    const at = (name: string) => [...path, 'sites', name, 'renamedFrom'];
    return [
      ...renamed
        .filter(([before]) => Object.hasOwn(sites, before))
        .map(([before, name]) =>
          breach(at(name), before, 'a name that no site of the service has', `take it out; ${before} is still there`),
        ),
      ...claimedTwice(renamed).map(([before, other, name]) =>
        breach(at(name), before, `another name than ${other} was renamed from`, 'one site goes on as the old one'),
      ),
    ];
  },
};

const zonesInRegion: ServiceRule = {
  about: 'The zone of a site is in its region.',
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(([name, { region, zone }]) =>
      zone === undefined || region === undefined || zone.slice(0, -1) === region
        ? []
        : [breach([...path, 'sites', name, 'zone'], zone, `a zone of ${region}, such as ${region}a`, null)],
    ),
};

const requirementCanBeMet: ServiceRule = {
  about: 'A site has a plain probe (not corroborating), and `require.atLeast` asks for no more than it has.',
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(([name, { probes, require }]) => {
      const plain = probes.filter(({ corroborating }) => !corroborating).length;
      const at = [...path, 'sites', name];
      if (plain === 0) {
        const hint = 'make one plain; a corroborating probe never finds a site down';
        return [breach([...at, 'probes'], 'only corroborating probes', 'at least one plain probe', hint)];
      }
      if (typeof require !== 'object' || require.atLeast <= plain) return [];
      return [
        breach(
          [...at, 'require', 'atLeast'],
          String(require.atLeast),
          `1 to ${plain} (the number of plain probes)`,
          'lower it or add probes',
        ),
      ];
    }),
};

const targetsDistinct: ServiceRule = {
  about: 'No two sites of a service are probed at the same target: one endpoint is one site.',
  check: ({ sites }, path) => {
    const probes = Object.entries(sites).flatMap(([site, { probes: all }]) =>
      all.map((probe, index) => ({ site, index, target: targetOf(probe) })),
    );
    return claimedTwice(probes.map(({ target, site }) => [target, site] as const)).map(([target, other, site]) => {
      const index = probes.find((probe) => probe.site === site && probe.target === target)?.index ?? 0;
      return breach(
        [...path, 'sites', site, 'probes', index],
        target,
        `another target than that of ${other}`,
        'two sites behind one endpoint fail together; probe each at an address of its own',
      );
    });
  },
};

function targetOf(probe: Probe): string {
  if ('url' in probe) return new URL(probe.url).href;
  if (probe.type === 'cloudwatch-alarm') return `the alarm ${probe.name} of ${probe.region}`;
  if (probe.type === 'cloudwatch-metric') {
    return `the ${probe.statistic} of ${metricName(probe)} of ${probe.region}`;
  }
  if (probe.type === 'function') return `the function ${qualifiedName(probe)} of ${probe.region}`;
  if (probe.type === 'dns') return `dns://${probe.server}:${probe.port}/${probe.record}/${probe.name}`;
  const detail = 'serverName' in probe ? `/${probe.serverName ?? ''}` : '';
  return `${probe.type}://${probe.host.toLowerCase()}:${probe.port}${detail}`;
}

/** Rules about the sites of a service. */
export const siteRules: readonly ServiceRule[] = [
  enoughSites,
  sitesInOrder,
  renamedOnce,
  zonesInRegion,
  requirementCanBeMet,
  targetsDistinct,
];
