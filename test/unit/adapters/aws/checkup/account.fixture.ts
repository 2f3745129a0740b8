import type { IncomingHttpHeaders } from 'node:http';
import type { CheckupTimes } from '../../../../../src/core/checkup/checkup-times.ts';

/** Far off, so that a busy machine does not end it first. */
const times: CheckupTimes = { answerMsMax: 60_000, listenMsMax: 60_000, patienceMs: 60_000 };

/** Where something gives no answer: the test takes this long. */
export const impatient: CheckupTimes = { ...times, patienceMs: 8_000 };

/** How an account is examined here, without asking any resolver. */
export const examined = {
  times,
  bootstrapQualifier: 'hnb659fds',
  resolveNameServers: async () => ['ns-1.awsdns-00.com', 'ns-2.awsdns-00.net'],
} as const;

/** What Lambda says of a function, by the path that it is asked at; null for anything else. */
export function deployedFunction(
  path: string,
  headers: IncomingHttpHeaders,
): { readonly kind: string; readonly region: string; readonly answer: Readonly<Record<string, unknown>> } | null {
  const [, name = '', what] = /\/functions\/([^/]+)\/(configuration|concurrency)$/.exec(path) ?? [];
  const [, region = ''] = /Credential=[^/]+\/\d{8}\/([^/]+)\/lambda\//.exec(String(headers.authorization)) ?? [];
  const kind = name.split('-failover-')[1] ?? '';
  if (kind === '') return null;
  const environment = { Variables: { TOPIC_ARN: `arn:aws:sns:${region}:123456789012:shop-failover` } };
  const role = `arn:aws:iam::123456789012:role/${region}.${kind}`;
  return {
    kind,
    region,
    answer: what === 'configuration' ? { FunctionName: name, Role: role, Environment: environment } : {},
  };
}
