import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { stringify } from 'yaml';
import { AwsClients } from '../../src/adapters/aws/clients.ts';
import { DynamoDbStateTables } from '../../src/adapters/aws/tables/dynamodb-state-tables.ts';
import { stateTableSchema } from '../../src/adapters/aws/tables/state-table-schema.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRng } from '../../src/adapters/system/rng.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { blankTrack } from '../../src/core/detection/opinion.ts';
import { memoriesIn } from '../../src/core/dns/readings.ts';
import { serviceOf } from '../../src/core/model/deployment.ts';
import { digestsOf } from '../../src/core/model/digest.ts';
import { ballotAbove } from '../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../src/core/register/register.ts';
import { DeployedFunctions } from './aws-functions.ts';
import { type RaisedAlert, RegionProxy } from './aws-region-proxy.ts';

export const regions = ['us-east-1', 'us-west-2', 'us-east-2'] as const;

/** moto is a development server in Python: under load an answer takes longer than AWS is given. */
const motoDeadlineMs = 20_000;
/** Well within the time for which an opinion counts, so that the watchers below are never taken for dead. */
const speakEveryMs = 250;
const tickMs = 1_000;

let count = 0;

/** What was deployed, and what stands between it and whoever looks at it. */
export interface DeployedOptions {
  readonly account?: string;
  /** Regions in which nothing was deployed. */
  readonly without?: readonly string[];
  /** False leaves the tables empty, as before the first watcher. */
  readonly hasRegister?: boolean;
  readonly raisedAlerts?: Readonly<Record<string, RaisedAlert>>;
  /** An action that no role may do any more. */
  readonly lostAction?: string;
  /** State of the alarms by which DNS remembers, by region; a region that is left out has none. */
  readonly memories?: Readonly<Record<string, StateValue>>;
  /** URL of each region's oracle; left out, each is at a function URL, whose address nobody has written. */
  readonly oracles?: Readonly<Record<string, string>>;
}

/** A deployment in moto, whose watchers call every site up, and a folder with its configuration. */
export class Deployed {
  readonly name = `shop-${process.pid}-${++count}`;
  readonly folder = mkdtempSync(join(tmpdir(), 'failover-aws-'));
  readonly proxy: RegionProxy;
  readonly config: Readonly<Record<string, unknown>>;
  url = '';
  readonly #clients: AwsClients;
  readonly #options: DeployedOptions;
  readonly #stopped = new AbortController();
  #speaking: Promise<unknown> = Promise.resolve();

  constructor(motoUrl: string, options: DeployedOptions = {}) {
    this.#options = options;
    this.#clients = new AwsClients({
      endpoints: Object.fromEntries(regions.map((region) => [region, motoUrl])),
      callDeadlineMs: motoDeadlineMs,
    });
    this.config = configOf(this.name, options);
    const there = regions.filter((region) => !options.without?.includes(region));
    const deployment = parseDeploymentValue(this.config, 'failover.config.yaml');
    const functions = new DeployedFunctions(deployment, there, options.lostAction);
    this.proxy = new RegionProxy(motoUrl, options.raisedAlerts ?? {}, functions);
  }

  async start(): Promise<this> {
    this.url = await this.proxy.start();
    writeFileSync(join(this.folder, 'failover.config.yaml'), stringify(this.config));
    const there = regions.filter((region) => !this.#options.without?.includes(region));
    await Promise.all(there.map((region) => this.#createTable(region)));
    await Promise.all(Object.entries(this.#options.memories ?? {}).map((memory) => this.remember(...memory)));
    if (this.#options.hasRegister === false) return this;
    await this.#writeRegister(there);
    this.#speaking = Promise.all(there.map((region) => this.#speak(region)));
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#speaking;
    this.#clients.close();
    await this.proxy.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a region's table holds, past all trouble. */
  async registerIn(region: string): Promise<Register | null> {
    return (await this.#tables().read(region, ['web'])).acceptors.web?.accepted ?? null;
  }

  async #createTable(region: string): Promise<void> {
    const command = new CreateTableCommand(stateTableSchema(this.name));
    await this.#clients.call((options) => this.#clients.of(DynamoDBClient, region).send(command, options));
  }

  /** Has a region remember something else. */
  async remember(region: string, state: StateValue): Promise<void> {
    const client = this.#clients.of(CloudWatchClient, region);
    for (const { alarm: AlarmName } of memoriesIn(parseDeploymentValue(this.config, 'failover.config.yaml'))) {
      const metric = { Namespace: 'Shop', MetricName: 'left', Statistic: 'Maximum' as const, Period: 60 };
      const threshold = { ComparisonOperator: 'GreaterThanThreshold' as const, Threshold: 0, EvaluationPeriods: 1 };
      await client.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...threshold }));
      await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: 'said so' }));
    }
  }

  async #writeRegister(there: readonly string[]): Promise<void> {
    const tables = this.#tables();
    const ballot = ballotAbove([], 'genesis');
    const promises = await Promise.all(there.map((region) => tables.prepare(region, 'web', ballot)));
    const marks = new Map(there.map((region, index) => [region, promises[index]?.state.incarnation ?? '']));
    const voters = [...regions].sort().map((region) => ({ region, incarnation: marks.get(region) ?? 'never-there' }));
    await Promise.all(
      there.map((region) => tables.accept(region, 'web', ballot, { ...genesis('virginia'), stage: 'founded', voters })),
    );
  }

  async #speak(region: string): Promise<void> {
    const up = { ...blankTrack, opinion: 'up', passStreak: 2 } as const;
    const tracks = { web: { virginia: up, oregon: up } };
    // These watchers run the configuration that the folder holds.
    const digests = digestsOf(serviceOf(parseDeploymentValue(this.config, 'failover.config.yaml'), 'web'));
    for (let sequence = 1; !this.#stopped.signal.aborted; sequence += 1) {
      await this.#tables().writeOpinions(region, {
        generation: 1,
        invocation: 'a',
        sequence,
        wallMs: Date.now(),
        tracks,
        stopwatches: {},
        digests,
        outOfContactMs: {},
      });
      await sleep(speakEveryMs, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  #tables(): DynamoDbStateTables {
    return new DynamoDbStateTables({
      clients: this.#clients,
      deployment: this.name,
      rng: systemRng,
      clock: systemClock,
    });
  }
}

function configOf(name: string, { account, oracles }: DeployedOptions): Readonly<Record<string, unknown>> {
  const site = (region: string, priority: number) => ({
    region,
    priority,
    standby: 'hot',
    capacity: 100,
    probes: [{ type: 'http', url: `http://${region}.shop.example/healthz`, timeoutMs: 500, expect: { status: 200 } }],
  });
  const config = {
    name,
    controlRegions: [...regions],
    ...(account === undefined ? {} : { account }),
    ...(oracles === undefined ? {} : { oracle: { url: oracles } }),
    services: {
      web: {
        mode: 'active-passive',
        sites: { virginia: site('us-east-1', 100), oregon: site('us-west-2', 50) },
        detection: { intervalMs: tickMs, opinionTtlMs: 5 * tickMs },
        traffic: {
          dns: {
            zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
            record: 'www.shop.example',
            ttlSeconds: 30,
            mode: 'oracle',
            addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
          },
        },
      },
    },
  };
  parseDeploymentValue(config, 'failover.config.yaml');
  return config;
}
