import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type BuildOptions, build } from 'esbuild';
import { AwsClients } from '../src/adapters/aws/clients.ts';
import { stateTableSchema } from '../src/adapters/aws/tables/state-table-schema.ts';
import { quantile } from '../src/cli/drill/quantile.ts';
import { parseDeploymentValue } from '../src/config/loader.ts';
import { oraclePath } from '../src/core/dns/oracle-vote.ts';
import type { Deployment } from '../src/core/model/deployment.ts';
import { findMoto, startMoto } from '../test/support/moto.ts';
import { type Packed, packBundle, runFunction } from './function-process.ts';

/** Cold start and cost of the functions, as bundled for deployment. */
export interface FunctionsBench {
  readonly watcher: {
    readonly bundleKb: number;
    /** From the module's first instruction to the first read of a state table, probes of the first tick included. */
    readonly firstTickMs: number;
    readonly wholeSdkKb: number;
    readonly wholeSdkFirstTickMs: number;
    readonly commonJsFirstTickMs: number;
  };
  /** Null where moto is not installed. */
  readonly tick: {
    readonly sites: number;
    /** Of the watcher's process, a tick; median. */
    readonly cpuMs: number;
    readonly rssMb: number;
    readonly ticks: number;
  } | null;
  /** Null where moto is not installed. */
  readonly oracle: { readonly medianMs: number; readonly p99Ms: number; readonly answers: number } | null;
}

const root = join(import.meta.dirname, '..');
const regions = ['us-east-1', 'us-west-2', 'us-east-2'] as const;
const services = 5;
const sitesOfService = 4;
const tickMs = 1_000;
/** Ticks before the watcher has claimed its generation and its connections are warm. */
const warmTicks = 8;

/** @param size - cold starts of each bundle, and warm ticks */
export async function benchFunctions(size: {
  readonly starts: number;
  readonly ticks: number;
}): Promise<FunctionsBench> {
  const site = await listen(createServer((_request, response) => response.end('ok')));
  try {
    const deployment = deploymentAt(site.url);
    return { watcher: await measureStarts(deployment, size.starts), ...(await measureWarm(deployment, size.ticks)) };
  } finally {
    site.server.close();
    site.server.closeAllConnections();
  }
}

