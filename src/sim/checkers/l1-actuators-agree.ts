import { answeredSites } from '../../core/dns/locations.ts';
import { type KindName, kindNames } from '../../core/kinds/kind-name.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import { leaseWaitMs, recoveryBound } from '../../core/timing.ts';
import { addressesOfSite } from '../world/alias-addresses.ts';
import type { SimKind } from '../world/kinds/kind.ts';
import { simKinds } from '../world/kinds/kinds.ts';
import type { World } from '../world/world.ts';
import { type MakeChecker, serviceIn } from './checker.ts';

/** Ticks after which everything must agree once faults have stopped. */
const ticksToAgree = 10;

/**
 * L1: once faults stop, all actuators agree with the register within ten ticks, and no run rests half done.
 *
 * Judged at the end, when it has been quiet for long enough: ten ticks after the later of the last fault and the time
 * that the newest run may take.
 */
export const actuatorsAgree: MakeChecker = (world) => {
  const begunAtMs = new Map<string, number>();
  return {
    property: 'L1',
    hear: (event) => {
      const isNewEpoch = event.type === 'decided' && event.register.epoch !== event.previous?.epoch;
      if (isNewEpoch) begunAtMs.set(event.service, event.atMs);
      return null;
    },
    end: () => {
      const faults = Object.keys(world.deployment.services).flatMap((name) => {
        const service = serviceIn(world, name);
        const register = world.decisions.newest(name);
        if (register === null) return [];
        const sinceEpochMs = world.nowMs - (begunAtMs.get(name) ?? 0);
        const owedAfterMs = ticksToAgree * service.detection.intervalMs;
        if (
          world.disturbances.quietMs() < owedAfterMs + runMaxMs(service) ||
          sinceEpochMs < owedAfterMs + runMaxMs(service)
        )
          return [];
        return disagreements(world, service, register);
      });
      return faults[0] ?? null;
    },
  };
};

/** Longest an undisturbed run may take: its fence, its shift, and the verification that waits twice as long as that. */
function runMaxMs(service: NamedService): number {
  return 3 * recoveryBound(service).shiftMs + leaseWaitMs(service);
}

function disagreements(world: World, service: NamedService, register: Register): readonly string[] {
  const found: string[] = [];
  if (hasOpenRun(register)) found.push(`${service.name}: the run of epoch ${register.epoch} rests half done`);
  const [serving] = register.serving;
  const { dns } = service.traffic;
  if (dns !== undefined && (dns.mode === 'oracle' || dns.policy !== 'failover') && serving !== undefined) {
    const answered = world.names.addressesOf(dns.record);
    const targets = answeredSites(service, register.serving).map((site) =>
      site === lastResortName ? dns.lastResort : dns.addresses[site],
    );
    const wanted = targets.flatMap((target) => addressesOfSite(target ?? {}));
    const isLooked = register.serving.every((site) => world.names.answersDirectCheck(service.name, site));
    if (isLooked && answered.some((value) => !wanted.includes(value)))
      found.push(`${dns.record} answers ${answered.join()}, the register says ${register.serving.join()}`);
  }
  found.push(...resourceDisagreements(world, service, register));
  for (const site of world.sites.all().filter((each) => each.service === service.name)) {
    const isOwed = register.owed.some((fence) => fence.site === site.name);
    if (site.isIsolated && !isOwed) found.push(`${site.name} is still cut off`);
    if (isOwed && !world.exposure.isCutOff(site)) found.push(`${site.name} is not cut off, and its fence is owed`);
  }
  return found;
}

/** Weights, data, sizes and what inside clients are told. */
function resourceDisagreements(world: World, service: NamedService, register: Register): readonly string[] {
  const found: string[] = [];
  const { controlRegions } = world.deployment;
  for (const name of kindNames) {
    const kind = kindOf(name);
    const wanted = kind.atRest({ service, register, ownRegion: '', controlRegions, epochAgeMs: 0 });
    for (const { region, desired } of wanted) {
      const thing = kind.thingOf({ ...desired }, service, region);
      const isSo = thing === null || kind.compare(thing, anySimKind(name).read(world, thing as never)) === 'as-ordered';
      if (!isSo) found.push(`${service.name}'s ${kind.nameOf(desired)} in ${region} is not as the register says`);
    }
  }
  const writer = world.databases.writerOf(service.name);
  const hasMoved = register.run?.steps.some(({ name, state }) => name === 'promote' && state === 'done');
  if (hasMoved && writer !== register.active)
    found.push(`${service.name}'s data is written at ${writer}, not ${register.active}`);
  const active = world.sites.get(service.name, register.active);
  if (service.mode === 'active-passive' && register.serving.includes(register.active) && active.power < 1)
    found.push(`${register.active} serves at ${Math.round(active.power * 100)} % of its size`);
  return found;
}

function anySimKind(name: KindName): SimKind<KindName> {
  return simKinds[name] as SimKind<KindName>;
}
