import { kindNames } from '../../core/kinds/kind-name.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import { surveyedSites, usersOf } from './function-set.ts';
import type { AccountFunctionKind } from './names.ts';
import { recordsPlan } from './records.ts';

/** The role that one function takes in another account, where sites or hosted zones have something for it. */
export type AccountRole = { readonly account: string } & (
  | {
      readonly kind: RegionalKind;
      /** Control region of the function. */
      readonly region: string;
    }
  /** There is one such function in a deployment. */
  | { readonly kind: 'deploy'; readonly region: null }
);

type RegionalKind = Exclude<AccountFunctionKind, 'deploy'>;

/** Functions of a control region that may have something to do in other accounts. */
const regionalKinds: readonly RegionalKind[] = [...kindNames, 'survey'];

/** Every role that the functions of a deployment take in other accounts: one a function, region and account. */
export function accountRolesOf(deployment: Deployment): readonly AccountRole[] {
  return otherAccountsOf(deployment).flatMap((account) => {
    const there = deploymentIn(deployment, account);
    const regional = deployment.controlRegions.flatMap((region) =>
      regionalKinds
        .filter((kind) => hasUse(there, region, kind))
        .map((kind): AccountRole => ({ account, kind, region })),
    );
    const isDeployed = recordsPlan(deployment).some((records) => records.account === account);
    return isDeployed ? [...regional, { account, kind: 'deploy', region: null }] : regional;
  });
}

/**
 * Region of the stack with an account's roles. IAM is one for all regions, so any one will do; in another one the same
 * roles cannot be made while the old stack is there.
 */
export function rolesRegionOf({ accounts, controlRegions }: Deployment, account: string): string | undefined {
  return accounts?.[account]?.region ?? controlRegions[0];
}

/** Accounts beside that of the deployment in which sites or hosted zones are, sorted. */
export function otherAccountsOf({ services }: Pick<Deployment, 'services'>): readonly string[] {
  const all = Object.values(services).flatMap(({ sites, traffic }) => [
    ...Object.values(sites).map(({ account }) => account),
    traffic.dns?.zone.account,
  ]);
  return [...new Set(all.filter((account) => account !== undefined))].sort();
}

/**
 * What of a deployment is in one account: its sites, what switches between them, and the records of its zones. What
 * else belongs to no site (dials, publications) is in the deployment's own account.
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
  const isHere = (key: string) => {
    if (isSwitchOfSites(key)) return sitesOfSwitch(service, key).some((site) => Object.hasOwn(here, site));
    return (key === 'dns' ? traffic.dns?.zone.account : undefined) === account;
  };
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

function hasUse(there: Deployment, region: string, kind: RegionalKind): boolean {
  if (kind !== 'survey') return Object.keys(usersOf(there, region, kind)).length > 0;
  return Object.values(there.services).some((service) => surveyedSites(service, region).length > 0);
}
