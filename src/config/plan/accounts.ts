import { kindNames } from '../../core/kinds/kind-name.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import { surveyedSites, usersOf } from './function-set.ts';
import type { SiteFunctionKind } from './names.ts';

/** The role that one function takes in another account, where the sites of that account have something for it. */
export interface SiteRole {
  readonly account: string;
  readonly kind: SiteFunctionKind;
  /** Control region of the function. */
  readonly region: string;
}

/** Functions that go to the accounts of sites. */
const siteFunctionKinds: readonly SiteFunctionKind[] = [
  ...kindNames.filter((kind) => kindOf(kind).isOfSites),
  'survey',
];

/** Every role that the functions of a deployment take in other accounts: one a function, region and account. */
export function siteRolesOf(deployment: Deployment): readonly SiteRole[] {
  return otherAccountsOf(deployment).flatMap((account) => {
    const there = deploymentIn(deployment, account);
    return deployment.controlRegions.flatMap((region) =>
      siteFunctionKinds
        .filter((kind) => hasUse(there, region, kind))
        .map((kind): SiteRole => ({ account, kind, region })),
    );
  });
}

/**
 * Region of the stack with an account's roles. IAM is one for all regions, so any one will do; in another one the same
 * roles cannot be made while the old stack is there.
 */
export function rolesRegionOf({ accounts, controlRegions }: Deployment, account: string): string | undefined {
  return accounts?.[account]?.region ?? controlRegions[0];
}

/** Accounts beside that of the deployment in which sites are, sorted. */
export function otherAccountsOf({ services }: Pick<Deployment, 'services'>): readonly string[] {
  const all = Object.values(services).flatMap(({ sites }) => Object.values(sites).map(({ account }) => account));
  return [...new Set(all.filter((account) => account !== undefined))].sort();
}

/**
 * What of a deployment is in one account: its sites, and what switches between them. What belongs to no site (records,
 * dials, publications) is in the deployment's own account.
 *
 * @param account - undefined: that of the deployment
 */
export function deploymentIn(deployment: Deployment, account: string | undefined): Deployment {
  if (account === undefined && otherAccountsOf(deployment).length === 0) return deployment;
  const services = Object.entries(deployment.services).map(([name, service]) => [name, partIn(service, account)]);
  return { ...deployment, services: Object.fromEntries(services) };
}

function partIn(service: Service, account: string | undefined): Service {
  const { sites, traffic, data, clients, ...rest } = service;
  const here = Object.fromEntries(Object.entries(sites).filter(([, site]) => site.account === account));
  const isHere = (key: string) =>
    isSwitchOfSites(key)
      ? sitesOfSwitch(service, key).some((site) => Object.hasOwn(here, site))
      : account === undefined;
  return {
    ...rest,
    sites: here,
    data: Object.keys(here).length > 0 ? data : undefined,
    clients: account === undefined ? clients : undefined,
    traffic: Object.fromEntries(Object.entries(traffic).filter(([key]) => isHere(key))),
  };
}

/** Whether what steers clients under a key of `traffic` belongs to sites. Kinds and keys have the same names. */
export function isSwitchOfSites(key: string): boolean {
  return kindNames.some((kind) => kind === key && kindOf(kind).isOfSites);
}

/** Sites that have a part in what steers clients under a key of `traffic`. */
export function sitesOfSwitch({ sites, traffic }: Service, key: string): readonly string[] {
  const its: unknown = traffic[key as keyof typeof traffic];
  const parts = Object.values(its ?? {}).filter((part) => typeof part === 'object' && part !== null);
  const named = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.keys(sites).filter((site) => named.has(site));
}

function hasUse(there: Deployment, region: string, kind: SiteFunctionKind): boolean {
  if (kind !== 'survey') return Object.keys(usersOf(there, region, kind)).length > 0;
  return Object.values(there.services).some((service) => surveyedSites(service, region).length > 0);
}
