import type { GroupView } from '../../../src/core/decision/decision-input.ts';
import { groupViewOf } from '../../../src/core/decision/group-view.ts';
import { noKnowledge, type SiteKnowledge } from '../../../src/core/detection/site-knowledge.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';
import type { Group } from '../../../src/core/model/group.ts';
import type { NamedService, Service } from '../../../src/core/model/service.ts';
import type { Register } from '../../../src/core/register/register.ts';
import type { ServiceView } from '../../../src/core/tables/service-view.ts';
import { registerWith, serviceWith } from './service.fixture.ts';

/** A service without its name, as a deployment declares it. */
export function memberWith(more: Parameters<typeof serviceWith>[0]): Service {
  const { name: _, ...member } = serviceWith(more);
  return member;
}

/** A deployment whose services are the members of one group, `shop`. */
export function deploymentOf(services: Deployment['services'], members: Group['members']): Deployment {
  return {
    name: 'd',
    controlRegions: ['region-1', 'region-2', 'region-3'],
    services,
    notify: { emails: [], topics: [], webhooks: [] },
    watcher: { tracing: false },
    doctor: { hourly: true },
    accept: {},
    groups: { shop: { members } },
  };
}

/** What is known of a service: its register, null when it cannot be read, and its sites. */
export interface Known {
  readonly register: Register | null;
  readonly knowledge?: SiteKnowledge;
}

export const allUp: SiteKnowledge = {
  verdicts: { one: 'up', two: 'up', far: 'up' },
  reports: {},
  dependencies: {},
};

/** `data` first, then `broker`, then `app`, which needs `broker`. */
export const chain: Group['members'] = { app: ['broker'], broker: ['data'], data: [] };

/** What a member of the chain knows of the others; who is not given is steady at `one`, and all its sites are up. */
export function sightOf(member: string, known: Readonly<Record<string, Known>> = {}, members = chain): GroupView {
  const services = Object.fromEntries(Object.keys(members).map((name) => [name, memberWith({})]));
  const sight = groupViewOf(deploymentOf(services, members), member, ({ name }: NamedService) =>
    pictureWith(known[name] ?? { register: registerWith() }),
  );
  if (sight === null) throw new Error(`${member} is in no group`);
  return sight;
}

function pictureWith({ register, knowledge = allUp }: Known): ServiceView {
  return {
    register:
      register === null
        ? { kind: 'no-majority', lastKnown: null, isForgotten: false }
        : ({ kind: 'decided', register, isTidy: true } as const),
    knowledge: register === null ? noKnowledge : knowledge,
    testimonies: {},
    members: [],
    freshWatchers: [],
    outOfContact: [],
    unanswered: {},
    disputes: [],
  } as ServiceView;
}
