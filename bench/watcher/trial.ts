import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AwsClients } from '../../src/adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { stateTableSchema } from '../../src/adapters/aws/tables/state-table-schema.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { packBundle } from '../function-process.ts';
import { authorityPath } from './certificate.ts';
import { shareOf } from './cpu-share.ts';
import type { StandInsPorts } from './stand-ins.ts';
import { WatcherProcess } from './watcher-process.ts';

/** What is watched. */
export interface TrialShape {
  readonly services: number;
  /** Sites of each service, 2 to 10, with one HTTPS probe each. */
  readonly sites: number;
  /** Between two probes of a site. */
  readonly intervalMs: number;
}

/** What is tried. */
export interface TrialSize extends TrialShape {
  /** Of each watcher, in MiB. */
  readonly memoryMb: number;
}

/** What was seen of the watcher of one region; the two others have the same size. */
export interface TrialResult {
  /** Resident memory at its highest, of the first watcher and of the one that took over, in MiB. */
  readonly peakMb: number;
  /** Share of its processor that it used at rest, 0 to 1. */
  readonly restUtilization: number;
  /** From the start until every service has a register, and the longest stand-still of the event loop, in ms. */
  readonly genesis: Phase;
  /** From the end of every service's first site until every service has moved. */
  readonly failover: Phase;
  /** From the start of a second watcher in the region until it has taken over. */
  readonly takeover: Phase;
}

/** One part of a trial. */
export interface Phase {
  readonly tookMs: number;
  readonly lagMs: number;
}

const regions = ['us-east-1', 'us-west-2', 'us-east-2'] as const;
const measured = regions[0];
/** Longest wait for anything, in intervals. A watcher that needs more is too small. */
const phaseIntervalsMax = 60;
const pollMs = 100;
/** Intervals for which a watcher is measured at rest. */
const restIntervals = 5;

/** @throws when a phase does not end in its time, or a watcher's process ends */
export async function tryWatcher(size: TrialSize, node: string): Promise<TrialResult> {
  const standIns = fork(join(import.meta.dirname, 'stand-ins.ts'), [], { execArgv: ['--import', 'tsx'] });
  const watchers: WatcherProcess[] = [];
  try {
    standIns.send(regions);
    const [ports] = (await once(standIns, 'message')) as [StandInsPorts];
    const deployment = benchDeployment(size, ports.sites);
    const packed = packBundle(join(import.meta.dirname, '../../dist/lambda/watcher/index.mjs'), deployment);
    const tables = await makeTables(deployment, ports);
    const start = (region: string) => {
      const environment = environmentOf(region, ports.aws);
      const watcher = new WatcherProcess({ node, code: packed.code, memoryMb: size.memoryMb, environment });
      watchers.push(watcher);
      return watcher;
    };
    try {
      return await measure(deployment, size, { start, tables, standIns });
    } finally {
      for (const watcher of watchers) await watcher.end();
      packed.remove();
    }
  } finally {
    standIns.kill('SIGKILL');
  }
}

interface Bench {
  readonly start: (region: string) => WatcherProcess;
  readonly tables: DynamoDbStateTables;
  readonly standIns: ChildProcess;
}

