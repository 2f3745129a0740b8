import { actingRegionOf, hasLease } from '../../../core/model/place.ts';
import { lastResortName, type NamedService } from '../../../core/model/service.ts';
import type { DnsTraffic } from '../../../core/model/traffic.ts';
import type { Register } from '../../../core/register/register.ts';
import { takeRoleApi } from '../../world/api-call.ts';
import { addressesOfSite } from '../../world/dns/alias-addresses.ts';
import { fenceApis } from '../../world/kinds/fence.ts';
import { dataApis } from '../../world/kinds/promote.ts';
import { scaleApis } from '../../world/kinds/start.ts';
import { workApis } from '../../world/kinds/work.ts';
import type { World } from '../../world/world.ts';
import { isFoundedByPerson } from './founded.ts';
import { isUnknownWriter, movedOutside } from './outside-writer.ts';
import { isReleasedToWrite } from './released.ts';
import { controls, dials, edge, routes, zonalShift } from './switches.ts';
import type { Part, Wanted } from './wanted-part.ts';

/** Source: AWS Fault Isolation Boundaries, "Global services". */
const route53Region = 'us-east-1';

/** Share by which a weight may miss its due: they are whole numbers of at most a hundred. */
const roundingShare = 0.02;

/**
 * Everything of a service that must be so while its register is as it is and nothing is under way.
 *
 * Written from docs/config.md, on purpose without the product's own code for it: what both read wrongly no checker
 * sees.
 */
export function wantedOf(world: World, service: NamedService, register: Register): readonly Wanted[] {
  const isKnown = (site: string) => service.sites[site] !== undefined || site === lastResortName;
  // What has to do with a site that the configuration does not name, a person says.
  if (![register.active, ...register.serving].every(isKnown)) return [];
  const parts = [
    address,
    routes,
    record,
    answers,
    weights,
    dials,
    controls,
    edge,
    zonalShift,
    recordWeights,
    publications,
    data,
    size,
    work,
  ];
  return parts.flatMap((part) => part(world, service, register));
}

const address: Part = (world, { mode, sites, traffic }, { active }) => {
  const { address: eip } = traffic;
  const places = eip?.instances[active];
  if (mode === 'active-active' || eip === undefined || places === undefined) return [];
  return eip.allocationId.map((id, index): Wanted => {
    const seen = world.cloud.locate(eip.region, id);
    const { privateIpAddress, ...holder } = (places.length === 1 ? places[0] : places[index]) ?? {};
    const names = Object.values(holder).map((one) => (typeof one === 'string' ? one : `${one.key}=${one.value}`));
    const wanted = [...names, privateIpAddress ?? []].flat().join('/');
    const by = { region: eip.region, apis: [...addressApis(id), ...roleApis(sites[active])] };
    return { kind: 'address', why: seen === wanted ? null : `${id} is at ${seen}, ${active} has ${wanted}`, by };
  });
};

function addressApis(id: string): readonly string[] {
  if (id.startsWith('eipalloc-')) return ['ec2:DescribeAddresses', 'ec2:AssociateAddress'];
  return ['ec2:DescribeNetworkInterfaces', `ec2:Assign${id.includes(':') ? 'Ipv6' : 'PrivateIp'}Addresses`];
}

const record: Part = (world, { traffic: { dns } }, { serving }) => {
  const [first = ''] = serving;
  if (dns?.mode !== 'records' || dns.policy !== 'failover' || !canEdit(world)) return [];
  const target = first === lastResortName ? dns.lastResort : dns.addresses[first];
  const wanted = [...(target?.a ?? []), ...(target?.aaaa ?? []), target?.cname ?? []].flat().sort().join();
  if (wanted === '') return [];
  const held = world.cloud.readRecord(dns.record);
  const seen = [...held.a, ...held.aaaa, ...held.cname].sort().join();
  return [
    {
      kind: 'record',
      why: seen === wanted ? null : `${dns.record} names ${seen}, not ${wanted}`,
      by: route53(world, dns),
    },
  ];
};

