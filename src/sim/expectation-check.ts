import { askedNames } from '../core/dns/record-values.ts';
import { boundIn, notIn } from '../scenario/expectations.ts';
import type { Comparison, Expectation, SitesOrCount } from '../scenario/scenario.ts';
import type { Measures } from './measures.ts';
import { statusNow } from './status-observation.ts';
import { addressesOfSite } from './world/dns/alias-addresses.ts';
import type { World } from './world/world.ts';

/** Every reason for which an expectation does not hold now; empty when it does. */
export function whysNot(expectation: Expectation, world: World, measures: Measures): readonly string[] {
  return checks.flatMap((check) => check(expectation, world, measures) ?? []);
}

/** What a part of a message without a number asks for. */
const someTimes: Comparison = { operator: '>', value: 0 };

type Check = (expectation: Expectation, world: World, measures: Measures) => readonly string[] | string | null;

const checks: readonly Check[] = [
  ({ active }, world) =>
    allOf(active, (service, wanted) =>
      differs(`${service}'s active site`, world.decisions.newest(service)?.active, wanted),
    ),
  ({ serving }, world) =>
    allOf(serving, (service, wanted) =>
      differs(`${service}'s serving sites`, sorted(world.decisions.newest(service)?.serving ?? []), sorted(wanted)),
    ),
  ({ voters }, world) =>
    allOf(voters, (service, wanted) => {
      const listed = world.decisions.newest(service)?.voters.map(({ region }) => region) ?? [];
      return differs(`${service}'s voters`, sorted(listed), sorted(wanted));
    }),
  ({ moves, when }, _world, measures) =>
    allOf(moves, (service, wanted) =>
      breaks(`moves of ${service}`, measures.movesSince(service, fromMs(when)), wanted),
    ),
  ({ epochDelta }, _world, measures) =>
    allOf(epochDelta, (service, wanted) => breaks(`epochs of ${service}`, measures.epochDelta(service), wanted)),
  ({ dns }, world) =>
    allOf(dns, (name, wanted) => differs(`${name} answers`, sorted(namesOf(world, name)), sorted(wanted))),
  ({ route }, world) =>
    allOf(route, (table, wanted) => differs(`${table} leads to`, world.routes.targetOf(table), wanted)),
  ({ eip }, world) =>
    allOf(eip, (allocation, wanted) => differs(`${allocation} is at`, holderOf(world, allocation), wanted)),
  ({ weights }, world) =>
    allOf(weights, (service, wanted) => partOf(`weights of ${service}`, weightsIn(world, service), wanted)),
  ({ writer }, world) =>
    allOf(writer, (service, wanted) => differs(`${service}'s writer`, world.databases.read(service).writer, wanted)),
  ({ writable }, world) =>
    allOf(writable, (service, wanted) =>
      sitesDiffer(`${service} can be written at`, world.exposure.writable(service), wanted),
    ),
  ({ open }, world) =>
    allOf(open, (service, wanted) =>
      sitesDiffer(`${service} serves clients at`, world.clients.served(service), wanted),
    ),
  ({ isolated }, world) =>
    allOf(isolated, (service, wanted) =>
      sitesDiffer(`${service} is cut off at`, world.exposure.isolated(service), wanted),
    ),
  ({ work }, world) =>
    allOf(work, (service, wanted) => differs(`${service}'s work`, workingIn(world, service), wanted)),
  ({ scale }, world) =>
    allOf(scale, (service, wanted) => partOf(`sizes of ${service}`, sizesIn(world, service), wanted)),
  ({ published }, world) =>
    allOf(published, (service, wanted) =>
      allOf(publishedIn(world, service), (region, sites) => differs(`${service} in ${region}`, sites, wanted)),
    ),
  ({ goodput, when }, _world, measures) =>
    allOf(goodput, (service, wanted) =>
      breaks(`goodput of ${service} in percent`, measures.goodputPercent(service, fromMs(when)), wanted),
    ),
  ({ settled = [] }, world) => {
    const wrong = settled.flatMap((service) => unsettled(world, service) ?? []);
    return wrong.length > 0 ? wrong : null;
  },
  ({ status }, world) =>
    allOf(status, (service, wanted) => statusDiffers(`status of ${service}`, statusNow(world, service), wanted)),
  ({ opinion }, world) =>
    allOf(opinion, (watcher, sites) =>
      allOf(sites, (site, wanted) =>
        differs(`${watcher}'s opinion of ${site}`, opinionOf(world, watcher, site), wanted),
      ),
    ),
  ({ verdict }, world) =>
    allOf(verdict, (site, wanted) => differs(`verdict on ${site}`, verdictOn(world, site), wanted)),
  ({ operator }, _world, measures) => (operator ? checkOperator(operator, measures) : null),
  ({ calls, when }, _world, measures) =>
    allOf(calls, (api, wanted) =>
      breaks(`calls of ${api}`, countSince(measures.calls.get(api) ?? [], fromMs(when)), wanted),
    ),
  ({ hooks, when }, _world, measures) =>
    allOf(hooks, (request, wanted) =>
      breaks(
        `requests ${request} to the user's functions`,
        countSince(measures.hooks.get(request) ?? [], fromMs(when)),
        wanted,
      ),
    ),
  ({ writes, when }, _world, measures) =>
    writes ? breaks('writes', countSince(measures.writesAtMs, fromMs(when)), writes) : null,
  ({ rto }, _world, measures) =>
    allOf(rto, (service, wanted) => {
      const recoveryMs = measures.recoveryMs(service);
      return recoveryMs === null
        ? `${service} has not recovered`
        : breaks(`recovery time of ${service} in ms`, recoveryMs, wanted);
    }),
  ({ lost }, _world, measures) =>
    allOf(lost, (service, wanted) => breaks(`writes lost by ${service}`, measures.lostWrites(service), wanted)),
  ({ alarm }, _world, { alarms }) =>
    alarm === undefined || alarms.has(alarm)
      ? null
      : `alarm ${alarm} was not raised (raised: ${[...alarms.keys()].join(', ') || 'none'})`,
  ({ alarmResolved }, _world, { alarms, alarmsResolved }) =>
    alarmResolved === undefined || alarmsResolved.has(alarmResolved)
      ? null
      : `alarm ${alarmResolved} is not resolved (${alarms.has(alarmResolved) ? 'it was raised' : 'it was never raised'})`,
  ({ noAlarm }, _world, { alarms }) => {
    const atMs = noAlarm === undefined ? undefined : alarms.get(noAlarm);
    return atMs === undefined ? null : `alarm ${noAlarm} was raised at ${atMs / 1_000} s`;
  },
  ({ notified, when }, _world, { notifications }) =>
    allOf(typeof notified === 'string' ? { [notified]: someTimes } : notified, (part, wanted) => {
      const told = notifications.filter(({ atMs, text }) => atMs >= fromMs(when) && text.includes(part));
      return breaks(`messages of ${notifications.length} with "${part}"`, told.length, wanted);
    }),
  ({ heard, when }, _world, { notifications }) =>
    allOf(heard, (topic, wanted) => {
      const taken = notifications.filter(({ atMs, topics }) => atMs >= fromMs(when) && topics.includes(topic));
      return breaks(`messages that ${topic} has taken`, taken.length, wanted);
    }),
];

