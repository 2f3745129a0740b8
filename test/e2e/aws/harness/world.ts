import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResolve } from '../../../../src/adapters/net/resolver.ts';
import { functionName, oracleHostParameter, stateTableName } from '../../../../src/config/plan/names.ts';
import { simpleRecords } from '../../../../src/core/dns/record-tree.ts';
import type { RecordPlan } from '../../../../src/core/dns/zone-plan.ts';
import { type Deployment, serviceOf } from '../../../../src/core/model/deployment.ts';
import { type NamedService, sitesByPriority } from '../../../../src/core/model/service.ts';
import { placeText } from '../../../../src/core/model/traffic.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import { findMoto, type Moto, startMoto } from '../../../support/moto.ts';
import type { AwsRequest } from './cloud/aws-request.ts';
import { Cloud } from './cloud/cloud.ts';
import { FaultProxy, type InvokeServer, type ProxyAnswer, type RecordedCall } from './cloud/fault-proxy.ts';
import { NameServer } from './cloud/name-server.ts';
import { RoleDesk } from './cloud/role-desk.ts';
import type { InvocationEnd } from './functions/execution-environment.ts';
import { FunctionHost } from './functions/function-host.ts';
import { FunctionUrl } from './functions/function-url.ts';
import { Schedule } from './functions/schedule.ts';
import { waitFor } from './moment.ts';
import { account } from './permissions/permission.ts';
import { synthesize } from './template/synthesis.ts';
import { type FunctionSpec, readAssembly, type Stack } from './template/template.ts';
import { WebSite } from './web-site.ts';

/** What a deployment needs to know of the account that it goes to. */
export interface Ground {
  readonly cloud: Cloud;
  /** Another account. */
  readonly cloudIn: (account: string) => Promise<Cloud>;
  readonly sites: Readonly<Record<string, WebSite>>;
}

/** A function of the user's, which is no part of the deployment; null for a name that it does not know. */
export type UserFunction = (region: string, name: string, payload: unknown) => unknown;

/** Where every example has its control regions. */
export const regions = ['us-east-1', 'us-west-2', 'us-east-2'] as const;

/** Service of every example. */
const service = 'web';

/** Longest that a new deployment takes until every watcher has seen every site and the register stands. */
const steadyMsMax = 60_000;

/**
 * A deployment on this machine: the bundles of its synthesized stacks, each in processes of its own, over HTTP to moto
 * with the fault proxy between; its sites, its schedule, and Route 53 over its templates.
 */
export class World {
  readonly deployment: Deployment;
  readonly stacks: readonly Stack[];
  readonly cloud: Cloud;
  readonly sites: Readonly<Record<string, WebSite>>;
  readonly proxy: FaultProxy;
  /** Who takes roles in other accounts, and may. */
  readonly roles: RoleDesk;
  /** Host of each region's oracle, as its parameter says. */
  readonly oracleHosts: Readonly<Record<string, string>>;
  readonly #endpointsUrls: ReadonlyMap<string, FunctionUrl>;
  readonly schedule = new Schedule();
  readonly #hosts: ReadonlyMap<string, FunctionHost>;
  readonly #nameServer: NameServer;
  readonly #closers: (() => Promise<void> | void)[];
  readonly #cloudIn: CloudIn;

  private constructor(parts: Parts) {
    this.deployment = parts.deployment;
    this.stacks = parts.stacks;
    this.cloud = parts.cloud;
    this.sites = parts.sites;
    this.proxy = parts.proxy;
    this.roles = parts.roles;
    this.#cloudIn = parts.cloudIn;
    this.oracleHosts = parts.oracleHosts;
    this.#endpointsUrls = parts.endpointsUrls;
    this.#hosts = parts.hosts;
    this.#nameServer = parts.nameServer;
    this.#closers = parts.closers;
  }

