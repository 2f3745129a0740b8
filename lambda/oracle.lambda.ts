import type { TableView } from '../src/core/calls.ts';
import { serviceOf } from '../src/core/deployment.ts';
import { oraclePath, oracleVote } from '../src/core/oracle.ts';
import { wire } from './wiring.ts';

/** Longest that one read of the table serves: at most one read a second for each execution environment. */
const cacheMs = 1_000;

/** The parts of a function URL's event that matter. */
interface UrlEvent {
  readonly rawPath?: string;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

const { deployment, region, ports } = wire(import.meta.url);
const services = Object.keys(deployment.services);
const ballots = new Map(
  services.flatMap((name) => {
    const service = serviceOf(deployment, name);
    return Object.keys(service.sites).map((site) => [oraclePath(name, site), { service, site }] as const);
  }),
);
let newest: { readonly askedAtMs: number; readonly view: Promise<TableView | null> } | null = null;

/** This region's vote on a site, as Route 53's health checkers read it: 200 takes the site out of DNS, any doubt does not. */
export async function handler(event: UrlEvent): Promise<UrlAnswer> {
  const method = event.requestContext?.http?.method;
  if (method !== 'GET' && method !== 'HEAD') return answer(405);
  const ballot = ballots.get(event.rawPath ?? '');
  if (ballot === undefined) return answer(404);
  const register = (await readTable())?.acceptors[ballot.service.name]?.accepted ?? null;
  return answer(oracleVote(register, ballot.service, ballot.site) === 'off' ? 200 : 503);
}

/** The own table, null when it does not answer; questions that come meanwhile share one read. */
function readTable(): Promise<TableView | null> {
  const nowMs = ports.clock.monotonicMs();
  if (newest === null || nowMs - newest.askedAtMs >= cacheMs) {
    const view = ports.tables.read(region, services).catch(() => null);
    newest = { askedAtMs: nowMs, view };
  }
  return newest.view;
}

function answer(statusCode: number): UrlAnswer {
  return { statusCode, headers: { 'cache-control': 'no-store' } };
}
