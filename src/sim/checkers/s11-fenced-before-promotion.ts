import type { KindName } from '../../core/kinds/kind-name.ts';
import type { PromoteDesired } from '../../core/kinds/promote.ts';
import type { WorkDesired } from '../../core/kinds/work.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { asDecided, checkerKind, type NoteStake, serviceIn } from './checker.ts';
import { isFoundedByPerson } from './facts/founded.ts';
import { isUnknownWriter } from './facts/outside-writer.ts';
import { owed } from './facts/owed.ts';
import { isReleasedToWrite } from './facts/released.ts';
import { Silence } from './facts/silence.ts';

/** An order to turn the work of a site on or off. */
type WorkOrder = Pick<WorkDesired, 'site' | 'isOn'> & { readonly manner: string };

/** When the newest run of a service was decided, and the sites that had no fence for whoever did so. */
interface Begun {
  readonly atMs: number;
  readonly unfenced: readonly string[];
}

type Stakes = 'promotion' | 'shift' | 'old site lives' | 'work';

const did = { promotion: 'was promoted', shift: 'was given traffic' } as const;

/** Things that bring traffic to a site. */
const trafficThings: readonly KindName[] = ['address', 'targets', 'accelerator', 'controls', 'edge', 'zonal', 'dns'];

/**
 * S11: nothing is promoted, and no traffic moves, while the old site is open.
 *
 * The old site is whichever truly could be written, or truly served, a moment before, whatever a run calls its `from`.
 * It is open while something answers clients there and no fence keeps them off. A site without a fence is left once its
 * lease has run out since the decision, if its data is promoted elsewhere, and so is one that had none for whoever
 * decided; time stands in for proof at a fenced one only where nobody in its silent region could fence. One that a
 * person has released to write beside the writer is that person's to answer for. Nor is work turned on while it is on
 * at another site whose region has not been silent for the lease.
 */
export const fencedBeforePromotion = checkerKind({
  property: 'S11',
  stakes: ['promotion', 'shift', 'old site lives', 'work'],
  make: (world, stake: NoteStake<Stakes>) => {
    const silence = new Silence(world);
    const begun = new Map<string, Begun>();
    /** Where each service without promoted data was served last. */
    const homes = new Map<string, string>();
    const judge = (service: NamedService, old: string, to: string, what: 'promotion' | 'shift') => {
      if (old === to || service.sites[old] === undefined) return null;
      const site = world.sites.get(service.name, old);
      const isFenced = service.sites[old].fence !== undefined && !begun.get(service.name)?.unfenced.includes(old);
      // Without data and without a fence there is nothing to wait for: DNS moves clients when it does.
      if (!isFenced && (what === 'shift' || !owed.isLeaseAwaitedWithoutFence)) return null;
      stake(what);
      if (lives(world, service, old)) stake('old site lives');
      if (what === 'shift' && hasDataMoved(world, service, old, to)) return null;
      if (!world.exposure.isAnswering(site) || (isFenced && silence.standsInForProof(service, old))) return null;
      const sinceMs = world.nowMs - (begun.get(service.name)?.atMs ?? world.nowMs);
      if (!isFenced && sinceMs >= service.failover.leaseMs) return null;
      return `${to} of ${service.name} ${did[what]} while ${old} was open, ${sinceMs} ms after the decision`;
    };

    return {
      hear: (event) => {
        silence.hear(event);
        if (event.type === 'decided') return hearDecided(event);
        if (event.type === 'writer') return hearWriter(event);
        return event.type === 'write' ? hearWrite(event) : null;
      },
    };

    function hearDecided({ service: name, register, previous, atMs }: SimEvent & { readonly type: 'decided' }) {
      const service = serviceIn(world, name);
      // A pool has no old site; if it becomes active-passive, it begins with the one that serves then.
      if (service.mode === 'active-active') {
        homes.delete(name);
        return null;
      }
      const isNew = register.epoch !== previous?.epoch;
      if (isNew) begun.set(name, { atMs, unfenced: unfencedFor(world, service, register) });
      const [serving = ''] = register.serving;
      const home = world.sites.nameOf(name, homes.get(name) ?? serving);
      homes.set(name, serving);
      // Who founds a register whose tables are lost answers for where the service is.
      if (isFoundedByPerson(register)) return null;
      return home !== serving && service.sites[serving] ? judge(service, home, serving, 'shift') : null;
    }

    /** A promotion begins: whoever could be written a moment before must not be any more. */
    function hearPromotion(service: NamedService, order: PromoteDesired) {
      const olds = new Set([...knownWriter(world, service, order), ...writing(world, service)]);
      // Roles that are switched by agreement need no fence; where there is one it is closed all the same.
      const isAgreed = order.isPlanned && service.data?.kind !== 'rds-replica';
      return first([...olds], (old) =>
        isAgreed && service.sites[old]?.fence === undefined ? null : judge(service, old, order.to, 'promotion'),
      );
    }

    /** A promotion is through: nobody else may be written. */
    function hearWriter({ service: name, writer, isByHand }: SimEvent & { readonly type: 'writer' }) {
      const service = serviceIn(world, name);
      // Whoever promotes data by hand answers for who else writes.
      return isByHand ? null : first(writing(world, service), (old) => judge(service, old, writer, 'promotion'));
    }

    function hearWrite({ thing, order }: SimEvent & { readonly type: 'write' }) {
      const service = serviceIn(world, order.service);
      if (order.kind === 'promote') return hearPromotion(service, withNames(world, order));
      if (order.kind === 'work') return whyTwice(world, silence, service, order, () => stake('work'));
      if (!trafficThings.includes(thing) || order.manner === 'repair') return null;
      const to = world.decisions.newest(service.name)?.active;
      const home = world.sites.nameOf(service.name, homes.get(service.name) ?? '');
      return service.mode === 'active-active' || to === undefined || home === ''
        ? null
        : judge(service, home, to, 'shift');
    }
  },
});