function allOf<T>(
  wanted: Readonly<Record<string, T>> | undefined,
  check: (name: string, wanted: T) => readonly string[] | string | null,
): readonly string[] {
  return Object.entries(wanted ?? {}).flatMap(([name, value]) => check(name, value) ?? []);
}

function sitesDiffer(what: string, found: readonly string[], wanted: SitesOrCount): string | null {
  return 'operator' in wanted
    ? breaks(`${what} ${found.join(', ') || 'no site'}; sites`, found.length, wanted)
    : differs(what, sorted(found), sorted(wanted));
}

function fromMs(when: Expectation['when']): number {
  return when.kind === 'always' || when.kind === 'total' ? when.fromMs : 0;
}

function countSince(timesMs: readonly number[], fromMs: number): number {
  return timesMs.filter((atMs) => atMs >= fromMs).length;
}

function differs(what: string, found: unknown, wanted: unknown): string | null {
  const [foundText, wantedText] = [JSON.stringify(found ?? null), JSON.stringify(wanted)];
  return foundText === wantedText ? null : `${what}: found ${foundText}, expected ${wantedText}`;
}

/** What a value lacks of the fields that are asked for, however deep. */
function partOf(what: string, found: unknown, wanted: unknown): readonly string[] | string | null {
  if (wanted === null || typeof wanted !== 'object' || Array.isArray(wanted)) return differs(what, found, wanted);
  const fields = (found ?? {}) as Readonly<Record<string, unknown>>;
  return allOf(wanted as Readonly<Record<string, unknown>>, (field, value) =>
    partOf(`${what}.${field}`, fields[field], value),
  );
}

