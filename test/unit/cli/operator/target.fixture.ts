import { DnsReader, type DnsSources } from '../../../../src/adapters/aws/checkup/dns-reader.ts';
import { sourcesOfLab } from '../../../../src/cli/operator/lab-target.ts';
import type { Target } from '../../../../src/cli/operator/target.ts';
import { blankTrack, type SiteTrack } from '../../../../src/core/detection/opinion.ts';
import { type MemoryReading, memoriesIn } from '../../../../src/core/dns/readings.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import { digestsOf } from '../../../../src/core/model/digest.ts';
import { ballotAbove } from '../../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import { awsTiming } from '../../../../src/core/timing.ts';
import { type StateTables, tableHandlers } from '../../../../src/ports/state-tables.ts';
import { SimStateTables } from '../../../../src/sim/world/state-tables.ts';
import { refusingTables } from '../../../support/refusing-tables.ts';
import { deploymentOf } from '../deployment.fixture.ts';

const up: SiteTrack = { ...blankTrack, opinion: 'up', passStreak: 2 };
const down: SiteTrack = { ...blankTrack, opinion: 'down', failureStreak: 3, reason: 'refused' };

export interface FakeTarget extends Omit<Target, 'close'> {
  /** What a table holds of the service's register. */
  readonly register: () => Register | null;
}

/** Items that were written so far, to whichever target: what a region says now is newer than what it said before. */
let spoken = 0;

/**
 * A deployment of one service over tables in memory, whose watchers speak with each reading and call every site up.
 *
 * @param dark - control regions whose table gives no answer
 * @param more - what the register holds, sites that every watcher calls down, and where votes and memories are read
 */
export function fakeTarget(
  dark: readonly string[] = [],
  more: { readonly register?: Partial<Register>; readonly down?: readonly string[]; readonly dns?: DnsSources } = {},
): FakeTarget {
  const deployment = deploymentOf('web');
  const regions = deployment.controlRegions;
  const ballot = ballotAbove([], 'genesis');
  let marks = 0;
  let nowMs = 0;
  const sim = new SimStateTables(regions, () => `mark-${++marks}`);
  const voters = [...regions]
    .sort()
    .map((region) => ({ region, incarnation: sim.prepare(region, 'web', ballot).state.incarnation }));
  for (const region of regions)
    sim.accept(region, 'web', ballot, { ...genesis('virginia'), stage: 'founded', voters, ...more.register });

  const speak = (region: string) => {
    const trackOf = (site: string) => (more.down?.includes(site) ? down : up);
    const tracks = { web: { virginia: trackOf('virginia'), oregon: trackOf('oregon') } };
    nowMs += 1;
    spoken += 1;
    sim.writeOpinions(region, {
      generation: 1,
      invocation: 'a',
      sequence: spoken,
      wallMs: 0,
      tracks,
      stopwatches: {},
      digests: digestsOf(serviceOf(deployment, 'web')),
      outOfContactMs: {},
    });
  };
  const reach = async <T>(region: string, ask: () => T): Promise<T> => {
    if (dark.includes(region)) throw new Error('no answer');
    return ask();
  };
  const tables: StateTables = {
    ...refusingTables,
    prepare: (region, service, ballot) => reach(region, () => sim.prepare(region, service, ballot)),
    accept: (region, service, ballot, value) => reach(region, () => sim.accept(region, service, ballot, value)),
    read: (region, services) =>
      reach(region, () => {
        speak(region);
        return sim.read(region, services);
      }),
  };
  const clock = {
    wallMs: () => Date.UTC(2026, 0, 1) + nowMs,
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  return {
    deployment,
    where: { kind: 'lab', pid: 1 },
    readSilent: async () => Object.fromEntries(dark.map((region) => [region, 'no answer'])),
    timingProfile: awsTiming,
    dns: new DnsReader(deployment, more.dns ?? sourcesOfLab(undefined)),
    ports: {
      clock,
      rng: { next: () => (++marks % 1_000) / 1_000 },
      handlers: { ...tableHandlers(tables), log: async () => null },
    },
    register: () => sim.read(regions[0] as string, ['web']).acceptors.web?.accepted ?? null,
  };
}

/** Memories of a {@link fakeTarget}, where every region says the same of its first site. */
export function memoriesSaying(state: () => 'OK' | 'ALARM' | null): DnsSources {
  const [memory] = memoriesIn(deploymentOf('web'));
  const readMemory = async (): Promise<MemoryReading> => {
    const said = state();
    if (said === null) return { kind: 'unread', why: 'denied' };
    return { kind: 'read', states: { [memory?.alarm ?? '']: said } };
  };
  return { findOracle: null, readMemory, patienceMs: 100, keptMs: 0 };
}
