import { type DnsAnswer, startDnsServer } from '../../adapters/net/dns-server.ts';
import { probeHttp } from '../../adapters/net/http-prober.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { dnsTree } from '../../core/dns/record-tree.ts';
import { addressTypes, type CheckPlan, type DnsTree } from '../../core/dns/zone-plan.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { plainProbe } from '../../core/model/probe.ts';
import { checkerCount, HealthChecks } from '../../sim/world/dns/health-checks.ts';
import { answerQuery, drawAnswer } from '../../sim/world/dns/route53.ts';
import { serveLab, type Tell } from '../lab/child.ts';
import type { Urls } from '../lab/protocol.ts';

/** Longest that a checker waits for an oracle; Route 53 allows four seconds to connect and two to answer. */
const checkTimeoutMsMax = 2_000;

type OracleCheck = Extract<CheckPlan, { kind: 'oracle' }>;

/** Route 53: the zone's records and health checks, by the rules of the simulator, over real sockets. */
serveLab('dns', async ({ deployment, oracles, checkIntervalMs }, tell) => {
  const zone = new Zone(deployment, tell);
  for (const check of zone.oracleChecks()) {
    const spreadMs = systemRng.next() * checkIntervalMs;
    for (let checker = 0; checker < checkerCount; checker += 1) {
      const phaseMs = (spreadMs + (checker * checkIntervalMs) / checkerCount) % checkIntervalMs;
      void keepChecking(zone, check, checker, oracles, { phaseMs, checkIntervalMs });
    }
  }
  const server = await startDnsServer((name, type) => zone.answer(name, type));
  return { ports: [server.port] };
});

async function keepChecking(
  zone: Zone,
  check: OracleCheck,
  checker: number,
  oracles: Urls,
  { phaseMs, checkIntervalMs }: { readonly phaseMs: number; readonly checkIntervalMs: number },
): Promise<void> {
  const timeoutMs = Math.min(checkTimeoutMsMax, checkIntervalMs);
  const url = `${oracles[check.region]}${check.path}`;
  const probe = plainProbe(url, timeoutMs);
  for (let dueMs = systemClock.monotonicMs() + phaseMs; ; dueMs += checkIntervalMs) {
    await systemClock.sleep(Math.max(0, dueMs - systemClock.monotonicMs()));
    const observation = await probeHttp(probe);
    zone.report(check.id, checker, observation.outcome === 'pass');
  }
}

interface ServiceTree extends DnsTree {
  readonly service: string;
  /** The name that clients ask for; empty for a service without DNS, which has no records. */
  readonly asked: string;
  /** Sites by address. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The records of all services with their health, and what was answered last. */
class Zone {
  readonly #trees: readonly ServiceTree[];
  readonly #zones: readonly string[];
  readonly #checks = new HealthChecks();
  readonly #tell: Tell;
  readonly #told = new Map<string, string>();

  constructor(deployment: Deployment, tell: Tell) {
    this.#tell = tell;
    this.#zones = Object.values(deployment.services).flatMap(({ traffic }) => traffic.dns?.zone.name ?? []);
    this.#trees = Object.keys(deployment.services).map((name) => {
      const service = serviceOf(deployment, name);
      const asked = service.traffic.dns?.record ?? '';
      return { ...dnsTree(deployment, service), service: name, asked, addresses: siteByAddress(deployment, name) };
    });
    for (const { checks } of this.#trees) for (const check of checks) this.#checks.add(check);
  }

  oracleChecks(): readonly OracleCheck[] {
    return this.#trees.flatMap(({ checks }) => checks.filter((check) => check.kind === 'oracle'));
  }

  report(checkId: string, checker: number, isPassing: boolean): void {
    this.#checks.report(checkId, checker, isPassing);
    for (const { records, service, addresses, asked } of this.#trees) {
      // Names of the tree below lead here; nobody else asks for them.
      const own = records.filter(({ name }) => name === asked);
      for (const type of addressTypes.filter((each) => own.some((record) => record.type === each))) {
        const { values } = answerQuery(records, (id) => this.#checks.isHealthy(id), asked, type);
        const site = addresses.get(values[0] ?? '') ?? null;
        this.#tellChange(service, `${asked} ${type}`, values.join(', '), site);
      }
    }
  }

  answer(name: string, type: 'A' | 'AAAA'): DnsAnswer {
    const isOwn = this.#zones.some((zone) => name === zone || name.endsWith(`.${zone}`));
    if (!isOwn) return { rcode: 'REFUSED', answers: [] };
    const records = this.#trees.flatMap((tree) => tree.records);
    const isHealthy = (id: string) => this.#checks.isHealthy(id);
    const { rcode, values, ttlSeconds } = drawAnswer(records, isHealthy, name, type, () => systemRng.next());
    return { rcode, answers: values.map((data) => ({ name, type, ttlSeconds, data })) };
  }

  #tellChange(service: string, question: string, answer: string, site: string | null): void {
    if (this.#told.get(question) === answer) return;
    this.#told.set(question, answer);
    const detail = `${question} is answered ${answer}${site === null ? '' : ` (${site})`}`;
    this.#tell({ kind: 'answer-changed', service, site, detail, data: { question, answer } });
  }
}

function siteByAddress(deployment: Deployment, service: string): ReadonlyMap<string, string> {
  const addresses = deployment.services[service]?.traffic.dns?.addresses ?? {};
  return new Map(
    Object.entries(addresses).flatMap(([site, { a = [], aaaa = [] }]) =>
      [...a, ...aaaa].map((value) => [value, site] as const),
    ),
  );
}
