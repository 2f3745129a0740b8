import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule, type ServiceRule, unknownSites } from './rule.ts';

/** What a message says of things of which each site has one. */
export interface PerSiteWords {
  /** With its article: `a routing control`. */
  readonly one: string;
  readonly name: string;
  /** How its name begins, for the message about one that is missing. */
  readonly form: string;
  /** Why no two sites have the same one. */
  readonly because: string;
}

/** What is wrong with a list that must have something for every site and for no other. */
export function completenessBreaches(
  things: Readonly<Record<string, unknown>>,
  { sites }: Service,
  at: Path,
  { one, form }: Pick<PerSiteWords, 'one' | 'form'>,
): readonly Breach[] {
  const missing = Object.keys(sites).filter((site) => !Object.hasOwn(things, site));
  return [
    ...unknownSites(things, sites, at),
    ...missing.map((site) => breach(at, `none of ${site}`, `${one} for every site`, `write ${site}: ${form}`)),
  ];
}

/** What is wrong with a list that must have one thing for every site and for no other, each its own. */
export function perSiteBreaches(
  things: Readonly<Record<string, string>>,
  service: Service,
  at: Path,
  words: PerSiteWords,
): readonly Breach[] {
  const { name, because } = words;
  return [
    ...completenessBreaches(things, service, at, words),
    ...claimedTwice(Object.entries(things).map(([site, thing]) => [thing, site] as const)).map(([thing, other, site]) =>
      breach([...at, site], thing, `another ${name} than that of ${other}`, because),
    ),
  ];
}

/**
 * A rule that a switch which points at one site is not for a pool.
 *
 * @param key - of the switch below `traffic`
 * @param because - why it cannot share traffic, and what can
 */
export function activePassiveOnly(
  about: string,
  key: 'accelerator' | 'controls' | 'edge',
  because: string,
): ServiceRule {
  return {
    about,
    check: ({ mode, traffic }, path) =>
      mode === 'active-passive' || traffic[key] === undefined
        ? []
        : [breach([...path, 'traffic', key], 'mode active-active', 'mode active-passive', because)],
  };
}

/**
 * A rule that no two services have the same thing.
 *
 * @param path - of the things below the service
 * @param verb - what a service does with one: `turns`
 */
export function unsharedRule(
  about: string,
  verb: string,
  path: Path,
  thingsOf: (traffic: Service['traffic']) => Readonly<Record<string, string>> | undefined,
): DeploymentRule {
  return {
    about,
    check: ({ services }) =>
      claimedTwice(
        Object.entries(services).flatMap(([name, { traffic }]) =>
          Object.values(thingsOf(traffic) ?? {}).map((thing) => [thing, name] as const),
        ),
      ).map(([thing, owner, other]) =>
        breach(
          ['services', other, ...path],
          thing,
          `what no other service ${verb}; ${owner} does`,
          'take it out of one, or make the two one service',
        ),
      ),
  };
}