const answers: Part = (world, service, { serving, ramp, epoch }) => {
  const { dns } = service.traffic;
  if (dns === undefined || (dns.mode === 'records' && dns.policy === 'failover')) return [];
  // A site that has left keeps the part of its share that the others cannot carry.
  const due = [...serving, ...Object.keys(ramp).filter((site) => (ramp[site] ?? 0) > 0)];
  const targets = due.map((site) => (site === lastResortName ? dns.lastResort : dns.addresses[site]));
  const allowed = targets.flatMap((target) => addressesOfSite(target ?? {}));
  // Route 53 answers with an unhealthy site rather than with nothing; where it looks for itself, it may know better.
  const isLooked = serving.every((site) => world.names.answersDirectCheck(service.name, site));
  const strange = isLooked
    ? [dns.record, ...(dns.moreRecords ?? [])]
        .flatMap((name) => world.names.addressesOf(name))
        .filter((value) => !allowed.includes(value))
    : [];
  const why =
    strange.length === 0 ? null : `${dns.record} answers ${strange.join(', ')}, serving is ${serving.join(', ')}`;
  if (dns.mode === 'records') return canEdit(world) ? [{ kind: 'answers', why, by: route53(world, dns) }] : [];
  // The records of a site that is added are made when every new oracle votes. Until then they do not know it.
  // Those of a static endpoint that is taken out wait until a site serves; until then they do not know of that.
  const isDeployed = serving.every((site) =>
    site === lastResortName ? dns.lastResort !== undefined : world.names.isLedTo(service.name, site),
  );
  return isDeployed && isTold(world, service, epoch) ? [{ kind: 'answers', why, by: null }] : [];
};

/** Whether so many regions speak from a table that has the newest epoch that Route 53 must know it. */
function isTold(world: World, { name: service, traffic }: NamedService, epoch: number): boolean {
  const { deployment, stoppedOracles, contact, tables } = world;
  // The oracle of a region that is not on the list of voters says nothing.
  const voters = world.decisions.newest(service)?.voters ?? [];
  const voting = deployment.controlRegions.filter(
    (region) =>
      voters.some((voter) => voter.region === region) &&
      (traffic.dns?.mode === 'memory' || !stoppedOracles.has(region)) &&
      contact.isTableUp(region) &&
      contact.ableWatchers().includes(region) &&
      tables.read(region, [service]).acceptors[service]?.accepted?.epoch === epoch,
  );
  return voting.length > deployment.controlRegions.length / 2;
}

const weights: Part = (world, service, register) => {
  const { targets } = service.traffic;
  if (targets === undefined) return [];
  const groups = Object.entries(targets.targetGroups);
  // With nobody behind it that serves, a balancer may stay as it was: DNS leads elsewhere.
  if (groups.every(([site]) => dueOf(service, register, site) === 0)) return [];
  const ofRole = groups.flatMap(([site]) => roleApis(service.sites[site]));
  const apis = ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:ModifyListener', ...ofRole];
  return targets.listenerArn.map((listener): Wanted => {
    const seen = world.cloud.readWeights(listener) ?? {};
    const bySite = Object.fromEntries(groups.map(([site, arn]) => [site, seen[arn] ?? 0]));
    const led = world.cloud.leadingWeights(listener) ?? {};
    const kept = groups.find(([site, arn]) => bySite[site] === 0 && (led[arn] ?? 0) > 0);
    const why = unequal(service, register, bySite) ?? (kept ? `a cookie keeps clients at ${kept[0]}` : null);
    return { kind: 'weights', why, by: { region: targets.region, apis } };
  });
};

const recordWeights: Part = (world, service, register) => {
  const { dns } = service.traffic;
  if (dns?.mode !== 'records' || dns.policy !== 'weighted' || register.serving.includes(lastResortName)) return [];
  if (!canEdit(world)) return [];
  const { [lastResortName]: _static, ...bySite } = world.cloud.readRecordWeights(dns.record) ?? {};
  return [{ kind: 'record weights', why: unequal(service, register, bySite), by: route53(world, dns) }];
};

/** What a site is due of all requests, in any unit: its capacity in a pool, by how far it is ramped up. */
function dueOf({ mode, sites }: NamedService, { serving, ramp }: Register, site: string): number {
  const percent = ramp[site] ?? (serving.includes(site) ? 100 : 0);
  return (mode === 'active-active' ? (sites[site]?.capacity ?? 0) : 1) * percent;
}

function unequal(service: NamedService, register: Register, seen: Readonly<Record<string, number>>): string | null {
  const sites = Object.keys(seen).filter((site) => service.sites[site] !== undefined);
  const seenSum = sites.reduce((sum, site) => sum + (seen[site] ?? 0), 0);
  const dueSum = sites.reduce((sum, site) => sum + dueOf(service, register, site), 0);
  const wrong = sites.filter((site) => {
    const share = (seen[site] ?? 0) / Math.max(1, seenSum);
    const due = dueOf(service, register, site) / Math.max(1, dueSum);
    return (due === 0) !== (share === 0) || Math.abs(share - due) > roundingShare;
  });
  return wrong.length === 0
    ? null
    : `weights of ${service.name} are ${JSON.stringify(seen)}: ${wrong.join(', ')} is not due that`;
}

const publications: Part = (world, { name, clients }, { epoch, voters }) => {
  if (clients === undefined) return [];
  const voting = world.deployment.controlRegions.filter((name) => voters.some(({ region }) => region === name));
  return voting.map((region): Wanted => {
    const seen = world.cloud.readPublication(region, name)?.epoch;
    const why =
      seen === epoch ? null : `inside clients of ${name} in ${region} are told of epoch ${seen}, not ${epoch}`;
    return { kind: 'publication', why, by: { region, apis: ['ssm:GetParameter', 'ssm:PutParameter'] } };
  });
};