async function measureStarts(deployment: Deployment, starts: number): Promise<FunctionsBench['watcher']> {
  const folder = mkdtempSync(join(tmpdir(), 'failover-bench-'));
  const own = join(root, 'dist/lambda/watcher/index.mjs');
  const [wholeSdk, commonJs] = await Promise.all([buildWholeSdk(folder), buildCommonJs(folder)]);
  const samples: Record<'own' | 'wholeSdk' | 'commonJs', number[]> = { own: [], wholeSdk: [], commonJs: [] };
  try {
    // In turn, so that whatever else the machine does falls on all alike.
    for (let start = 0; start < starts; start += 1) {
      samples.own.push(await measureStart(own, deployment));
      samples.wholeSdk.push(await measureStart(wholeSdk, deployment));
      samples.commonJs.push(await measureStart(commonJs, deployment));
    }
    return {
      bundleKb: kilobytesOf(own),
      firstTickMs: quantile(samples.own, 0.5),
      wholeSdkKb: kilobytesOf(wholeSdk),
      wholeSdkFirstTickMs: quantile(samples.wholeSdk, 0.5),
      commonJsFirstTickMs: quantile(samples.commonJs, 0.5),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the start of the module to the first request that reaches a state table. */
async function measureStart(bundle: string, deployment: Deployment): Promise<number> {
  let firstAtMs = 0;
  const table = await listen(
    createServer((_request, response) => {
      firstAtMs ||= performance.timeOrigin + performance.now();
      response.writeHead(400).end('{"__type":"ValidationException"}');
    }),
  );
  const packed = packBundle(bundle, deployment);
  const script =
    'handler({}).catch(() => {}); report({ startedAtMs }); setInterval(() => report({ startedAtMs }), 20);';
  try {
    const reported = await runFunction(packed, { region: regions[0], endpointUrl: table.url, script }, 40);
    if (firstAtMs === 0) throw new Error('the watcher asked no table');
    return firstAtMs - (reported[0]?.startedAtMs ?? 0);
  } finally {
    packed.remove();
    table.server.close();
    table.server.closeAllConnections();
  }
}

async function measureWarm(deployment: Deployment, ticks: number): Promise<Pick<FunctionsBench, 'tick' | 'oracle'>> {
  const path = findMoto();
  if (path === null) return { tick: null, oracle: null };
  const moto = await startMoto(path);
  const clients = new AwsClients({ endpoints: Object.fromEntries(regions.map((region) => [region, moto.url])) });
  const watcher = packBundle(join(root, 'dist/lambda/watcher/index.mjs'), deployment);
  const oracle = packBundle(join(root, 'dist/lambda/oracle/index.mjs'), deployment);
  try {
    for (const region of regions) {
      await clients.of(DynamoDBClient, region).send(new CreateTableCommand(stateTableSchema(deployment.name)));
    }
    return { tick: await measureTicks(watcher, moto.url, ticks), oracle: await measureOracle(oracle, moto.url) };
  } finally {
    watcher.remove();
    oracle.remove();
    clients.close();
    await moto.stop();
  }
}

/** CPU of each second, which is a tick each: the other work of the process is its own, too. */
async function measureTicks(watcher: Packed, endpointUrl: string, ticks: number): Promise<FunctionsBench['tick']> {
  const script = `
    handler({}).catch(() => {});
    let last = process.cpuUsage();
    setInterval(() => {
      const { user, system } = process.cpuUsage(last);
      last = process.cpuUsage();
      report({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage().rss / 2 ** 20 });
    }, ${tickMs});`;
  const seen = await runFunction(watcher, { region: regions[0], endpointUrl, script }, warmTicks + ticks);
  const warm = seen.slice(warmTicks);
  const median = (key: string) =>
    quantile(
      warm.map((value) => value[key] ?? Number.NaN),
      0.5,
    );
  return { sites: services * sitesOfService, cpuMs: median('cpuMs'), rssMb: median('rssMb'), ticks };
}

async function measureOracle(oracle: Packed, endpointUrl: string): Promise<FunctionsBench['oracle']> {
  const answers = 200;
  const rawPath = oraclePath({ deployment: 'bench', service: 'service-0', zoneId: 'Z0EXAMPLE' }, ['site-0']);
  const script = `
    const event = { rawPath: ${JSON.stringify(rawPath)}, requestContext: { http: { method: 'GET' } } };
    await handler(event);
    for (let index = 0; index < ${answers}; index += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const askedAtMs = performance.now();
      const { statusCode } = await handler(event);
      if (statusCode !== 503) throw new Error('an oracle without a register voted');
      report({ ms: performance.now() - askedAtMs });
    }
    setTimeout(() => {}, 60_000);`;
  const seen = await runFunction(oracle, { region: regions[0], endpointUrl, script }, answers);
  const samples = seen.map(({ ms }) => ms ?? Number.NaN);
  return { medianMs: quantile(samples, 0.5), p99Ms: quantile(samples, 0.99), answers };
}

/** Twenty sites of five services, all the one web server. */
function deploymentAt(url: string): Deployment {
  const sites = Array.from({ length: sitesOfService }, (_, index) => index);
  const site = (index: number) => ({
    region: regions[index % regions.length] ?? regions[0],
    priority: 100 - index,
    probes: [{ type: 'http', url: `${url}/site-${index}`, timeoutMs: 500, expect: { status: 200, body: 'ok' } }],
  });
  const service = (index: number) => ({
    mode: 'active-passive',
    detection: { intervalMs: tickMs },
    sites: Object.fromEntries(sites.map((place) => [`site-${place}`, site(place)])),
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'bench.example' },
        record: `service-${index}.bench.example`,
        addresses: Object.fromEntries(sites.map((place) => [`site-${place}`, { a: `192.0.2.${place + 1}` }])),
      },
    },
  });
  const value = {
    name: 'bench',
    controlRegions: [...regions],
    services: Object.fromEntries(Array.from({ length: services }, (_, index) => [`service-${index}`, service(index)])),
  };
  return parseDeploymentValue(value, 'bench');
}

/** The same watcher, with every client of the SDK that is installed here. */
async function buildWholeSdk(folder: string): Promise<string> {
  const names = ['dynamodb', 'ec2', 'eventbridge', 'lambda', 'route-53', 'sns', 'ssm', 'sts'];
  const imports = names.map((name, index) => `import * as sdk${index} from '@aws-sdk/client-${name}';`);
  const kept = `globalThis.wholeSdk = [${names.map((_, index) => `sdk${index}`).join(', ')}];`;
  const outfile = join(folder, 'whole-sdk.mjs');
  await bundle(`${imports.join('\n')}\n${kept}\nexport { handler } from './lambda/watcher.lambda.ts';`, outfile);
  return outfile;
}

/** The same watcher as CommonJS. */
async function buildCommonJs(folder: string): Promise<string> {
  const outfile = join(folder, 'index.cjs');
  await bundle("export { handler } from './lambda/watcher.lambda.ts';", outfile, {
    format: 'cjs',
    define: { 'import.meta.url': 'codeUrl' },
    banner: { js: "const codeUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

/** Bundles as `scripts/build.js` does, but for what is given. */
async function bundle(contents: string, outfile: string, more: BuildOptions = {}): Promise<void> {
  const require = [
    "import { createRequire as createRequireOfBundle } from 'node:module';",
    'const require = createRequireOfBundle(import.meta.url);',
  ];
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: require.join('\n') },
    logLevel: 'warning',
    ...more,
  });
}

/** Size of a module and of all that it imports at its start, in units of 1,000 bytes. */
function kilobytesOf(path: string): number {
  const read = new Set<string>();
  const open = [path];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (read.has(next)) continue;
    read.add(next);
    const folder = dirname(next);
    for (const [, name = ''] of readFileSync(next, 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.mjs)"/g))
      open.push(join(folder, name));
  }
  return [...read].reduce((sum, file) => sum + statSync(file).size, 0) / 1_000;
}

async function listen(server: Server): Promise<{ readonly server: Server; readonly url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
