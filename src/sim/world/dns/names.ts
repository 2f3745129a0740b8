import type { FailoverEvent } from '../../../core/alerting/event.ts';
import { isOnlyAt, ledToBy } from '../../../core/dns/led-to.ts';
import { oracleVote } from '../../../core/dns/oracle-vote.ts';
import { dnsTree } from '../../../core/dns/record-tree.ts';
import { nameBehind } from '../../../core/dns/record-values.ts';
import { addressTypes, type CheckPlan, type RecordPlan } from '../../../core/dns/zone-plan.ts';
import { type Deployment, serviceOf } from '../../../core/model/deployment.ts';
import { recordOf } from '../../../core/record.ts';
import type { AcceptorState } from '../../../core/register/acceptor.ts';
import { valueHeldAsVoter, viewRegister } from '../../../core/register/quorum.ts';
import type { Register } from '../../../core/register/register.ts';
import { watcherTimeLimitMs } from '../../../core/timing.ts';
import { oracleApi } from '../api-call.ts';
import type { SimCloud } from '../cloud.ts';
import type { SimControl } from '../control.ts';
import type { Decisions } from '../decisions.ts';
import type { Ground } from '../ground.ts';
import type { SimStateTables } from '../state-tables.ts';
import { addressesOfSite, aliasAddress } from './alias-addresses.ts';
import { passesDirectCheck } from './direct-check.ts';
import { checkerCount, fastIntervalMs, HealthChecks } from './health-checks.ts';
import { SimMemories } from './memories.ts';
import { type AnswerShare, type Asker, answerQuery, answerShares, answersAnywhere } from './route53.ts';

/** What the answers of DNS come from. */
export interface NamesGround extends Ground {
  readonly cloud: SimCloud;
  readonly tables: SimStateTables;
  readonly decisions: Pick<Decisions, 'newest'>;
  readonly control: Pick<SimControl, 'oracleOf'>;
  readonly stoppedOracles: ReadonlySet<string>;
  readonly stoppedTables: ReadonlySet<string>;
}

/** How long an oracle answers from one read of its table, in milliseconds. */
const oracleCacheMs = 1_000;
/** Who asks oracles. */
const checkerName = 'route53';
/** How often a deployment that waits for new checks looks at them. */
const readyLookMs = 1_000;

/**
 * How checks and records come to be. `established`: both are there, and every checker has looked, before the run
 * begins. `in-order`: the records wait until every checker of every new check has looked, every new oracle votes, and
 * every new check that decides by a metric alone has had data; and where they drop a site, until nobody can move there.
 * `at-once`: they do not.
 */
export type DnsDeployment = 'established' | 'in-order' | 'at-once';

/** What a deployment wants in Route 53. */
interface NamesPlan {
  /** When its deployment began, in simulated time. */
  readonly sinceMs: number;
  readonly records: RecordPlan[];
  readonly polled: Polled[];
  readonly checkIds: Set<string>;
  /** Checks that follow a metric with no oracle beside them. */
  readonly deciding: string[];
  /** What the records of each service lead to, where checks guard them. */
  readonly ledTo: Map<string, readonly string[]>;
}

/** A check that asks something, and for which service. */
interface Polled {
  readonly check: PolledCheck;
  readonly service: string;
}

type PolledCheck = Extract<CheckPlan, { kind: 'oracle' | 'endpoint' }>;

function isPolled(check: CheckPlan): check is PolledCheck {
  return check.kind === 'oracle' || check.kind === 'endpoint';
}

