import { leadsTo } from '../../../core/kinds/route.ts';
import type { Part } from './wanted-part.ts';

/** Source: Global Accelerator API Reference, "Welcome". */
const acceleratorRegion = 'us-west-2';

/** One dial is up, that of the active site; where sites have endpoints, those of the active one alone have a weight. */
export const dials: Part = (world, { name, traffic: { accelerator } }, { active }) => {
  const up = accelerator?.endpointGroupArns[active];
  const from = world.contact
    .ableWatchers()
    .find((able) => world.contact.passes(able, acceleratorRegion, 'globalaccelerator'));
  if (accelerator === undefined || up === undefined || from === undefined) return [];
  const shares = Object.keys(accelerator.endpointGroupArns).map((site) => [
    site,
    world.dials.shareOf(accelerator, site),
  ]);
  const wrong = shares.filter(([site, percent]) => percent !== (site === active ? 100 : 0));
  const apis = ['globalaccelerator:DescribeEndpointGroup', 'globalaccelerator:UpdateEndpointGroup'];
  const why =
    wrong.length === 0
      ? null
      : `dials of ${name} are ${JSON.stringify(Object.fromEntries(shares))}, ${active} is active`;
  return [{ kind: 'dials', why, by: { region: from, apis } }];
};

/** One routing control is on, that of the active site. */
export const controls: Part = (world, { name, traffic: { controls: its } }, { active }) => {
  const on = its?.routingControlArns[active];
  if (its === undefined || on === undefined) return [];
  const isReached = (able: string) =>
    Object.keys(its.endpoints).some((region) => world.contact.passes(able, region, 'route53-recovery-cluster'));
  const from = world.contact.ableWatchers().find(isReached);
  if (from === undefined) return [];
  const seen = world.controls.read(Object.values(its.routingControlArns));
  const wrong = Object.entries(seen).filter(([arn, isOn]) => isOn !== (arn === on));
  const service = 'route53-recovery-cluster';
  const apis = [`${service}:GetRoutingControlState`, `${service}:UpdateRoutingControlStates`];
  const why = wrong.length === 0 ? null : `controls of ${name} are ${JSON.stringify(seen)}, ${active} is active`;
  return [{ kind: 'controls', why, by: { region: from, apis } }];
};

/** The key of the edge names the origin of the active site. */
export const edge: Part = (world, { name, traffic: { edge: its } }, { active }) => {
  const [from] = world.contact.ableWatchers();
  if (its?.originIds[active] === undefined || from === undefined) return [];
  const seen = world.stores.siteOf(its);
  const apis = ['cloudfront-keyvaluestore:GetKey', 'cloudfront-keyvaluestore:UpdateKeys'];
  const why = seen === active ? null : `the edge goes to ${seen ?? 'no site'} of ${name}, ${active} is active`;
  return [{ kind: 'edge', why, by: { region: from, apis } }];
};

/** Every route leads to the active site; one that is gone nobody can replace. */
export const routes: Part = (world, { name, mode, traffic: { route: its } }, { active }) => {
  const target = its?.targets[active];
  if (mode === 'active-active' || its === undefined || target === undefined) return [];
  const seen = world.routes.read(its);
  if (seen.length < its.tables.length * its.destinations.length) return [];
  const apis = ['ec2:DescribeRouteTables', 'ec2:ReplaceRoute'];
  const why = seen.every((one) => leadsTo(one, target))
    ? null
    : `routes of ${name} lead elsewhere, ${active} is active`;
  return [{ kind: 'routes', why, by: { region: its.region, apis } }];
};

/** Traffic is kept from the one zone that is out of the pool, and from no other; a stranger's shift is theirs. */
export const zonalShift: Part = (world, { name, sites, traffic: { zonal } }, { serving }) => {
  const out = Object.keys(sites).filter((site) => !serving.includes(site));
  if (zonal === undefined || out.length > 1 || world.shifts.isHeldByStranger(zonal)) return [];
  const reached = world.shifts.sitesOf(zonal);
  const isSo = Object.keys(sites).every((site) => reached.includes(site) !== out.includes(site));
  const apis = ['arc-zonal-shift:GetManagedResource', 'arc-zonal-shift:StartZonalShift'];
  const why = isSo ? null : `${name} reaches ${reached.join(', ')}, and ${serving.join(', ')} serve`;
  return [{ kind: 'zonal shift', why, by: { region: zonal.region, apis } }];
};
