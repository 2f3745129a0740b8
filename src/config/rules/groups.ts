import type { Deployment } from '../../core/model/deployment.ts';
import { type Group, groupOrder } from '../../core/model/group.ts';
import { placeOf } from '../../core/model/place.ts';
import { preferredSite } from '../../core/model/service.ts';
import type { Path } from '../document.ts';
import { type Breach, breach, claimedTwice, type DeploymentRule } from './rule.ts';

const membersExist: DeploymentRule = {
  about: 'The members of a group are services, two or more, and what a member waits for is a member.',
  check: eachGroup(({ members }, at, { services }) => {
    const names = Object.keys(members);
    return [
      ...names
        .filter((name) => !Object.hasOwn(services, name))
        .map((name) => breach([...at, 'members', name], name, `a service: ${Object.keys(services).join(', ')}`, null)),
      ...(names.length >= 2
        ? []
        : [breach([...at, 'members'], String(names.length), 'two services or more', 'a service alone needs no group')]),
      ...Object.entries(members).flatMap(([name, needs]) =>
        needs
          .filter((need) => !Object.hasOwn(members, need))
          .map((need) => breach([...at, 'members', name], need, `a member of the group: ${names.join(', ')}`, null)),
      ),
    ];
  }),
};

const noCycle: DeploymentRule = {
  about: 'No member of a group waits for itself, directly or through others.',
  check: eachGroup(({ members }, at) => {
    const cycle = cycleIn(members);
    if (cycle === null) return [];
    const hint = 'take one of these out: data comes first, then what reads it, then traffic';
    return [breach([...at, 'members'], cycle.join(' > '), 'an order without a cycle', hint)];
  }),
};

const oneGroupEach: DeploymentRule = {
  about: 'A service is in one group at most: it cannot follow two.',
  check: ({ groups }) =>
    claimedTwice(
      Object.entries(groups).flatMap(([group, { members }]) =>
        Object.keys(members).map((member) => [member, group] as const),
      ),
    ).map(([member, first, second]) =>
      breach(['groups', second, 'members', member], member, `services of no other group; ${first} has it`, null),
    ),
};

const oneKindOfMember: DeploymentRule = {
  about: 'The members of a group are active-passive: a group is at one site, and a pool is at all.',
  check: eachMember((service, name, at) =>
    service.mode === 'active-passive'
      ? []
      : [
          breach(
            [...at, 'members', name],
            'active-active',
            'active-passive services',
            'leave it out of the group; its sites come and go by themselves',
          ),
        ],
  ),
};

const sameSites: DeploymentRule = {
  about:
    'The members of a group have sites of the same names, each name at one place, because the members move to sites of the same name.',
  check: eachMember((service, name, at, first, firstName) => {
    if (first === service) return [];
    const here = [...at, 'members', name];
    const [own, theirs] = [service, first].map(({ sites }) => Object.keys(sites).sort().join(', '));
    if (own !== theirs) {
      return [
        breach(here, `sites ${own}`, `those of ${firstName}: ${theirs}`, 'call sites that belong together alike'),
      ];
    }
    const moved = Object.entries(service.sites).flatMap(([site, place]) => {
      const theirs = first.sites[site];
      return theirs === undefined || placeOf(place) === placeOf(theirs) ? [] : [{ site, place, theirs }];
    })[0];
    if (moved === undefined) return [];
    const allowed = `${placeOf(moved.theirs)}, as in ${firstName}`;
    return [breach(here, `${moved.site} in ${placeOf(moved.place)}`, allowed, 'call sites that belong together alike')];
  }),
};

const sameHome: DeploymentRule = {
  about: 'The members of a group prefer the same site: they start there and return there.',
  check: eachMember((service, name, at, first, firstName) => {
    const isAlike = Object.keys(service.sites).sort().join() === Object.keys(first.sites).sort().join();
    if (!isAlike || Object.keys(service.sites).length < 2) return [];
    const [own, theirs] = [preferredSite(service), preferredSite(first)];
    if (own === theirs) return [];
    const hint = 'give the site the highest priority in every member, or set failback.to';
    return [breach([...at, 'members', name], `${own} preferred`, `${theirs}, as in ${firstName}`, hint)];
  }),
};

const gameDaysLead: DeploymentRule = {
  about: 'In a group only the member that decides for all has `gameDays`: the others follow it.',
  check: eachGroup((group, at, { services }) => {
    const names = Object.keys(group.members);
    const isKnown = Object.values(group.members).every((needs) => needs.every((need) => names.includes(need)));
    if (!isKnown || cycleIn(group.members) !== null) return [];
    const [leader = '', ...followers] = groupOrder(group);
    return followers.flatMap((name) => {
      const { gameDays = [] } = (Object.hasOwn(services, name) ? services[name] : undefined) ?? {};
      if (gameDays.length === 0) return [];
      const hint = `write them at ${leader}, which the group follows`;
      return [breach([...at, 'members', name], `gameDays of ${name}`, 'none for a member that follows', hint)];
    });
  }),
};

function eachGroup(
  check: (group: Group, at: Path, deployment: Deployment) => readonly Breach[],
): DeploymentRule['check'] {
  return (deployment) =>
    Object.entries(deployment.groups).flatMap(([name, group]) => check(group, ['groups', name], deployment));
}

type MemberService = Deployment['services'][string];

/** A check of each member that is a service, beside the first one of its group. */
function eachMember(
  check: (service: MemberService, name: string, at: Path, first: MemberService, firstName: string) => readonly Breach[],
): DeploymentRule['check'] {
  return eachGroup(({ members }, at, { services }) => {
    const known = Object.keys(members).flatMap((name) => {
      const service = Object.hasOwn(services, name) ? services[name] : undefined;
      return service === undefined ? [] : [{ name, service }];
    });
    const [first] = known;
    if (first === undefined) return [];
    return known.flatMap(({ name, service }) => check(service, name, at, first.service, first.name));
  });
}

/** A cycle from a member back to itself, with the member at both ends; null when there is none. */
function cycleIn(members: Group['members']): readonly string[] | null {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return null;
    for (const need of Object.hasOwn(members, name) ? (members[name] ?? []) : []) {
      const found = visit(need, [...way, name]);
      if (found !== null) return found;
    }
    done.add(name);
    return null;
  };
  for (const name of Object.keys(members).sort()) {
    const found = visit(name, []);
    if (found !== null) return found;
  }
  return null;
}

/** Rules about services that fail over together. */
export const groupRules: readonly DeploymentRule[] = [
  membersExist,
  noCycle,
  oneGroupEach,
  oneKindOfMember,
  sameSites,
  sameHome,
  gameDaysLead,
];
