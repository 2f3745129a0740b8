import type { Deployment } from '../../core/model/deployment.ts';
import { isAwsProbe } from '../../core/model/probe.ts';
import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { accountRolesOf, isSwitchOfSites, otherAccountsOf, sitesOfSwitch } from '../plan/accounts.ts';
import { type Breach, breach, type DeploymentRule, type ServiceRule } from './rule.ts';

const anotherAccount: ServiceRule = {
  about: "The `account` of a site is another one than the deployment's own, and a site outside AWS has none.",
  check: ({ sites }, path, { account: own }) =>
    Object.entries(sites).flatMap(([name, { account, location }]) => {
      const at = [...path, 'sites', name, 'account'];
      if (account === undefined) return [];
      if (location !== undefined) {
        return [breach(at, account, 'none outside AWS', `leave account out; ${name} is at ${location}`)];
      }
      return account === own
        ? [breach(at, account, 'another account', "leave account out; a site is in the deployment's own account")]
        : [];
    }),
};

const zoneOfAnotherAccount: ServiceRule = {
  about: "The `account` of a hosted zone is another one than the deployment's own.",
  check: ({ traffic }, path, { account: own }) => {
    const { account } = traffic.dns?.zone ?? {};
    if (account === undefined || account !== own) return [];
    const at = [...path, 'traffic', 'dns', 'zone', 'account'];
    return [breach(at, account, 'another account', "leave account out; a zone is in the deployment's own account")];
  },
};

const zoneOfOneAccount: DeploymentRule = {
  about: 'A hosted zone is in one account, whichever service names it.',
  check: ({ services }) => {
    const first = new Map<string, readonly [service: string, account: string | undefined]>();
    return Object.entries(services).flatMap(([service, { traffic }]): readonly Breach[] => {
      if (traffic.dns === undefined) return [];
      const { id, account } = traffic.dns.zone;
      const [other, its] = first.get(id) ?? [service, account];
      first.set(id, [other, its]);
      if (its === account) return [];
      const found = `${placeText(account)}, and ${other} has ${id} in ${placeText(its)}`;
      return [
        breach(
          ['services', service, 'traffic', 'dns', 'zone', 'account'],
          found,
          'one account for a zone',
          'write the account of the zone at each of them',
        ),
      ];
    });
  },
};

const placeText = (account: string | undefined) => account ?? "the deployment's own account";

const probedFromHere: ServiceRule = {
  about:
    "A site of another account is probed over the network: the watchers ask for alarms, metrics and functions of the deployment's own account alone.",
  check: ({ sites }, path) =>
    Object.entries(sites).flatMap(([name, { account, probes }]) =>
      probes.flatMap((probe, index) =>
        account === undefined || !isAwsProbe(probe)
          ? []
          : [
              breach(
                [...path, 'sites', name, 'probes', index, 'type'],
                `${probe.type} of account ${account}`,
                'a probe over the network, such as https or tcp',
                `write type: https with a URL that answers for ${name}`,
              ),
            ],
      ),
    ),
};

const switchesOfOneAccount: ServiceRule = {
  about:
    'All sites of an address, of routes or of target groups are in one account: each of these leads to things of its own account.',
  check: (service, path) =>
    Object.keys(service.traffic)
      .filter(isSwitchOfSites)
      .flatMap((key) =>
        divided(
          service,
          sitesOfSwitch(service, key),
          [...path, 'traffic', key],
          'let traffic.dns choose between accounts',
        ),
      ),
};

const dataOfOneAccount: ServiceRule = {
  about:
    'All sites of a service with `data` are in one account, unless functions of yours promote it: AWS replicates and promotes these kinds inside an account.',
  check: (service, path) =>
    service.data === undefined || service.data.kind === 'custom'
      ? []
      : divided(
          service,
          Object.keys(service.sites),
          [...path, 'data', 'kind'],
          `replicate it in another way, and write kind: custom instead of ${service.data.kind}, with a function at each site`,
        ),
};

/** One breach when some sites are in different accounts. */
function divided({ sites }: Service, names: readonly string[], at: Path, hint: string): readonly Breach[] {
  const accounts = names.map((name) => [name, sites[name]?.account] as const);
  const [first] = accounts;
  const other = accounts.find(([, account]) => account !== first?.[1]);
  if (first === undefined || other === undefined) return [];
  const found = `${accountText(first)} and ${accountText(other)}`;
  return [breach(at, found, 'sites of one account', hint)];
}

function accountText([site, account]: readonly [string, string | undefined]): string {
  return account === undefined ? `${site} in the deployment's own account` : `${site} in ${account}`;
}

const rolesCanBeTaken: DeploymentRule = {
  about:
    'Every other account in which functions have something to do is under `accounts`, no other one is, and then the deployment names its own `account`.',
  check: (deployment) => {
    const { account: own, accounts = {}, services } = deployment;
    const used = new Set(accountRolesOf(deployment).map(({ account }) => account));
    const unknown = placesOf(services).filter(
      ({ account }) => account !== undefined && used.has(account) && !Object.hasOwn(accounts, account),
    );
    const idle = Object.keys(accounts).filter((account) => !used.has(account));
    return [
      ...unknown
        .slice(0, 1)
        .map(({ at, account }) =>
          breach(
            at,
            account ?? null,
            'an account under accounts, because functions have something to do there',
            `write accounts: { '${account}': { externalId: ${deployment.name}-CHOSEN-BY-YOU } } at the top`,
          ),
        ),
      ...idle.map((account) =>
        breach(
          ['accounts', account],
          otherAccountsOf(deployment).includes(account)
            ? `${account}, where only probes and DNS are about its sites`
            : `${account}, which is the account of no site and no hosted zone`,
          'accounts in which functions have something to do',
          'leave it out; no role is needed there',
        ),
      ),
      ...(used.size > 0 && own === undefined
        ? [
            breach(
              ['account'],
              'nothing',
              "the id of the deployment's own account",
              "write account: '111122223333' with its id; roles in other accounts trust that account alone",
            ),
          ]
        : []),
    ];
  },
};

/** What of the services is in an account: their sites and hosted zones, each with where that is said. */
function placesOf(
  services: Deployment['services'],
): readonly { readonly at: Path; readonly account: string | undefined }[] {
  return Object.entries(services).flatMap(([service, { sites, traffic }]) => {
    const path = ['services', service];
    return [
      ...Object.entries(sites).map(([site, { account }]) => ({ at: [...path, 'sites', site, 'account'], account })),
      { at: [...path, 'traffic', 'dns', 'zone', 'account'], account: traffic.dns?.zone.account },
    ];
  });
}

/** Rules about the accounts of a service's sites and hosted zone. */
export const accountServiceRules: readonly ServiceRule[] = [
  anotherAccount,
  zoneOfAnotherAccount,
  probedFromHere,
  switchesOfOneAccount,
  dataOfOneAccount,
];

/** Rules about the accounts of a deployment. */
export const accountRules: readonly DeploymentRule[] = [rolesCanBeTaken, zoneOfOneAccount];
