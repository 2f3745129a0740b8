import { breach, type ServiceRule, unknownSites } from '../rules/rule.ts';
import { duration } from '../schema/duration.ts';
import { named, text, wholeNumber } from '../schema/fields.ts';
import { siteName } from '../schema/site.ts';
import { strict } from '../schema/strict-object.ts';

/** A hundred programs: twenty requests a second. Source: our own. */
const fleetDefault = 100;
/** Source: `refreshMs` of `createEndpoints` in `src/client/endpoints.ts`. */
const askMsDefault = 5_000;
const hourMs = 3_600_000;

/** What is published for clients inside the account. */
export const clientsSchema = strict({
  endpoints: named(siteName, text(2_000, 'an endpoint'), 'endpoints').describe(
    'Where clients inside the account find each site: a URL or host:port.',
  ),
  fleet: wholeNumber(1, 100_000)
    .default(fleetDefault)
    .describe(
      'Most programs that ask at once where the sites are. The function that they ask is sized for twice as many, in each control region; more are answered with 429, and keep the list that they have.',
    ),
  askMs: duration(1_000, hourMs)
    .default(askMsDefault)
    .describe(
      'Time between two questions of one program. The default is that of `createEndpoints`; an `ActiveGuard` asks in a fifth of its lease.',
    ),
});

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

/** Rules about what is published for clients inside the account. */
export const publishRules: readonly ServiceRule[] = [endpointForEachSite, endpointForm];