async function measure(deployment: Deployment, size: TrialSize, bench: Bench): Promise<TrialResult> {
  const { start, tables, standIns } = bench;
  const phaseMsMax = phaseIntervalsMax * size.intervalMs;
  const services = Object.keys(deployment.services);
  const epochs = async () => {
    const { acceptors } = await tables.read(measured, services);
    return services.map((service) => acceptors[service]?.accepted?.epoch ?? 0);
  };
  const generation = async () => (await tables.read(measured, [])).opinions?.generation ?? 0;

  const [watcher] = regions.map(start) as [WatcherProcess];
  const bornMs = await waitUntil(async () => (await epochs()).every((epoch) => epoch >= 1), phaseMsMax);
  const born = await watcher.read();
  const rest = await restOf(watcher, size);

  standIns.send('fail');
  const movedMs = await waitUntil(async () => (await epochs()).every((epoch) => epoch >= 2), phaseMsMax);
  const moved = await watcher.read();

  const before = await generation();
  const successor = start(measured);
  const takenMs = await waitUntil(async () => (await generation()) > before, phaseMsMax);
  const taken = await successor.read();
  await sleep(3 * size.intervalMs);
  return {
    peakMb: Math.max(watcher.peakMb, successor.peakMb),
    restUtilization: rest,
    genesis: { tookMs: bornMs, lagMs: born.lagMs },
    failover: { tookMs: movedMs, lagMs: moved.lagMs },
    takeover: { tookMs: takenMs, lagMs: taken.lagMs },
  };
}

/** Share of its processor that the watcher used while nothing happened, 0 to 1. */
async function restOf(watcher: WatcherProcess, { memoryMb, intervalMs }: TrialSize): Promise<number> {
  await sleep(2 * intervalMs);
  await watcher.read();
  const beganAtMs = performance.now();
  await sleep(restIntervals * intervalMs);
  const { cpuMs } = await watcher.read();
  return cpuMs / ((performance.now() - beganAtMs) * shareOf(memoryMb));
}

/**
 * @returns how long it took
 * @throws when it took longer than `msMax`
 */
async function waitUntil(isSo: () => Promise<boolean>, msMax: number): Promise<number> {
  const beganAtMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - beganAtMs > msMax) throw new Error(`not done after ${msMax / 1_000} s`);
    await sleep(pollMs);
  }
  return performance.now() - beganAtMs;
}

async function makeTables({ name }: Deployment, { tables }: StandInsPorts): Promise<DynamoDbStateTables> {
  const endpoints = Object.fromEntries(Object.entries(tables).map(([at, port]) => [at, `http://127.0.0.1:${port}`]));
  const clients = new AwsClients({ endpoints, callDeadlineMs: 10_000 });
  for (const region of regions) {
    await clients.of(DynamoDBClient, region).send(new CreateTableCommand(stateTableSchema(name)));
  }
  return new DynamoDbStateTables({ clients, deployment: name, rng: systemRng, clock: systemClock, countsVotes: false });
}

/** As Lambda sets it, but for the address of AWS. */
function environmentOf(region: string, port: number): Readonly<Record<string, string>> {
  return {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: `https://localhost:${port}`,
    NODE_EXTRA_CA_CERTS: authorityPath,
    AWS_LAMBDA_FUNCTION_NAME: 'bench-watcher',
    POWERTOOLS_METRICS_NAMESPACE: 'CdkFailover',
    POWERTOOLS_SERVICE_NAME: 'bench',
  };
}

/**
 * Services that nothing but their oracles move, so that a run has no steps that wait for AWS.
 *
 * @param port - at which all sites are
 */
export function benchDeployment({ services, sites, intervalMs }: TrialShape, port: number): Deployment {
  const names = ['first', ...Array.from({ length: sites - 1 }, (_, at) => `standby-${at + 1}`)];
  const service = (at: number) => ({
    mode: 'active-passive',
    detection: { intervalMs },
    sites: Object.fromEntries(
      names.map((site, order) => [
        site,
        {
          region: regions[order % regions.length],
          priority: 100 - order,
          probes: [{ type: 'https', url: `https://localhost:${port}/service-${at}/${site}`, expect: { status: 200 } }],
        },
      ]),
    ),
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'bench.example' },
        record: `service-${at}.bench.example`,
        addresses: Object.fromEntries(names.map((site, order) => [site, { a: `192.0.2.${order + 1}` }])),
      },
    },
  });
  const value = {
    name: 'bench',
    controlRegions: [...regions],
    services: Object.fromEntries(Array.from({ length: services }, (_, at) => [`service-${at}`, service(at)])),
  };
  return parseDeploymentValue(value, 'bench');
}