/** A failback that was refused rests, for longer each time, so it may be under way at any instant. */
function unsettled(world: World, service: string): string | null {
  const { state } = statusNow(world, service);
  const run = world.decisions.newest(service)?.run;
  const isFailback = state === 'moving' && run?.kind === 'failback' && run.state === 'running';
  return state === 'steady' || isFailback ? null : `status of ${service}.state: found "${state}", expected "steady"`;
}

/** The same for a status, of which a part may be bounded, or may be anything but one value. */
function statusDiffers(what: string, found: unknown, wanted: unknown): readonly string[] {
  const bound = boundIn(wanted);
  if (bound !== null) {
    const why = typeof found === 'number' ? breaks(what, found, bound) : isNo(what, found, 'a number');
    return why === null ? [] : [why];
  }
  if (wanted === null || typeof wanted !== 'object' || Array.isArray(wanted)) {
    const why = differs(what, found, wanted);
    return why === null ? [] : [why];
  }
  const negated = notIn(wanted);
  if (negated !== null) {
    // What is not there is anything but everything, and so would hold for the wrong reason.
    if (found === undefined) return [isNo(what, found, 'a field of the status')];
    const isSame = statusDiffers(what, found, negated.not).length === 0;
    return isSame ? [isNo(what, found, 'anything else')] : [];
  }
  const fields = (found ?? {}) as Readonly<Record<string, unknown>>;
  return allOf(wanted as Readonly<Record<string, unknown>>, (field, part) =>
    statusDiffers(`${what}.${field}`, fields[field], part),
  );
}

function isNo(what: string, found: unknown, expected: string): string {
  return `${what}: found ${JSON.stringify(found ?? null)}, expected ${expected}`;
}

/** Null when a number keeps to a bound. */
export function breaks(what: string, found: number, { operator, value }: Comparison): string | null {
  const holds = {
    '=': found === value,
    '<=': found <= value,
    '>=': found >= value,
    '<': found < value,
    '>': found > value,
  };
  return holds[operator] ? null : `${what}: found ${found}, expected ${operator === '=' ? '' : `${operator} `}${value}`;
}

function sorted(values: readonly string[]): readonly string[] {
  return [...values].sort();
}

/** What a name answers, as the names of sites where a site has the address. */
function namesOf(world: World, name: string): readonly string[] {
  const services = Object.values(world.deployment.services);
  const service = services.find(({ traffic }) => traffic.dns !== undefined && askedNames(traffic.dns).includes(name));
  const owners = world.names.addressesOf(name).map((address) => {
    const owner = Object.entries(service?.traffic.dns?.addresses ?? {}).find(([, known]) =>
      addressesOfSite(known).includes(address),
    );
    return owner?.[0] ?? address;
  });
  return [...new Set(owners)];
}

