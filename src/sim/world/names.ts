import { type Deployment, serviceOf } from '../../core/deployment.ts';
import { type CheckPlan, dnsTree, type RecordPlan } from '../../core/dns-tree.ts';
import { oracleVote } from '../../core/oracle.ts';
import { checkerCount, fastIntervalMs, HealthChecks } from './health-checks.ts';
import { answerQuery } from './route53.ts';
import type { World } from './world.ts';

/** How long an oracle answers from one read of its table, in milliseconds. */
const oracleCacheMs = 1_000;

/** Route 53 and the oracles: records made at deploy time, and checkers that keep asking. */
export class SimNames {
  readonly #world: World;
  readonly #checks = new HealthChecks();
  readonly #records: RecordPlan[] = [];
  /** What each oracle read last, by `region service`. */
  readonly #reads = new Map<
    string,
    { readonly register: Parameters<typeof oracleVote>[0]; readonly untilMs: number }
  >();

  constructor(world: World, deployment: Deployment) {
    this.#world = world;
    for (const name of Object.keys(deployment.services)) {
      const service = serviceOf(deployment, name);
      const tree = dnsTree(deployment, service);
      this.#records.push(...tree.records);
      for (const check of tree.checks) {
        this.#checks.add(check);
        if (check.kind === 'oracle') this.#startCheckers(check, name);
      }
    }
  }

  /** What the name resolves to at this instant, without any cache; sorted. */
  addressesOf(name: string): readonly string[] {
    const types = ['A', 'AAAA'] as const;
    const answered = types.flatMap((type) => [
      ...answerQuery(this.#records, (id) => this.#checks.isHealthy(id), name, type).values,
    ]);
    if (this.#records.some((record) => record.name === name)) return answered.sort();
    const { a, aaaa } = this.#world.cloud.readRecord(name);
    return [a, aaaa].filter((value) => value !== null).sort();
  }

  #startCheckers(check: Extract<CheckPlan, { kind: 'oracle' }>, service: string): void {
    const site = check.path.split('/')[3] ?? '';
    const { scheduler, random } = this.#world;
    for (let checker = 0; checker < checkerCount; checker += 1) {
      // The deployment is an established one: every checker has looked before the run begins.
      this.#checks.report(check.id, checker, false);
      const poll = () => {
        scheduler.after(fastIntervalMs, poll);
        this.#checks.report(check.id, checker, this.#answersOff(check.region, service, site));
      };
      scheduler.after(Math.floor(random() * fastIntervalMs), poll);
    }
  }

  /** Whether a region's oracle answers 200 for `off`; an oracle that cannot read its table does not vote. */
  #answersOff(region: string, service: string, site: string): boolean {
    const { links, stoppedOracles, stoppedTables, tables, scheduler } = this.#world;
    if (stoppedOracles.has(region) || links.isRegionDead(region)) return false;
    const config = serviceOf(this.#world.deployment, service);
    const key = `${region} ${service}`;
    const cached = this.#reads.get(key);
    if (cached && cached.untilMs > scheduler.nowMs) return oracleVote(cached.register, config, site) === 'off';
    const canRead = !stoppedTables.has(region) && links.passes([region], [`aws/dynamodb/${region}`]);
    const register = canRead ? (tables.read(region, [service]).acceptors[service]?.accepted ?? null) : null;
    this.#reads.set(key, { register, untilMs: scheduler.nowMs + oracleCacheMs });
    return oracleVote(register, config, site) === 'off';
  }
}
