import { breach, type ServiceRule, unknownSites } from './rule.ts';

const endpointForEachSite: ServiceRule = {
  about: '`clients.endpoints` has an endpoint for every site of the service and for no other.',
  check: ({ sites, clients }, path) => {
    if (clients === undefined) return [];
    const at = [...path, 'clients', 'endpoints'];
    return [
      ...unknownSites(clients.endpoints, sites, at),
      ...Object.keys(sites)
        .filter((site) => !Object.hasOwn(clients.endpoints, site))
        .map((site) => breach(at, `nothing for ${site}`, 'an endpoint of every site', `add ${site}`)),
    ];
  },
};

const endpointForm: ServiceRule = {
  about: 'An endpoint of `clients` is a URL or `host:port`.',
  check: ({ clients }, path) =>
    Object.entries(clients?.endpoints ?? {})
      .filter(([, endpoint]) => !isEndpoint(endpoint))
      .map(([site, endpoint]) =>
        breach([...path, 'clients', 'endpoints', site], endpoint, 'a URL or host:port, without spaces', null),
      ),
};

function isEndpoint(text: string): boolean {
  if (/\s/.test(text)) return false;
  return /^[a-z][a-z0-9+.-]*:\/\/./i.test(text)
    ? URL.canParse(text)
    : /^[^:/@]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(text);
}

/** Rules about what clients inside the account are told. */
export const clientsRules: readonly ServiceRule[] = [endpointForEachSite, endpointForm];
