import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { FailureReason, Observation } from '../../core/detection/observation.ts';
import type { DnsProbe } from '../../core/model/probe.ts';
import { deadline } from '../system/deadline.ts';
import { addressOf } from './lookup.ts';
import { expire, type Finding, observe } from './probe-attempt.ts';
import { classifyError } from './probe-failure.ts';

/** What the answers of a name server mean. A code that is not here is this machine's. */
const reasonsByCode: Readonly<Record<string, FailureReason>> = {
  ENOTFOUND: 'unresolved',
  ENODATA: 'unresolved',
  ESERVFAIL: 'wrong-status',
  EREFUSED: 'wrong-status',
  ENOTIMP: 'wrong-status',
  EFORMERR: 'garbage',
  EBADRESP: 'garbage',
  ETIMEOUT: 'timeout',
  ECONNREFUSED: 'refused',
};

/** Attempts within a deadline: a lost datagram is sent again. */
const attemptsMax = 2;

/**
 * Asks a name server for the records of a name.
 *
 * @returns `unresolved` when it has none, `wrong-status` when it refuses or fails, `wrong-body` when an expected value
 *   is not among the answers; never rejects
 */
export async function probeDns(probe: DnsProbe): Promise<Observation> {
  const startMs = performance.now();
  const resolver = new Resolver({ timeout: Math.ceil(probe.timeoutMs / attemptsMax), tries: attemptsMax });
  let cancel = (): void => undefined;
  const late = new Promise<Finding>((resolve) => {
    cancel = deadline(probe.timeoutMs, () => resolve(expire(performance.now() - startMs - probe.timeoutMs)));
  });
  const finding = await Promise.race([ask(resolver, probe), late]);
  cancel();
  resolver.cancel();
  return observe(finding, performance.now() - startMs);
}

async function ask(resolver: Resolver, probe: DnsProbe): Promise<Finding> {
  let address: string;
  try {
    ({ address } = await addressOf(probe.server));
    resolver.setServers([isIP(address) === 6 ? `[${address}]:${probe.port}` : `${address}:${probe.port}`]);
  } catch (error) {
    return classifyError(error);
  }
  try {
    return judge(await valuesOf(resolver, probe), probe.expect ?? []);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = reasonsByCode[code];
    return reason ? { outcome: 'fail', reason, saw: code } : { outcome: 'unknown', detail: `resolver: ${code}` };
  }
}

async function valuesOf(resolver: Resolver, { name, record }: DnsProbe): Promise<readonly string[]> {
  switch (record) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return resolver.resolveCname(name);
    case 'NS':
      return resolver.resolveNs(name);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
  }
}

function judge(values: readonly string[], expected: readonly string[]): Finding {
  const saw = values.slice(0, 5).join(', ').slice(0, 200);
  if (values.length === 0) return { outcome: 'fail', reason: 'unresolved' };
  const isThere = (value: string) => values.some((found) => found.toLowerCase() === value.toLowerCase());
  return expected.every(isThere) ? { outcome: 'pass', saw } : { outcome: 'fail', reason: 'wrong-body', saw };
}