  /**
   * Prepares an account, synthesizes a deployment for it and puts it there; nothing runs yet.
   *
   * @param siteNames - a web server each
   * @param makeDeployment - given the account as it is, with ids and addresses
   * @param userFunction - answers for the functions that are the user's own
   */
  static async start(
    siteNames: readonly string[],
    makeDeployment: (ground: Ground) => Promise<Deployment>,
    userFunction: UserFunction = () => null,
  ): Promise<World> {
    const closers: (() => Promise<void> | void)[] = [];
    try {
      const motos = await startMotos(closers);
      const cloud = new Cloud(Object.fromEntries(Object.entries(motos).map(([region, { url }]) => [region, url])));
      closers.push(() => cloud.close());
      const sites = await makeSites(siteNames, closers);
      const cloudIn = cloudsOf(cloud, closers);
      const deployment = await makeDeployment({ cloud, cloudIn, sites });

      const folder = mkdtempSync(join(tmpdir(), 'failover-e2e-'));
      closers.push(() => rmSync(folder, { recursive: true, force: true }));
      synthesize(deployment, folder);
      const stacks = readAssembly(folder, account);
      const specs = stacks.flatMap((stack) => stack.functions);

      const hosts = new Map<string, FunctionHost>();
      const roles = new RoleDesk({
        account,
        roles: stacks.flatMap((stack) => stack.roles),
        regions,
        specOf: (key) => specs.find((_, index) => accessKeyOf(index) === key),
      });
      const proxy = makeProxy(motos, specs, roles, (call) => serveInvoke(call, hosts, userFunction));
      const endpoint = await proxy.start();
      closers.push(() => proxy.stop());
      const nameServer = new NameServer(recordsStack(stacks), () => recordsHeld(cloudIn, deployment));
      closers.push(() => nameServer.stop());
      const resolverOf = await resolversOf(cloudIn, deployment, await nameServer.start(), closers);
      for (const [index, spec] of specs.entries()) {
        const runtimeVariables = runtimeVariablesOf(spec, accessKeyOf(index), endpoint);
        hosts.set(
          hostKey(spec.region, spec.name),
          new FunctionHost(spec, { runtimeVariables, nameServer: resolverOf(spec) }),
        );
      }
      closers.push(() => {
        for (const host of hosts.values()) host.killAll();
      });
      const oracles = await startUrls(deployment, 'oracle', hosts, closers);
      nameServer.startChecking(Object.fromEntries(oracles.map(([region, { address }]) => [region, address])));
      const endpoints = await startUrls(deployment, 'endpoints', hosts, closers);
      const endpointsUrls = new Map(endpoints.map(([region, { url }]) => [region, url]));
      const hostsByRegion = oracles.map(([region, { address }]) => [region, new URL(address).host] as const);
      const oracleHosts = Object.fromEntries(hostsByRegion);
      const parameter = oracleHostParameter(deployment.name);
      await Promise.all(hostsByRegion.map(([region, host]) => cloud.putParameter(region, parameter, host)));
      const parts = {
        deployment,
        stacks,
        cloud,
        cloudIn,
        sites,
        proxy,
        roles,
        oracleHosts,
        endpointsUrls,
        hosts,
        nameServer,
        closers,
      };
      return new World(parts);
    } catch (error) {
      await closeAll(closers);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.schedule.stop();
    await closeAll(this.#closers);
  }

  /** Where clients of a region ask for endpoints. */
  endpointsUrl(region: string): FunctionUrl {
    const url = this.#endpointsUrls.get(region);
    if (!url) throw new Error(`nobody tells endpoints in ${region}`);
    return url;
  }

  get service(): NamedService {
    return serviceOf(this.deployment, service);
  }

  /**
   * Deploys with empty tables, puts everything where it begins, fires the schedule, and waits until all is seen.
   *
   * @param asleep - sites whose server does not run while they wait
   */
  async begin(scheduleCount = 1, asleep: readonly string[] = []): Promise<void> {
    this.end();
    const sites = Object.values(this.sites);
    await Promise.all(sites.map((site) => (asleep.includes(site.name) ? site.kill() : site.start())));
    await Promise.all(this.stacks.map((stack) => this.cloud.deploy(stack)));
    const { address } = this.service.traffic;
    const [first = []] = Object.values(address?.instances ?? {});
    for (const [index, place] of first.entries()) {
      const id = address?.allocationId[index];
      if (address && id !== undefined && 'instanceId' in place)
        await (await this.#addressCloud()).associateAddress(address.region, id, place.instanceId);
    }
    const { dns } = this.service.traffic;
    const [preferred] = sitesByPriority(this.service);
    const home = preferred === undefined ? undefined : dns?.addresses[preferred];
    if (dns?.mode === 'records' && home !== undefined && 'a' in home && home.a !== undefined)
      await (await this.zoneCloud()).setRecord(dns.zone.id, dns.record, [home.a].flat());
    for (const host of this.#hosts.values()) host.isReachable = true;
    this.schedule.start(
      regions.map((region) => this.host(region, 'watcher')),
      scheduleCount,
    );
    await this.waitUntilSteady();
  }

  /** Ends whatever runs. */
  end(): void {
    this.schedule.stop();
    for (const host of this.#hosts.values()) {
      host.isReachable = false;
      host.killAll();
      host.environments.length = 0;
    }
    this.proxy.healAll();
  }

  /** Waits until each watcher that can speak holds every site for what it is, up or down, and no run is open. */
  async waitUntilSteady(speaking: readonly string[] = regions): Promise<void> {
    const { name } = this.deployment;
    const table = stateTableName(name);
    await this.expectSoon('every watcher sees every site, and no run is open', steadyMsMax, async () => {
      for (const region of speaking) {
        const opinions = await this.cloud.opinionsOf(region, table);
        const tracks = opinions?.tracks[service] ?? {};
        const isSeen = (site: WebSite) => tracks[site.name]?.opinion === (site.isRunning ? 'up' : 'down');
        if (!Object.values(this.sites).every(isSeen)) return false;
        const register = await this.registerIn(region);
        if (register === null || register.stage !== 'founded' || register.run?.state === 'running') return false;
        if (register.lost.length > 0) return false;
      }
      return true;
    });
  }

  host(region: string, kind: Parameters<typeof functionName>[1]): FunctionHost {
    const host = this.#hosts.get(hostKey(region, functionName(this.deployment.name, kind)));
    if (!host) throw new Error(`no ${kind} in ${region}`);
    return host;
  }

  registerIn(region: string): Promise<Register | null> {
    return this.cloud.registerOf(region, stateTableName(this.deployment.name), service);
  }

  /** What a client is told, by real DNS; empty when nothing is. */
  async answer(): Promise<string> {
    const record = this.service.traffic.dns?.record ?? '';
    const server = { host: '127.0.0.1', port: this.#nameServer.port };
    const { addresses } = await createResolve([server], { timeoutMs: 1_000, attemptsMax: 1 })(record);
    return addresses.join();
  }

  /** Site that holds the address, as moto has it. */
  async holder(): Promise<string | null> {
    const { address } = this.service.traffic;
    if (!address) return null;
    const holder = await (await this.#addressCloud()).holderOf(address.region, address.allocationId[0] ?? '');
    const found = Object.entries(address.instances).find(([, places]) => places.map(placeText).includes(holder ?? ''));
    return found?.[0] ?? holder;
  }

  /** The account of the address, which is that of its sites. */
  #addressCloud(): Promise<Cloud> {
    const { sites, traffic } = this.service;
    const [first = ''] = Object.keys(traffic.address?.instances ?? {});
    return this.#cloudIn(sites[first]?.account);
  }

  /** The account of the zone. */
  zoneCloud(): Promise<Cloud> {
    return this.#cloudIn(this.service.traffic.dns?.zone.account);
  }

  /** The region goes dark: nothing in it answers, nothing in it runs, its sites are gone. */
  async killRegion(region: string): Promise<{ readonly revive: () => Promise<void> }> {
    this.schedule.stop(region);
    const fault = this.proxy.inject({ region }, { kind: 'dark' });
    const hosts = [...this.#hosts.values()].filter(({ spec }) => spec.region === region);
    for (const host of hosts) {
      host.isReachable = false;
      host.killAll();
    }
    const sites = this.sitesIn(region);
    await Promise.all(sites.map((site) => site.kill()));
    const revive = async () => {
      fault.heal();
      for (const host of hosts) host.isReachable = true;
      await Promise.all(sites.map((site) => site.start()));
      this.schedule.start([this.host(region, 'watcher')]);
    };
    return { revive };
  }

  sitesIn(region: string): readonly WebSite[] {
    const names = Object.entries(this.service.sites).filter(([, site]) => site.region === region);
    return names.map(([name]) => this.site(name));
  }

  site(name: string): WebSite {
    const site = this.sites[name];
    if (!site) throw new Error(`no site ${name}`);
    return site;
  }

  /** Invokes of an actuator that open or finish a run, as told from drift repair. */
  isRunOrder(call: AwsRequest): boolean {
    const payload = call.parameters.Payload as { readonly manner?: string } | null;
    return call.service === 'lambda' && payload?.manner === 'enforce';
  }

  /**
   * Waits for something that the account or a client can see; says what the functions printed when it does not come.
   */
  async expectSoon(what: string, limitMs: number, look: () => Promise<boolean>): Promise<void> {
    await waitFor(what, limitMs, look).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.describe()}`);
    });
  }

  /** Waits until the run that is open in a region's table has ended. */
  async expectRunEnded(region: string, limitMs: number): Promise<Run> {
    let run: Run | null = null;
    await this.expectSoon('the run ends', limitMs, async () => {
      run = (await this.registerIn(region))?.run ?? null;
      return run !== null && run.state !== 'running';
    });
    if (run === null) throw new Error('there is no run');
    return run;
  }

  callsSince(atMs: number, match: Partial<Pick<RecordedCall, 'service' | 'operation' | 'caller'>>): RecordedCall[] {
    return this.proxy.calls.filter(
      (call) =>
        call.atMs >= atMs &&
        Object.entries(match).every(([field, value]) => call[field as keyof RecordedCall] === value),
    );
  }

  /** What the functions printed last, for a failing test to show. */
  describe(): string {
    const lines = [...this.#hosts.values()].flatMap((host) =>
      host
        .output()
        .slice(-12)
        .map((line) => `${host.spec.region} ${host.spec.name}: ${line.slice(0, 400)}`),
    );
    return [...this.proxy.problems, ...lines].join('\n');
  }
}

/** The account as it is; undefined: moto's own. */
type CloudIn = (account: string | undefined) => Promise<Cloud>;

function cloudsOf(own: Cloud, closers: (() => Promise<void> | void)[]): CloudIn {
  const others = new Map<string, Promise<Cloud>>();
  closers.push(async () => {
    for (const other of others.values()) (await other).close();
  });
  return (its) => {
    if (its === undefined) return Promise.resolve(own);
    const known = others.get(its) ?? own.in(its);
    others.set(its, known);
    return known;
  };
}

interface Parts {
  readonly deployment: Deployment;
  readonly stacks: readonly Stack[];
  readonly cloud: Cloud;
  readonly sites: Readonly<Record<string, WebSite>>;
  readonly cloudIn: CloudIn;
  readonly proxy: FaultProxy;
  readonly endpointsUrls: ReadonlyMap<string, FunctionUrl>;
  readonly roles: RoleDesk;
  readonly oracleHosts: Readonly<Record<string, string>>;
  readonly hosts: ReadonlyMap<string, FunctionHost>;
  readonly nameServer: NameServer;
  readonly closers: (() => Promise<void> | void)[];
}

function hostKey(region: string, name: string): string {
  return `${region}/${name}`;
}

/** A key a function, so that every signature says who made it. */
function accessKeyOf(index: number): string {
  return `E2EFUNCTION${String(index).padStart(5, '0')}`;
}

/** One server a region: none can know of another. */
async function startMotos(closers: (() => Promise<void> | void)[]): Promise<Readonly<Record<string, Moto>>> {
  const path = findMoto();
  if (path === null) throw new Error('there is no moto_server on PATH (pip install "moto[server]==5.2.1")');
  const started = await Promise.all(regions.map(async (region) => [region, await startMoto(path)] as const));
  for (const [, moto] of started) closers.push(() => moto.stop());
  return Object.fromEntries(started);
}

async function makeSites(
  names: readonly string[],
  closers: (() => Promise<void> | void)[],
): Promise<Readonly<Record<string, WebSite>>> {
  const sites: Record<string, WebSite> = {};
  for (const [index, name] of names.entries()) {
    const address = `127.0.0.${11 + index}`;
    const site = new WebSite(name, address, await findFreePort(address));
    sites[name] = site;
    closers.push(async () => void (await site.kill()));
  }
  return sites;
}

async function findFreePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  return bound.port;
}

/** The stack of the checks and records; null where the records are edited instead. */
function recordsStack(stacks: readonly Stack[]): Stack | null {
  const found = stacks.filter(({ template }) =>
    Object.values(template.Resources).some(
      ({ Type }) => Type === 'AWS::Route53::RecordSet' || Type === 'Custom::ZoneRecords',
    ),
  );
  if (found.length > 1) throw new Error(`${found.length} stacks hold records`);
  return found[0] ?? null;
}

/**
 * Who answers each function's questions. Names of a private zone are answered inside the networks alone that the zone
 * is associated with; a function elsewhere asks a server that knows no names.
 */
async function resolversOf(
  cloudIn: CloudIn,
  deployment: Deployment,
  nameServer: string,
  closers: (() => Promise<void> | void)[],
): Promise<(spec: FunctionSpec) => string> {
  const zone = serviceOf(deployment, service).traffic.dns?.zone;
  if (zone?.private !== true) return () => nameServer;
  const networks = await (await cloudIn(zone.account)).networksOfZone(zone.id);
  const outside = new NameServer(null, async () => []);
  const outsideAddress = await outside.start();
  closers.push(() => outside.stop());
  const isInside = ({ region, subnetIds }: FunctionSpec) =>
    subnetIds.length > 0 && networks.includes(deployment.watcher.vpc?.[region]?.vpcId ?? '');
  return (spec) => (isInside(spec) ? nameServer : outsideAddress);
}

/** The record of a deployment that has it edited, as moto holds it. */
async function recordsHeld(cloudIn: CloudIn, deployment: Deployment): Promise<readonly RecordPlan[]> {
  const named = serviceOf(deployment, service);
  const { dns } = named.traffic;
  if (dns?.mode !== 'records') return [];
  const a = await (await cloudIn(dns.zone.account)).recordOf(dns.zone.id, dns.record);
  return simpleRecords(named, { a, aaaa: [], cname: [] });
}

/** The function URLs of a kind by region; none where the templates make none. */
async function startUrls(
  deployment: Deployment,
  kind: 'oracle' | 'endpoints',
  hosts: ReadonlyMap<string, FunctionHost>,
  closers: (() => Promise<void> | void)[],
): Promise<readonly (readonly [region: string, { readonly url: FunctionUrl; readonly address: string }])[]> {
  const started: [string, { url: FunctionUrl; address: string }][] = [];
  for (const region of deployment.controlRegions) {
    const host = hosts.get(hostKey(region, functionName(deployment.name, kind)));
    if (host === undefined || host.spec.urlAuth === null) continue;
    const url = new FunctionUrl(host);
    started.push([region, { url, address: await url.start() }]);
    closers.push(() => url.stop());
  }
  return started;
}

function makeProxy(
  motos: Readonly<Record<string, Moto>>,
  specs: readonly FunctionSpec[],
  roles: RoleDesk,
  invoke: InvokeServer,
): FaultProxy {
  const callers = new Map(specs.map((spec, index) => [accessKeyOf(index), { name: spec.name, region: spec.region }]));
  return new FaultProxy({
    upstreamOf: (region) => motos[region]?.url ?? '',
    callerOf: (key) => callers.get(key) ?? roles.callerOf(key) ?? { name: 'unknown', region: 'unknown' },
    invoke,
    roles,
  });
}

async function serveInvoke(
  call: AwsRequest,
  hosts: ReadonlyMap<string, FunctionHost>,
  userFunction: UserFunction,
): Promise<ProxyAnswer> {
  const { FunctionName, InvocationType, Payload } = call.parameters;
  const host = hosts.get(hostKey(call.region, String(FunctionName)));
  if (!host) {
    const answer = userFunction(call.region, String(FunctionName), Payload);
    if (answer !== null) return answerOf(200, answer, null);
    return answerOf(404, { message: `Function not found: ${FunctionName}` }, 'ResourceNotFoundException');
  }
  if (InvocationType === 'Event') {
    host.invokeAsync(Payload);
    return { status: 202, headers: {}, body: Buffer.alloc(0) };
  }
  const end: InvocationEnd = await host.invoke(Payload);
  switch (end.kind) {
    case 'throttled':
      return answerOf(429, { message: 'Rate Exceeded.' }, 'TooManyRequestsException');
    case 'error':
      return answerOf(200, end.payload, null, { 'x-amz-function-error': 'Unhandled' });
    case 'answer':
      return answerOf(200, end.payload, null);
  }
}

function answerOf(
  status: number,
  payload: unknown,
  errorType: string | null,
  more: Readonly<Record<string, string>> = {},
): ProxyAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(errorType === null ? {} : { 'x-amzn-errortype': errorType }),
      ...more,
    },
    body: Buffer.from(JSON.stringify(payload)),
  };
}

/** What Lambda sets by itself. Source: Lambda Developer Guide, "Defined runtime environment variables". */
function runtimeVariablesOf(
  spec: FunctionSpec,
  accessKeyId: string,
  endpoint: string,
): Readonly<Record<string, string>> {
  return {
    _HANDLER: spec.handler,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]e2e',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_SESSION_TOKEN: 'not-a-token',
    LAMBDA_TASK_ROOT: spec.codeFolder,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    // Not of Lambda: where AWS is.
    AWS_ENDPOINT_URL: endpoint,
  };
}

async function closeAll(closers: (() => Promise<void> | void)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}
