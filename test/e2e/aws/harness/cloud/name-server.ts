import { request } from 'node:http';
import { type DnsServer, startDnsServer } from '../../../../../src/adapters/net/dns-server.ts';
import type { AddressType, RecordPlan } from '../../../../../src/core/dns/zone-plan.ts';
import {
  checkerCount,
  type EndpointSettings,
  HealthChecks,
  type HealthPlan,
} from '../../../../../src/sim/world/dns/health-checks.ts';
import { answerQuery } from '../../../../../src/sim/world/dns/route53.ts';
import type { Stack } from '../template/template.ts';

/**
 * Route 53 reads an oracle each 10 s from each of 16 checkers; here each second, and one request stands for four
 * checkers, because two cores have to serve it.
 */
export const checkIntervalMs = 1_000;
const checkersPerRequest = 4;
/** Route 53 waits longer; scaled with the interval. */
const checkTimeoutMs = 1_000;

/** An endpoint check of the template: which oracle it reads, and where. */
interface EndpointCheck {
  readonly id: string;
  readonly region: string;
  readonly path: string;
}

/** Where an oracle's function URL is served, by region. */
export type OracleUrls = Readonly<Record<string, string>>;

/** Route 53: checks and records of a synthesized template, answered by real DNS. */
export class NameServer {
  #records: readonly RecordPlan[];
  readonly #readEdited: () => Promise<readonly RecordPlan[]>;
  readonly #checks = new HealthChecks();
  readonly #endpoints: EndpointCheck[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #server: DnsServer | null = null;

  /**
   * @param stack - the stack of the checks and records; null when there is none, because records are edited
   * @param readEdited - the records that are there in that case
   */
  constructor(stack: Stack | null, readEdited: () => Promise<readonly RecordPlan[]>) {
    this.#readEdited = readEdited;
    this.#records = [];
    if (stack === null) {
      this.#timers.push(setInterval(() => void this.#followEdits(), checkIntervalMs / 4));
      return;
    }
    const { Resources } = stack.template;
    const all = Object.entries(Resources).map(([id, { Type, Properties }]) => ({ id, Type, Properties }));
    const checks = all
      .filter(({ Type }) => Type === 'AWS::Route53::HealthCheck')
      .map(({ id, Properties }) =>
        readCheck(id, stack.intrinsics.resolve(Properties?.HealthCheckConfig) as CheckConfig),
      );
    // A calculated check after the checks that it counts.
    for (const { plan, settings, asked } of checks.filter(({ plan }) => plan.kind !== 'calculated')) {
      this.#checks.add(plan, settings);
      if (asked !== null) this.#endpoints.push(asked);
    }
    for (const { plan } of checks.filter(({ plan }) => plan.kind === 'calculated')) this.#checks.add(plan);
    const declared = all.flatMap(({ Type, Properties }) => {
      if (Type === 'AWS::Route53::RecordSet') return [Properties];
      return Type === 'Custom::ZoneRecords' ? (Properties?.Records as readonly unknown[]) : [];
    });
    this.#records = declared.map((each) => readRecord(stack.intrinsics.resolve(each) as RecordProperties));
  }

