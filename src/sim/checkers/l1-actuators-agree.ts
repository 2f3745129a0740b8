import { answeredSites } from '../../core/dns/locations.ts';
import { addressFor, publicationFor, recordFor, recordWeightsFor, weightsFor } from '../../core/kinds/order.ts';
import { lastResortName, type NamedService } from '../../core/model/service.ts';
import { hasOpenRun, type Register } from '../../core/register/register.ts';
import { leaseWaitMs, recoveryBound } from '../../core/timing.ts';
import { addressesOfSite } from '../world/alias-addresses.ts';
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
  const address = service.mode === 'active-passive' ? addressFor(service, register.active)?.desired : undefined;
  if (address?.kind === 'address' && service.traffic.address) {
    const seen = world.cloud.locate(service.traffic.address.region, address.allocationId);
    if (seen !== address.instanceId)
      found.push(`${address.allocationId} is at ${seen}, the register says ${address.instanceId}`);
  }
  const [serving] = register.serving;
  const record = serving === undefined ? null : recordFor(service, serving, '')?.desired;
  if (record?.kind === 'record' && world.cloud.readRecord(record.name).a !== record.values.a) {
    found.push(`${record.name} names ${world.cloud.readRecord(record.name).a}, the register says ${record.values.a}`);
  }
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
  const isolated = world.sites.all().find((site) => site.service === service.name && site.isIsolated);
  if (isolated) found.push(`${isolated.name} is still cut off`);
  return found;
}

/** Weights, data, sizes and what inside clients are told. */
function resourceDisagreements(world: World, service: NamedService, register: Register): readonly string[] {
  const found: string[] = [];
  const weights = weightsFor(service, register)?.desired;
  if (weights?.kind === 'weights' && !isEqual(world.cloud.readWeights(weights.listenerArn), weights.weights)) {
    found.push(`${service.name}'s weights are not as the register says`);
  }
  const recordWeights = recordWeightsFor(service, register, '')?.desired;
  if (recordWeights?.kind === 'record-weights') {
    const seen = world.cloud.readRecordWeights(recordWeights.name);
    if (!isEqual(seen, recordWeights.weights))
      found.push(`${recordWeights.name}'s weights are not as the register says`);
  }
  for (const region of world.deployment.controlRegions) {
    const told = publicationFor(service, register, region)?.desired;
    if (told?.kind !== 'publication') continue;
    if (world.cloud.readPublication(region, service.name)?.epoch !== told.publication.epoch)
      found.push(`inside clients of ${service.name} in ${region} are not told of epoch ${register.epoch}`);
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

function isEqual(seen: Readonly<Record<string, number>> | null, wanted: Readonly<Record<string, number>>): boolean {
  return Object.entries(wanted).every(([name, weight]) => (seen?.[name] ?? 0) === weight);
}
