import { AwsClients } from '../src/adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
import { quantile } from '../src/cli/drill/quantile.ts';
import { Processes } from '../src/cli/lab/processes.ts';
import type { AcceptorReply } from '../src/core/register/acceptor.ts';
import { type Ballot, noBallot } from '../src/core/register/ballot.ts';
import { changeRegister } from '../src/core/register/proposer.ts';
import { genesis, type Register } from '../src/core/register/register.ts';
import type { Ports } from '../src/ports/ports.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import type { StateTables } from '../src/ports/state-tables.ts';
import { SimStateTables } from '../src/sim/world/state-tables.ts';

/** Time of one register change, in milliseconds. */
export interface Latency {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly changes: number;
}

/** Latency of register changes, from easy to hard and on real sockets. */
export interface RegisterBench {
  /** Tables in memory, with round trips as between regions; one proposer. */
  readonly apart: Latency;
  /** The same; a proposer in each of the three regions, all at once. */
  readonly contended: Latency;
  /** Three DynamoDB stand-ins on this machine, a process each, without any delay; one proposer. */
  readonly local: Latency;
}

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
/** Round trip between two regions, as between the coasts of the United States, and to a region's own table. */
const farRoundTripMs = 80;
const ownRoundTripMs = 2;

/** The two methods of state tables that a change needs. */
type Acceptors = Pick<StateTables, 'prepare' | 'accept'>;

/** Highest ballot that each region's proposer has seen: a watcher reads it off every look at the tables. */
type Floors = Map<string, Ballot>;

/** @param changes - measured changes of one proposer; the contended ones are a third of it, by each of three */
export async function benchRegister(changes = 60): Promise<RegisterBench> {
  const apart = tablesApart();
  const home = regions[0] ?? '';
  const rounds = Math.ceil(changes / 3);
  return {
    apart: await measure((region) => apart(region), [home], changes),
    contended: await measure((region) => apart(region), regions, rounds),
    local: await measureLocal(home, changes),
  };
}

/** Has every proposer make its changes, one after the other, all proposers side by side. */
async function measure(
  tablesFrom: (region: string) => Acceptors,
  proposers: readonly string[],
  changes: number,
): Promise<Latency> {
  const floors: Floors = new Map();
  const noting = (region: string) => noteBallots(tablesFrom(region), (ballot) => floors.set(region, ballot));
  await change(noting(regions[0] ?? ''), 'genesis', regions[0] ?? '', floors);
  const samples = await Promise.all(
    proposers.map(async (region) => {
      const own: number[] = [];
      for (let index = 0; index < changes; index += 1) {
        const startMs = systemClock.monotonicMs();
        await change(noting(region), `${proposers.length}.${index}`, region, floors);
        own.push(systemClock.monotonicMs() - startMs);
      }
      return own;
    }),
  );
  const all = samples.flat();
  return { medianMs: quantile(all, 0.5), p95Ms: quantile(all, 0.95), changes: all.length };
}

/** @throws when the change is not made */
async function change(tables: Acceptors, name: string, region: string, floors: Floors): Promise<void> {
  const handlers: Ports['handlers'] = {
    prepare: ({ region: place, service, ballot }) => tables.prepare(place, service, ballot),
    accept: ({ region: place, service, ballot, value }) => tables.accept(place, service, ballot, value),
  };
  const ports: Ports = { clock: systemClock, rng: systemRng, handlers };
  const mark = `${regions.indexOf(region)}.${name}`;
  const proposer = { service: 'web', regions, mark, floor: floors.get(region) ?? noBallot };
  const next = (current: Register | null): Register =>
    current === null ? genesis('virginia') : { ...current, epoch: current.epoch + 1 };
  const outcome = await runRoutine(changeRegister(proposer, next), ports);
  if (outcome.outcome !== 'changed') throw new Error(`change ${name} from ${region}: ${outcome.outcome}`);
}

/** Tables that tell which ballot their replies show as promised. */
function noteBallots(tables: Acceptors, note: (ballot: Ballot) => void): Acceptors {
  const noted = async (asked: Promise<AcceptorReply<Register>>) => {
    const reply = await asked;
    note(reply.state.promised);
    return reply;
  };
  return {
    prepare: (region, service, ballot) => noted(tables.prepare(region, service, ballot)),
    accept: (region, service, ballot, value) => noted(tables.accept(region, service, ballot, value)),
  };
}

/** Tables that a proposer of any region reaches after the round trip between the two. */
function tablesApart(): (from: string) => Acceptors {
  let made = 0;
  const tables = new SimStateTables(regions, () => {
    made += 1;
    return `incarnation-${made}`;
  });
  return (from) => {
    const reach = async <T>(to: string, act: () => T): Promise<T> => {
      const wayMs = (from === to ? ownRoundTripMs : farRoundTripMs) / 2;
      await systemClock.sleep(wayMs);
      const reply = act();
      await systemClock.sleep(wayMs);
      return reply;
    };
    return {
      prepare: (to, service, ballot) => reach(to, () => tables.prepare(to, service, ballot)),
      accept: (to, service, ballot, value) => reach(to, () => tables.accept(to, service, ballot, value)),
    };
  };
}

async function measureLocal(home: string, changes: number): Promise<Latency> {
  const processes = new Processes(() => {});
  try {
    const members = [...processes.startAll('table', regions)];
    const ports = await Promise.all(members.map(([, member]) => member.configure({ deployment: 'bench' })));
    const endpoints = Object.fromEntries(
      regions.map((region, index) => [region, `http://127.0.0.1:${ports[index]?.[0]}`]),
    );
    const clients = new AwsClients({ endpoints });
    const tables = new DynamoDbStateTables({ clients, deployment: 'bench', rng: systemRng, clock: systemClock });
    const latency = await measure(() => tables, [home], changes);
    clients.close();
    return latency;
  } finally {
    await processes.stop();
  }
}
