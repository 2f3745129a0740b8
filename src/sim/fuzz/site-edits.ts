import type { DeploymentInput } from '../../config/input/deployment.ts';
import type { ServiceInput } from './variations.ts';

/** A configuration with one site more, one fewer, or one under another name, wherever a service speaks of it. */

/** What an added site is told apart by. */
const mark = 'x';
/** Keys of a site whose values name something that two sites cannot share. */
const ownKeys = ['url', 'host', 'name', 'functionName', 'LoadBalancer', 'cluster', 'table', 'instanceIds', 'uuid'];

/** A site that is added: like another one, and somewhere else or beside it. */
export interface AddedSite {
  readonly name: string;
  readonly like: string;
  readonly region: string;
  readonly priority: number;
}

/** The services that have a site of a name, edited: those of a group have the same sites. */
export function editedServices(
  configuration: DeploymentInput,
  names: readonly string[],
  edit: (service: ServiceInput) => ServiceInput,
): DeploymentInput {
  const services = Object.entries(configuration.services).map(
    ([name, service]) => [name, names.includes(name) ? edit(service) : service] as const,
  );
  return { ...configuration, services: Object.fromEntries(services) };
}

/** A service with a site more. What the other one has, it has, too, and of its own. */
export function withSite(service: ServiceInput, { name, like, region, priority }: AddedSite): ServiceInput {
  const { sites, ...others } = service;
  const model = sites[like];
  if (model === undefined) return service;
  const isElsewhere = region !== model.region;
  const there = (text: string) => (model.region === undefined ? text : text.replaceAll(model.region, region));
  const { zone: _zone, ...place } = model;
  const own = copied(isElsewhere ? place : model, (text, key) =>
    ownKeys.includes(key) ? marked(there(text), key) : text,
  );
  const rest: object = eachEntry(others, like, (entry) => [
    [like, entry],
    [name, copied(entry, (text, key) => marked(there(text), key))],
  ]);
  return { ...rest, sites: { ...sites, [name]: { ...own, region, priority } } } as ServiceInput;
}

/** A service without a site. */
export function withoutSite(service: ServiceInput, site: string): ServiceInput {
  return eachEntry(service, site, () => []);
}

/** A service with a site under another name. What goes back to it goes back to it under that one. */
export function withSiteRenamed(service: ServiceInput, site: string, name: string): ServiceInput {
  const { sites, failback } = eachEntry(service, site, (entry) => [[name, entry]]);
  const place = sites[name];
  if (place === undefined) return service;
  return {
    ...eachEntry(service, site, (entry) => [[name, entry]]),
    sites: { ...sites, [name]: { ...place, renamedFrom: site } },
    ...(failback?.to === site ? { failback: { ...failback, to: name } } : {}),
  };
}

/** Puts other entries where there is one of a site. */
function eachEntry<T>(value: T, site: string, replace: (entry: unknown) => readonly (readonly [string, unknown])[]): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => eachEntry(item, site, replace)) as T;
  const entries = Object.entries(value).flatMap(([key, part]) =>
    key === site ? replace(part) : [[key, eachEntry(part, site, replace)] as const],
  );
  return Object.fromEntries(entries) as T;
}

/** A copy of plain data with other texts. @param change - is told the key under which a text, or its list, stands */
function copied<T>(value: T, change: (text: string, key: string) => string, key = ''): T {
  if (typeof value === 'string') return change(value, key) as T;
  if (Array.isArray(value)) return value.map((item) => copied(item, change, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copied(part, change, name)])) as T;
}

/** Another name of the same sort. */
function marked(text: string, key: string): string {
  if (key === 'kind' || key === 'region') return text;
  if (/^[0-9]+(\.[0-9]+){3}$/.test(text)) return text.replace(/[0-9]+$/, (last) => String((Number(last) + 100) % 250));
  if (/^https?:/.test(text)) return text.replace('//', `//${mark}`);
  if (/^[^/]+:[0-9]+$/.test(text) && !text.startsWith('arn:')) return `${mark}${text}`;
  if (/[/-][0-9a-f]{12,}$/.test(text)) return text.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  return `${text}${mark}`;
}