const data: Part = (world, service, register) => {
  const { name, mode, sites, data: resource } = service;
  const { active } = register;
  const writer = world.databases.writerOf(name);
  const place = sites[active];
  // Each site of a pool may write, so that nothing is promoted there.
  if (mode === 'active-active' || writer === null || resource === undefined || place?.region === undefined) return [];
  const outside = movedOutside(world, service, register);
  if (outside !== undefined) return outside;
  // A promotion takes its time; what is owed is that it was asked for.
  if (world.databases.read(name).movingTo === active || isPromotionLeft(register)) return [];
  if (world.sites.get(name, active).veto !== null || world.databases.isNoReplica(name, active)) return [];
  // What a region has taken that nothing reaches is in nobody's lag, and no return may lose it unmeasured.
  const from = sites[writer]?.region;
  if (from !== undefined && !world.links.passes([place.region], [from])) return [];
  const { read, write } = dataApis[resource.kind];
  const why = writer === active ? null : `data of ${name} is written at ${writer}, not at ${active}`;
  return [{ kind: 'data', why, by: { region: place.region, apis: [read, write, ...roleApis(place)] } }];
};

const size: Part = (world, { name, mode, sites }, { active, serving }) => {
  const place = sites[active];
  const site = place === undefined ? null : world.sites.get(name, active);
  if (mode === 'active-active' || !serving.includes(active) || place?.region === undefined || site === null) return [];
  const { region } = place;
  if (place.scale.length === 0 || !site.canBoot) return [];
  // A boot takes its time; what is owed is that all of it was asked for, as far as it could be.
  const isAskedFor = place.scale.every((scalable) => {
    const wanted = world.scales.read({ region, service: name, site: active }, scalable)?.wanted ?? 0;
    if (world.scales.isBusy({ region }, scalable)) return true;
    return wanted >= (scalable.kind === 'instances' ? 1 : scalable.size);
  });
  const isThere = site.power >= 1 || isAskedFor;
  const why = isThere ? null : `${active} of ${name} serves at ${Math.round(site.power * 100)} % of its size`;
  return [
    {
      kind: 'size',
      why,
      by: {
        region,
        apis: [...place.scale.flatMap(({ kind }) => Object.values(scaleApis[kind])), ...roleApis(place)],
      },
    },
  ];
};

/** On at the active site, off at the others; what could not be turned off there is not turned on here. */
const work: Part = (world, { name, sites }, { active, run }) => {
  const isHeldBack = run?.steps.some((step) => step.name === 'work' && step.state === 'failed') === true;
  return Object.entries(sites).flatMap(([site, { region, account, work: its }]): readonly Wanted[] => {
    if (region === undefined || its.length === 0 || isHeldBack || mayBeOutOfContact(world, region)) return [];
    const seen = its.map((one) => world.work.read(region, one));
    const isOn = seen.every((one) => one === 'on' || one === 'turning-on');
    const isOff = seen.every((one) => one === 'off' || one === 'turning-off');
    const why =
      site === active
        ? isOn
          ? null
          : `work of ${name} is off at ${site}`
        : isOff
          ? null
          : `work of ${name} is on at ${site}`;
    const apis = [...its.flatMap(({ kind }) => Object.values(workApis[kind])), ...roleApis({ account })];
    return [{ kind: 'work', why, by: { region, apis } }];
  });
};

/** Time until a fence follows data that was made anew: three surveys, a change of the register and a repair. */
const rebuiltFollowMs = 90_000;

/**
 * Whether each fence of a service is as it must be.
 *
 * The site that has the service is open. One whose data still takes writes beside the writer's is closed. A standby is
 * open again once it has nothing to keep to itself and could have been seen well for `wellMs`, as far as somebody can
 * know it: what is asked inside a region, only that region's own watcher asks (docs/adr/0012-owed-fences.md).
 *
 * @param isRested - false while a run that has failed waits to be tried again: the site that it takes the data from
 *   stays closed until then, and while its data is on the way to the active one
 * @param isTried - whether it must have been tried again since the last fault ended: the site that it promotes stays
 *   closed until then
 */