/** Route 53 and the oracles: records made at deploy time, and checkers that keep asking. */
export class SimNames {
  readonly #world: NamesGround;
  readonly #checks = new HealthChecks();
  readonly #memories: SimMemories;
  readonly #known = new Set<string>();
  /** By id, as deployed last. */
  readonly #polled = new Map<string, Polled>();
  /** What each oracle read last, by `region service`. */
  readonly #reads = new Map<string, { readonly register: Register | null; readonly untilMs: number }>();
  #records: readonly RecordPlan[] = [];
  #hasWeights = false;
  /** What names of the records resolve to until a check changes. */
  readonly #kept = new Map<string, { readonly changeCount: number; readonly addresses: readonly string[] }>();
  /** Checks that the records follow. */
  #followed: ReadonlySet<string> = new Set();
  /** What the records lead to. */
  #ledTo: NamesPlan['ledTo'] = new Map();
  #deployCount = 0;
  readonly #areFormerWatchersForgotten: boolean;

  /** @param areFormerWatchersForgotten - a planted bug: records do not wait for watchers of before to be gone */
  constructor(world: NamesGround, deployment: Deployment, manner: DnsDeployment, areFormerWatchersForgotten = false) {
    this.#world = world;
    this.#areFormerWatchersForgotten = areFormerWatchersForgotten;
    this.#memories = new SimMemories(world, this.#checks);
    this.deploy(deployment, manner);
  }