/** An order with its sites called as they are now. */
function withNames<T extends PromoteDesired & { readonly service: string }>({ sites }: World, order: T): T {
  const { service, from, to } = order;
  return { ...order, from: sites.nameOf(service, from), to: sites.nameOf(service, to) };
}

/** Once the new site writes and the old one is proven a replica, its fence may be opened before the clients move. */
function hasDataMoved({ databases }: World, { name }: NamedService, old: string, to: string): boolean {
  return databases.writerOf(name) === to && !databases.takesWrites(name, old);
}

/** Work is handed to a site while it is on at another, whose region has not been silent for the lease. */
function whyTwice(
  world: World,
  silence: Silence,
  service: NamedService,
  { site: ordered, isOn, manner }: WorkOrder,
  noteStake: () => void,
): string | null {
  if (!isOn || manner === 'repair') return null;
  const here = world.sites.nameOf(service.name, ordered);
  for (const [site, { region, work }] of Object.entries(service.sites)) {
    if (site === here || region === undefined || work.length === 0) continue;
    noteStake();
    const isOff = work.every((one) => world.work.read(region, one) === 'off');
    if (!isOff && !silence.outlastsLease(service, region))
      return `work of ${service.name} was turned on at ${here} while it was on at ${site}`;
  }
  return null;
}

/** Whoever was made the writer last; nobody where a person did it, unknown to us. */
function knownWriter(world: World, { name }: NamedService, { from }: PromoteDesired): readonly string[] {
  const writer = world.databases.writerOf(name) ?? from;
  return isUnknownWriter(world, name, world.decisions.newest(name), writer) ? [] : [writer];
}

/** Sites whose data takes writes, but for one that a person has let write, or has made the writer unknown to us. */
function writing(world: World, { name, sites }: NamedService): readonly string[] {
  const register = world.decisions.newest(name);
  // Who founds a register whose tables are lost answers for who writes.
  if (register !== null && isFoundedByPerson(register)) return [];
  const isLeft = (site: string) =>
    (register !== null && isReleasedToWrite(world, name, register, site)) ||
    isUnknownWriter(world, name, register, site);
  return Object.keys(sites).filter((site) => world.databases.takesWrites(name, site) && !isLeft(site));
}

/**
 * Sites that had no fence for whoever has just begun a run: a deployment has added one since, or has just done so. A
 * person's command goes on with what it began with, however many stacks have been deployed since.
 */
function unfencedFor(world: World, { name, sites }: NamedService, { run }: Register): readonly string[] {
  if (run === null || run.steps.some((step) => step.name === 'fence')) return [];
  const isByWatcher = world.control.watchersIn(run.by).length > 0;
  const known = isByWatcher
    ? asDecided(world, run.by, name)
    : world.deployments.flatMap((each) => (each.services[name] ? [serviceOf(each, name)] : []));
  const lacks = ({ sites: own }: NamedService, site: string) =>
    Object.keys(own).some((other) => world.sites.nameOf(name, other) === site && own[other]?.fence === undefined);
  return Object.keys(sites).filter((site) => known.some((config) => lacks(config, site)));
}

function lives(world: World, { name }: NamedService, old: string): boolean {
  const site = world.sites.get(name, old);
  return site.state === 'running' && !world.links.isRegionDead(site.place);
}

function first(names: readonly string[], judge: (name: string) => string | null): string | null {
  for (const name of names) {
    const why = judge(name);
    if (why !== null) return why;
  }
  return null;
}