/** Weights by site; of several listeners they must be the same, else they are no number. */
function weightsIn(world: World, service: string): Readonly<Record<string, number>> {
  const { targets, accelerator, controls, edge, zonal, dns } = world.deployment.services[service]?.traffic ?? {};
  if (accelerator && !targets) {
    const sites = Object.keys(accelerator.endpointGroupArns);
    return Object.fromEntries(sites.map((site) => [site, world.dials.shareOf(accelerator, site)]));
  }
  if (controls && !targets) {
    const seen = world.controls.read(Object.values(controls.routingControlArns));
    return Object.fromEntries(
      Object.entries(controls.routingControlArns).map(([site, arn]) => [site, seen[arn] ? 100 : 0]),
    );
  }
  if (edge && !targets) {
    const chosen = world.stores.siteOf(edge);
    return Object.fromEntries(Object.keys(edge.originIds).map((site) => [site, site === chosen ? 100 : 0]));
  }
  if (zonal) {
    const reached = world.shifts.sitesOf(zonal);
    return Object.fromEntries(Object.keys(zonal.zoneIds).map((site) => [site, reached.includes(site) ? 100 : 0]));
  }
  if (!targets) return (dns && world.cloud.readRecordWeights(dns.record)) ?? {};
  const held = targets.listenerArn.map((listener) => world.cloud.readWeights(listener) ?? {});
  const weightOf = (arn: string) => {
    const [first = 0, ...others] = held.map((byArn) => byArn[arn] ?? 0);
    return others.every((other) => other === first) ? first : Number.NaN;
  };
  return Object.fromEntries(Object.entries(targets.targetGroups).map(([site, arn]) => [site, weightOf(arn)]));
}

function sizesIn(world: World, service: string): Readonly<Record<string, number | null>> {
  const sites = Object.entries(world.deployment.services[service]?.sites ?? {});
  return Object.fromEntries(sites.map(([name, site]) => [name, world.scales.sizeOf(service, name, site)]));
}

/** Sites that may begin work: it is not off, and their region lives. */
function workingIn({ deployment, links, work }: World, service: string): readonly string[] {
  return Object.entries(deployment.services[service]?.sites ?? {}).flatMap(([name, { region, work: its }]) =>
    region !== undefined && !links.isRegionDead(region) && its.some((one) => work.read(region, one) !== 'off')
      ? [name]
      : [],
  );
}

function publishedIn(world: World, service: string): Readonly<Record<string, readonly string[]>> {
  const living = world.deployment.controlRegions.filter((region) => !world.links.isRegionDead(region));
  return Object.fromEntries(
    living.map((region) => {
      const endpoints = world.cloud.readPublication(region, service)?.endpoints ?? [];
      return [region, endpoints.map(({ site }) => site)];
    }),
  );
}

function holderOf(world: World, allocation: string): string | null {
  const found = [...world.cloud.addresses()].find(([key]) => key.endsWith(`/${allocation}`));
  return found?.[1] ?? null;
}

function opinionOf(world: World, watcher: string, siteName: string): string | null {
  const tracks = world.tables.read(watcher, []).opinions?.tracks ?? {};
  const { service, name } = splitSite(world, siteName);
  return tracks[service]?.[name]?.opinion ?? null;
}

function verdictOn(world: World, siteName: string): string | null {
  const { service, name } = splitSite(world, siteName);
  return statusNow(world, service).sites[name]?.verdict ?? null;
}

function splitSite(world: World, siteName: string): { readonly service: string; readonly name: string } {
  const [first = '', second] = siteName.split('/');
  if (second !== undefined) return { service: first, name: second };
  const service = world.sites.all().find(({ name }) => name === first)?.service ?? '';
  return { service, name: first };
}

function checkOperator(wanted: NonNullable<Expectation['operator']>, { operators }: Measures): string | null {
  const ended = operators.get(wanted.name);
  if (!ended) return `operator ${wanted.name} has no answer yet`;
  const exit = wanted.exit === null ? null : differs(`exit code of ${wanted.name}`, ended.exit, wanted.exit);
  if (exit !== null) return `${exit}; it printed: ${ended.output.split('\n')[0]}`;
  if (wanted.says === null || ended.output.includes(wanted.says)) return null;
  return `operator ${wanted.name} printed "${ended.output.split('\n')[0]}", expected a part "${wanted.says}"`;
}