  /** Starts to answer and to check; returns `address:port`. */
  async start(): Promise<string> {
    this.#server = await startDnsServer((name, type) => {
      const { rcode, values, ttlSeconds } = this.#answer(name, type);
      return { rcode, answers: values.map((data) => ({ name, type, ttlSeconds, data })) };
    });
    return `${this.#server.address}:${this.#server.port}`;
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** Each checker at a moment of its own within the interval, as Route 53's do not keep step. */
  startChecking(urls: OracleUrls): void {
    const requestCount = checkerCount / checkersPerRequest;
    for (const [place, endpoint] of this.#endpoints.entries()) {
      for (let group = 0; group < requestCount; group += 1) {
        const phaseMs = ((group + place / this.#endpoints.length) * checkIntervalMs) / requestCount;
        const first = setTimeout(() => {
          const timer = setInterval(() => void this.#check(endpoint, group, urls), checkIntervalMs);
          this.#timers.push(timer);
        }, phaseMs);
        this.#timers.push(first);
      }
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#server?.close();
  }

  #answer(name: string, type: AddressType) {
    return answerQuery(this.#records, (id) => this.#checks.isHealthy(id), name, type);
  }

  /** Route 53 takes up to a minute until all its servers know; here a quarter of a second. */
  async #followEdits(): Promise<void> {
    this.#records = await this.#readEdited().catch(() => this.#records);
  }

  async #check({ id, region, path }: EndpointCheck, group: number, urls: OracleUrls): Promise<void> {
    const isPassing = await isGood(`${urls[region]}${path}`);
    for (let each = 0; each < checkersPerRequest; each += 1) {
      this.#checks.report(id, group * checkersPerRequest + each, isPassing);
    }
  }
}

/** Route 53 takes a status of 2xx or 3xx for healthy. */
function isGood(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, { timeout: checkTimeoutMs }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    sent.on('timeout', () => sent.destroy(new Error('timeout')));
    sent.on('error', () => resolve(false));
    sent.end();
  });
}

interface CheckConfig {
  readonly Type: string;
  readonly FullyQualifiedDomainName?: string;
  readonly ResourcePath?: string;
  readonly FailureThreshold?: number;
  readonly Inverted?: boolean;
  readonly ChildHealthChecks?: readonly string[];
  readonly HealthThreshold?: number;
}

interface ReadCheck {
  readonly plan: HealthPlan;
  /** Null for a check that asks nobody. */
  readonly asked: EndpointCheck | null;
  readonly settings: EndpointSettings;
}

function readCheck(id: string, config: CheckConfig): ReadCheck {
  const { ChildHealthChecks, HealthThreshold = 0, Inverted: isInverted = false } = config;
  if (config.Type === 'CALCULATED') {
    const children = (ChildHealthChecks ?? []).map(checkIdOf);
    return {
      plan: { id, kind: 'calculated', children, threshold: HealthThreshold, isInverted },
      asked: null,
      settings: {},
    };
  }
  if (config.Type === 'CLOUDWATCH_METRIC') return { plan: { id, kind: 'memory' }, asked: null, settings: {} };
  // The host is an attribute of a custom resource, named by the region.
  const region = config.FullyQualifiedDomainName?.split('.').at(-1) ?? '';
  const settings = {
    isInverted,
    ...(config.FailureThreshold === undefined ? {} : { failureThreshold: config.FailureThreshold }),
  };
  return { plan: { id, kind: 'oracle' }, asked: { id, region, path: config.ResourcePath ?? '/' }, settings };
}

interface RecordProperties {
  readonly Name: string;
  readonly Type: AddressType;
  readonly SetIdentifier?: string;
  readonly Failover?: 'PRIMARY' | 'SECONDARY';
  readonly HealthCheckId?: string;
  readonly TTL?: string;
  readonly ResourceRecords?: readonly string[];
  readonly AliasTarget?: { readonly DNSName: string; readonly EvaluateTargetHealth?: boolean };
}

function readRecord(properties: RecordProperties): RecordPlan {
  const { Name, Type, SetIdentifier, Failover, HealthCheckId, TTL, ResourceRecords, AliasTarget } = properties;
  return {
    name: nameOf(Name),
    type: Type,
    setIdentifier: SetIdentifier ?? null,
    failover: Failover ?? null,
    checkId: HealthCheckId === undefined ? null : checkIdOf(HealthCheckId),
    target: AliasTarget
      ? {
          kind: 'alias',
          name: nameOf(AliasTarget.DNSName),
          isSteadfast: AliasTarget.EvaluateTargetHealth === false,
        }
      : { kind: 'values', values: ResourceRecords ?? [], ttlSeconds: Number(TTL) },
  };
}

function nameOf(text: string): string {
  return text.replace(/\.$/, '').toLowerCase();
}

/** `GetAtt HealthCheckId` and `Ref` mean the same check. */
function checkIdOf(reference: string): string {
  return reference.replace(/\.HealthCheckId$/, '');
}