export function fencesOf(
  world: World,
  service: NamedService,
  register: Register,
  isWell: (site: string) => boolean,
  isRested: boolean,
  isTried: boolean,
): readonly Wanted[] {
  // Of data that a deployment has taken out, nobody is told who writes it.
  const writer = service.data === undefined ? null : world.databases.writerOf(service.name);
  // Whoever makes a second writer by hand answers for both.
  if (writer !== null && isUnknownWriter(world, service.name, register, writer)) return [];
  const [serving = ''] = register.serving;
  const home = writer ?? serving;
  const { movingTo } = world.databases.read(service.name);
  return Object.entries(service.sites).flatMap(([name, place]): readonly Wanted[] => {
    const { fence } = place;
    const region = actingRegionOf(place);
    // Its address is somebody else's business, and its region may be right to keep it closed.
    if (fence === undefined || region === undefined || fence.kind === 'address') return [];
    if (hasLease(place) && mayBeOutOfContact(world, region)) return [];
    if (name === home && home !== serving && !(isRested && movingTo !== register.active)) return [];
    if (name === register.active && register.owed.some(({ site }) => site === name) && !isTried) return [];
    if (name === home && (isPromotionLeft(register) || isHeldClosed(world, service, register, name))) return [];
    const site = world.sites.get(service.name, name);
    const isClosed = world.exposure.isCutOff(site);
    const { read, write } = fenceApis[fence.kind];
    const by = { region, apis: [read, write, ...roleApis(place)] };
    const isSecond = writer !== null && name !== home && world.databases.takesWrites(service.name, name);
    const isPersons =
      isReleasedToWrite(world, service.name, register, name) || isUnknownWriter(world, service.name, register, name);
    if (isSecond && isPersons) return [];
    if (isSecond && site.state === 'running')
      return [{ kind: 'fence', why: isClosed ? null : `${name} is open, and writes beside ${home}`, by }];
    // What guards data that the configuration has no more, a person opens.
    const isGuard = register.owed.some((owed) => owed.site === name && owed.guardsData === true);
    if (isGuard && service.data === undefined) return [];
    // What was made anew is looked at by the next surveys; what is being made is no replica yet.
    const rebuiltAtMs = world.databases.rebuiltAtMs(service.name, name);
    if (rebuiltAtMs === null || world.nowMs - (rebuiltAtMs ?? Number.NEGATIVE_INFINITY) < rebuiltFollowMs) return [];
    // While its own promotion goes on, or the API of the data is out, nobody can say what its data is.
    const isRoleTold =
      service.data === undefined || world.contact.canCall(region, region, dataApis[service.data.kind].read);
    if (writer !== null && (!isRoleTold || world.databases.roleByApi(service.name, name) === null)) return [];
    const isAskedInside = writer !== null || fence.kind !== 'read-only';
    const isKnown = !isAskedInside || canAskInside(world, region);
    if (isSecond || (name !== home && !(isKnown && isWell(name)))) return [];
    return [{ kind: 'fence', why: isClosed ? `${name} is still cut off` : null, by }];
  });
}

/**
 * Whether a person has had the newest move go on without its promotion, or has said where the service is: who writes is
 * for that person to see to.
 */
function isPromotionLeft(register: Register): boolean {
  const { run, epoch } = register;
  if (isFoundedByPerson(register)) return true;
  return run?.epoch === epoch && run.steps.some(({ name, state }) => name === 'promote' && state === 'skipped');
}

/** Whether a site may not be opened: another one may write, and nobody can close its fence. */
function isHeldClosed({ contact }: World, { sites }: NamedService, { owed }: Register, name: string): boolean {
  const others = owed.filter(({ site, proof }) => site !== name && proof !== 'closed');
  return (
    owed.some(({ site }) => site === name) &&
    others.some(({ site }) => {
      const place = sites[site];
      const region = place && actingRegionOf(place);
      return place !== undefined && region !== undefined && !contact.canBeFenced(region, place);
    })
  );
}

/** What an actuator needs besides for things of a site, or for a zone, in another account. */
function roleApis(place: { readonly account?: string | undefined } | undefined): readonly string[] {
  return place?.account === undefined ? [] : [takeRoleApi];
}

/** Whether a region's own watcher may count down a lease, whoever could decide without it. */
function mayBeOutOfContact({ contact, control }: World, region: string): boolean {
  return (
    contact.canBeReplaced(region) || (control.isWatcherRunning(region) && !contact.ableWatchers().includes(region))
  );
}

/** Whether a region's own watcher learns what its APIs say of the sites there. */
function canAskInside({ contact }: World, region: string): boolean {
  return contact.ableWatchers().includes(region) && contact.canCall(region, region, 'lambda:Invoke');
}

/** Whether somebody reaches Route 53's control plane, which is in one region. */
function canEdit({ contact }: World): boolean {
  return contact.ableWatchers().some((from) => contact.passes(from, route53Region, 'route53'));
}

function route53(world: World, { zone }: DnsTraffic): Wanted['by'] {
  const [region = ''] = world.contact.ableWatchers();
  const apis = ['route53:ListResourceRecordSets', 'route53:ChangeResourceRecordSets', ...roleApis(zone)];
  return { region, apis };
}
