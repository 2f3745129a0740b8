import { nameBehind } from '../../core/dns/record-values.ts';
import { majorityOf } from '../../core/model/deployment.ts';
import { placeOf } from '../../core/model/place.ts';
import { endpointsOf, isEdge, regionOfHost } from './endpoint.ts';
import { eachService, type LintRule, listed, siteRegionsOf } from './finding.ts';

/**
 * Region that holds the control planes of Route 53 and CloudFront. Source: AWS Fault Isolation Boundaries, "Global
 * services".
 */
const globalControlRegion = 'us-east-1';

const recordsControlPlane: LintRule = {
  name: 'records-control-plane',
  about: 'A service has its record edited (`traffic.dns.mode: records`).',
  reason: `Route 53 takes changes of records in ${globalControlRegion} only; answers to queries come from everywhere.`,
  check: eachService(({ name, sites, traffic }, at) => {
    if (traffic.dns?.mode !== 'records') return [];
    const there = Object.keys(sites).filter((site) => sites[site]?.region === globalControlRegion);
    const also = there.length > 0 ? `, although ${listed(there)} is lost with it` : '';
    return [
      {
        path: `${at}.traffic.dns.mode`,
        what: `a move of ${name} edits ${traffic.dns.record} through the control plane of Route 53, in ${globalControlRegion}`,
        breaks: `when ${globalControlRegion} is lost, the record cannot be edited: clients of ${name} stay where they are${also}`,
        hint: 'use mode: oracle, which edits nothing',
      },
    ];
  }),
};

const probeOtherRegion: LintRule = {
  name: 'probe-other-region',
  about: 'By its host name, a probe checks another AWS region than that of the site.',
  reason: 'The probe then shows the health of that region, and not of the site.',
  check: eachService((service, at) =>
    endpointsOf(service, at).flatMap(({ site, place, path, host }) => {
      const other = regionOfHost(host);
      if (other === null || other === place) return [];
      return [
        {
          path,
          what: `${host} is in ${other}, but ${site} is in ${place}`,
          breaks: `when ${other} is lost, ${site} counts as down although ${place} is well; when ${place} is lost, nobody notices`,
          hint: `probe ${site} at an endpoint in ${place}, or correct its region`,
        },
      ];
    }),
  ),
};

const aliasOtherRegion: LintRule = {
  name: 'alias-other-region',
  about: 'By its name, what a site is an alias or a CNAME of is in another AWS region than the site.',
  reason: 'Clients that are sent to the site then depend on a region that the site does not.',
  check: eachService(({ sites, traffic }, at) =>
    Object.entries(traffic.dns?.addresses ?? {}).flatMap(([site, known]) => {
      const place = sites[site];
      const name = nameBehind(known);
      const other = name === null ? null : regionOfHost(name);
      if (place === undefined || other === null || other === place.region) return [];
      const region = placeOf(place);
      return [
        {
          path: `${at}.traffic.dns.addresses.${site}.${known.cname === undefined ? 'alias.dnsName' : 'cname'}`,
          what: `${name} is in ${other}, but ${site} is in ${region}`,
          breaks: `when ${other} is lost, clients that are sent to ${site} get no answer`,
          hint: `give ${site} an endpoint in ${region}, or correct its region`,
        },
      ];
    }),
  ),
};

const probeThroughEdge: LintRule = {
  name: 'probe-through-edge',
  about: 'A probe checks a CloudFront distribution or a Global Accelerator instead of the site behind it.',
  reason:
    'An edge network may answer from its cache or from another origin, and it is configured through a global control plane.',
  check: eachService((service, at) =>
    endpointsOf(service, at)
      .filter(({ host }) => isEdge(host))
      .map(({ site, place, path, host }) => ({
        path,
        what: `${host} is an edge network, not ${site}`,
        breaks: `when ${place} is lost, the edge may go on answering for ${site}, and nothing moves`,
        hint: `probe ${site} at its own load balancer or address in ${place}`,
      })),
  ),
};

const quorumNeedsLostRegion: LintRule = {
  name: 'quorum-needs-lost-region',
  about: 'A quorum needs the watcher of a region that has a site.',
  reason: 'A lost region loses its watcher too. The other watchers alone must be able to call its sites down.',
  check: eachService((service, at, { controlRegions }) => {
    const needed = service.detection.quorum;
    const unseen = siteRegionsOf(service).filter(
      (region) => controlRegions.filter((control) => control !== region).length < needed,
    );
    if (unseen.length === 0) return [];
    return [
      {
        path: `${at}.detection.quorum`,
        what: `${needed} watchers must call a site down, and there are ${controlRegions.length}`,
        breaks: `when ${unseen.join(' or ')} is lost, at most ${controlRegions.length - 1} watchers are left: its sites are never called down, and nothing moves`,
        hint: `set quorum to ${controlRegions.length - 1} or less, or add control regions`,
      },
    ];
  }),
};

const quorumBelowMajority: LintRule = {
  name: 'quorum-below-majority',
  about: 'A quorum is less than a majority of the control regions.',
  reason:
    'Those that call the site up overrule such a quorum, but only while they are heard and are more than the others. Otherwise a few watchers with the same broken network path to the site are enough for a move.',
  check: eachService((service, at, { controlRegions }) => {
    const majority = majorityOf({ controlRegions });
    const { quorum } = service.detection;
    if (quorum >= majority) return [];
    return [
      {
        path: `${at}.detection.quorum`,
        what: `${quorum === 1 ? '1 watcher' : `${quorum} watchers`} of ${controlRegions.length} may call a site down`,
        breaks: `when ${quorum === 1 ? 'one region loses' : `${quorum} regions lose`} sight of a site that clients reach, and others have no opinion just then, traffic moves away from it`,
        hint: `leave quorum out, which makes it ${majority}, or accept the finding`,
      },
    ];
  }),
};

const witnessBesideSite: LintRule = {
  name: 'witness-beside-site',
  about: 'Every witness of a service (a control region without a site of it) has a site of another service.',
  reason: 'One lost region then costs two things: a site of one service and the deciding vote of another.',
  check: (deployment) =>
    Object.entries(deployment.services).flatMap(([name, service]) => {
      const own = siteRegionsOf(service);
      const witnesses = deployment.controlRegions.filter((region) => !own.includes(region));
      const hosts = Object.entries(deployment.services).filter(([other]) => other !== name);
      const taken = witnesses.map((region) => hosts.find(([, other]) => siteRegionsOf(other).includes(region))?.[0]);
      const isOneFree = taken.some((host) => host === undefined);
      if (witnesses.length === 0 || isOneFree || own.every((region) => !deployment.controlRegions.includes(region))) {
        return [];
      }
      return [
        {
          path: 'controlRegions',
          what: `${name} has ${listed(witnesses)} for a witness, where ${listed([...new Set(taken.map(String))])} has a site`,
          breaks: `when ${listed(witnesses)} is lost, ${listed([...new Set(taken.map(String))])} must move while ${name} has no witness: a network partition between its regions then leaves no majority`,
          hint: `make a region without any site a control region instead of ${witnesses[0]}`,
        },
      ];
    }),
};

/** Findings about regions on which something depends. */
export const regionLintRules: readonly LintRule[] = [
  recordsControlPlane,
  probeOtherRegion,
  aliasOtherRegion,
  probeThroughEdge,
  quorumNeedsLostRegion,
  quorumBelowMajority,
  witnessBesideSite,
];