  /**
   * Makes what a deployment needs, over what is there. A check that was there keeps its state; one that is no longer
   * used stays and does nothing. Control regions stay the same.
   */
  deploy(deployment: Deployment, manner: DnsDeployment): void {
    const sinceMs = this.#world.scheduler.nowMs;
    const plan: NamesPlan = { sinceMs, records: [], polled: [], checkIds: new Set(), deciding: [], ledTo: new Map() };
    const added: PolledCheck[] = [];
    for (const service of Object.keys(deployment.services)) {
      const tree = dnsTree(deployment, serviceOf(deployment, service));
      plan.records.push(...tree.records);
      if (tree.checks.length > 0) plan.ledTo.set(service, ledToBy(serviceOf(deployment, service)));
      const isAsked = tree.checks.some(({ kind }) => kind === 'oracle');
      plan.deciding.push(...tree.checks.flatMap(({ id, kind }) => (kind === 'memory' && !isAsked ? [id] : [])));
      for (const check of tree.checks) {
        plan.checkIds.add(check.id);
        if (check.kind === 'memory') this.#memories.follow(check, service);
        else if (check.kind !== 'calculated') {
          plan.polled.push({ check, service });
          this.#polled.set(check.id, { check, service });
        }
        if (this.#known.has(check.id)) continue;
        this.#known.add(check.id);
        this.#checks.add(check);
        if (isPolled(check)) added.push(check);
      }
    }
    for (const check of added) this.#startCheckers(check, manner === 'established');
    this.#deployCount += 1;
    if (manner === 'in-order') this.#recordWhenReady(plan, this.#deployCount);
    else this.#record(plan);
  }

  /** Takes in what a watcher wrote in its region: a pulse holds what is to be remembered. */
  hear(region: string, event: FailoverEvent): void {
    this.#memories.hear(region, event);
  }

  /** All that the name resolves to at this instant, for whoever asks from wherever, without any cache; sorted. */
  addressesOf(name: string): readonly string[] {
    const kept = this.#kept.get(name);
    const { changeCount } = this.#checks;
    if (kept?.changeCount === changeCount) return kept.addresses;
    const records = this.#recordsNow();
    if (!records.some((record) => record.name === name)) return this.answerOf(name, 0).addresses;
    const answers = addressTypes.map((type) => answersAnywhere(records, this.#isHealthy, name, type));
    const addresses = answers.flatMap(({ values }) => values).sort();
    // Weights are edited beside the records.
    if (!this.#hasWeights) this.#kept.set(name, { changeCount, addresses });
    return addresses;
  }

  /**
   * All that the name resolves to at this instant, and for how long a resolver may keep it.
   *
   * @param ttlSeconds - of what is not answered by `dnsTree`
   * @param asker - who asks; nobody in particular when left out
   */
  answerOf(
    name: string,
    ttlSeconds: number,
    asker: Asker = {},
  ): { readonly addresses: readonly string[]; readonly ttlSeconds: number } {
    const records = this.#recordsNow();
    if (records.some((record) => record.name === name)) {
      const answers = addressTypes
        .map((type) => answerQuery(records, this.#isHealthy, name, type, asker))
        .filter(({ values }) => values.length > 0);
      const addresses = answers.flatMap(({ values }) => values).sort();
      return { addresses, ttlSeconds: Math.max(0, ...answers.map((answer) => answer.ttlSeconds)) };
    }
    const { a, aaaa, cname } = this.#world.cloud.answeredRecord(name, this.#world.scheduler.nowMs);
    const edited = [...a, ...aaaa, ...cname.map((other) => aliasAddress(other, 'A'))].sort();
    return { addresses: edited.length > 0 ? edited : this.#behindName(name), ttlSeconds };
  }

  /** What many resolvers get for a name at this instant, and how often; IPv4, or IPv6 where there is no other. */
  sharesOf(name: string, asker: Asker = {}): readonly AnswerShare[] {
    const records = this.#recordsNow();
    const [a, aaaa] = addressTypes.map((type) => answerShares(records, this.#isHealthy, name, type, asker));
    return a && a.length > 0 ? a : (aaaa ?? []);
  }

  readonly #isHealthy = (checkId: string): boolean => this.#checks.isHealthy(checkId);

  /** The records with the weights that they have now: those may have been edited since they were made. */
  #recordsNow(): readonly RecordPlan[] {
    return this.#hasWeights ? this.#records.map((record) => this.#withWeight(record)) : this.#records;
  }

  #withWeight(record: RecordPlan): RecordPlan {
    if (record.routing?.kind !== 'weighted' || record.setIdentifier === null) return record;
    const weight = this.#world.cloud.answeredWeights(record.name, this.#world.scheduler.nowMs)?.[record.setIdentifier];
    return weight === undefined ? record : { ...record, routing: { kind: 'weighted', weight } };
  }

  /** Whether the records of a service, as they are deployed, lead to a site once it is the one that serves. */
  isLedTo(service: string, site: string): boolean {
    const idOf = (name: string) => this.#world.sites.idOf(service, name);
    return (this.#ledTo.get(service) ?? [site]).some((name) => idOf(name) === idOf(site));
  }

  /** Whether Route 53 finds the endpoint of a site good; true when it does not look. */
  answersDirectCheck(service: string, site: string): boolean {
    const idOf = (name: string) => this.#world.sites.idOf(service, name);
    return [...this.#polled.values()].every(
      ({ check, service: owner }) =>
        check.kind !== 'endpoint' ||
        owner !== service ||
        idOf(check.site) !== idOf(site) ||
        this.#checks.isHealthy(check.id),
    );
  }

  /** What a name answers that is not in the zone, but that a site is known by. */
  #behindName(name: string): readonly string[] {
    const sites = Object.values(this.#world.deployment.services).flatMap(({ traffic }) => [
      ...Object.values(traffic.dns?.addresses ?? {}),
      ...(traffic.dns?.lastResort ? [traffic.dns.lastResort] : []),
    ]);
    const known = sites.find((site) => nameBehind(site) === name);
    return known === undefined ? [] : addressesOfSite(known);
  }

  #recordWhenReady(plan: NamesPlan, deployCount: number): void {
    // A later deployment has taken over.
    if (deployCount !== this.#deployCount) return;
    const polled = plan.polled.filter(({ check }) => !this.#followed.has(check.id));
    // Also a check of before, which asks an oracle that has just got another configuration.
    const haveLooked = polled.length === 0 || this.#world.scheduler.nowMs - plan.sinceMs >= fastIntervalMs;
    const isReady = haveLooked && polled.every(this.#isVoting);
    const hasData = plan.deciding.every((id) => this.#followed.has(id) || this.#memories.hasFollowed(id));
    const isElsewhere = [...plan.ledTo].every(([service, sites]) => this.#mayLead(service, sites, plan.sinceMs));
    if (isReady && hasData && isElsewhere) this.#record(plan);
    else this.#world.scheduler.after(readyLookMs, () => this.#recordWhenReady(plan, deployCount));
  }

  /**
   * Whether records may lead to some sites alone: what `lambda/deploy/deploy-gate.ts` waits for. By name, as there: a
   * former name of a site is another one to it, and to each oracle.
   */
  #mayLead(service: string, sites: readonly string[], sinceMs: number): boolean {
    const dropped = (this.#ledTo.get(service) ?? []).filter((site) => !sites.includes(site));
    if (dropped.length === 0) return true;
    const formerMs = this.#areFormerWatchersForgotten ? 0 : watcherTimeLimitMs;
    if (this.#world.scheduler.nowMs - sinceMs < formerMs) return false;
    const { controlRegions } = this.#world.deployment;
    const view = viewRegister(recordOf(controlRegions, (region) => this.#acceptorOf(region, service)));
    if (view.kind === 'no-majority') return false;
    return view.kind === 'absent' || !isOnlyAt(view.register, dropped);
  }

  #record({ records, checkIds, ledTo }: NamesPlan): void {
    this.#records = records;
    this.#hasWeights = records.some(({ routing }) => routing?.kind === 'weighted');
    this.#kept.clear();
    this.#ledTo = ledTo;
    this.#followed = checkIds;
  }

  readonly #isVoting = ({ check, service }: Polled): boolean =>
    check.kind !== 'oracle' || this.#voteHeld(check.region, service) !== null;

  #startCheckers({ id, kind }: Polled['check'], isEstablished: boolean): void {
    const { scheduler, random } = this.#world;
    for (let checker = 0; checker < checkerCount; checker += 1) {
      // An oracle that everybody has asked before the run begins has voted for nothing; a site was there.
      if (isEstablished) this.#checks.report(id, checker, kind === 'endpoint');
      const poll = () => {
        scheduler.after(fastIntervalMs, poll);
        const polled = this.#polled.get(id);
        if (polled) this.#checks.report(id, checker, this.#passes(polled));
      };
      scheduler.after(Math.floor(random() * fastIntervalMs), poll);
    }
  }

  #passes({ check, service }: Polled): boolean {
    const config = this.#world.deployment.services[service];
    if (config === undefined) return false;
    if (check.kind === 'oracle') return this.#answersOff(check.region, service, check.sites);
    return passesDirectCheck(check, this.#world.sites.get(service, check.site), this.#world.links);
  }

  /** Whether a region's oracle answers 200 for `off`; an oracle that cannot read its table does not vote. */
  #answersOff(region: string, service: string, sites: readonly string[]): boolean {
    const { links, stoppedOracles, scheduler, faults, random } = this.#world;
    if (stoppedOracles.has(region) || links.isRegionDead(region)) return false;
    if (faults.strike({ api: oracleApi, region, by: checkerName }, scheduler.nowMs, random) !== null) return false;
    const config = this.#world.control.oracleOf(region)?.services[service];
    if (config === undefined) return false;
    const key = `${region} ${service}`;
    const cached = this.#reads.get(key);
    if (cached && cached.untilMs > scheduler.nowMs) return oracleVote(cached.register, config, sites) === 'off';
    const register = this.#voteHeld(region, service);
    this.#reads.set(key, { register, untilMs: scheduler.nowMs + oracleCacheMs });
    return oracleVote(register, config, sites) === 'off';
  }

  /** What a region's table holds as a voter; null where it is none or cannot be read. */
  #voteHeld(region: string, service: string): Register | null {
    return valueHeldAsVoter(this.#acceptorOf(region, service));
  }

  /** What a region's table holds of a service; undefined when it cannot be read. */
  #acceptorOf(region: string, service: string): AcceptorState<Register> | null | undefined {
    const { links, stoppedTables, tables } = this.#world;
    const canRead =
      tables.has(region) && !stoppedTables.has(region) && links.passes([region], [`aws/dynamodb/${region}`]);
    return canRead ? (tables.read(region, [service]).acceptors[service] ?? null) : undefined;
  }
}
