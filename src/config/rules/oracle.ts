import { clientsLoadOf } from '../plan/clients-load.ts';
import { areOraclesAsked } from '../plan/oracle-fronts.ts';
import { breach, claimedTwice, type DeploymentRule } from './rule.ts';

const frontOfEachRegion: DeploymentRule = {
  about: '`oracle.url` has a URL of its own for every control region, and for no other.',
  check: ({ oracle, controlRegions }) => {
    if (oracle === undefined) return [];
    const at = ['oracle', 'url'];
    return [
      ...controlRegions
        .filter((region) => !Object.hasOwn(oracle.url, region))
        .map((region) => breach(at, `nothing for ${region}`, 'a URL for every control region', `add ${region}`)),
      ...Object.keys(oracle.url)
        .filter((region) => !controlRegions.includes(region))
        .map((region) => breach([...at, region], region, `a control region: ${controlRegions.join(', ')}`, null)),
      ...claimedTwice(Object.entries(oracle.url).map(([region, url]) => [url, region])).map(([url, first, second]) =>
        breach([...at, second], url, `another URL than that of ${first}`, 'each oracle has a vote of its own'),
      ),
    ];
  },
};

const frontForSomebody: DeploymentRule = {
  about: '`oracle.url` is for deployments whose oracles are asked, by DNS with `mode: oracle`.',
  check: (deployment) =>
    deployment.oracle === undefined || areOraclesAsked(deployment)
      ? []
      : [breach(['oracle'], 'URLs', 'none', 'nothing asks the oracles here: leave oracle out')],
};

const clientsAreServed: DeploymentRule = {
  about:
    'All `clients` together ask no more than the function of a region can serve: ten requests a second for each of at most 200 reserved concurrencies.',
  check: (deployment) => {
    const load = clientsLoadOf(deployment);
    if (load === null || load.askedPerSecond <= load.servedPerSecond) return [];
    const [service = ''] = Object.keys(deployment.services).filter((name) => deployment.services[name]?.clients);
    return [
      breach(
        ['services', service, 'clients', 'fleet'],
        `${Math.ceil(load.askedPerSecond)} requests a second to each control region`,
        `${load.servedPerSecond}, of ${load.fleetMax} programs at this askMs`,
        'let them ask less often (askMs), or read the parameter of Parameter Store instead',
      ),
    ];
  },
};

/** Rules about where the oracles are asked, and by how many. */
export const oracleRules: readonly DeploymentRule[] = [frontOfEachRegion, frontForSomebody, clientsAreServed];
