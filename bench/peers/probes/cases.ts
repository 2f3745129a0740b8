import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NetProbe, plainProbe, type TcpProbe } from '../../../src/core/model/probe.ts';
import { certificates, type EndpointPorts } from './endpoint-process.ts';

/** Deadline of every probe on both sides, in milliseconds. */
export const timeoutMs = 1_000;

/** One endpoint, as both probers are told to judge it. */
export interface ProbeCase {
  readonly what: string;
  /** What is right to say of it. */
  readonly isUp: boolean;
  readonly probe: NetProbe;
  /** Module of blackbox-exporter. */
  readonly module: keyof typeof modules;
  readonly target: string;
}

const http = (more: object) => ({ preferred_ip_protocol: 'ip4', fail_if_body_not_matches_regexp: ['ok'], ...more });
const trusting = (name: string) => ({ tls_config: { ca_file: join(certificates, `${name}.cert.pem`) } });
const timeout = `${timeoutMs}ms`;

/** Configuration of blackbox-exporter: what our probes say, in its words. */
export const modules = {
  page: { prober: 'http', timeout, http: http({ follow_redirects: false, valid_status_codes: [200] }) },
  secure: { prober: 'http', timeout, http: http({ follow_redirects: false, ...trusting('site') }) },
  expired: { prober: 'http', timeout, http: http({ follow_redirects: false, ...trusting('expired') }) },
  connect: { prober: 'tcp', timeout, tcp: { preferred_ip_protocol: 'ip4' } },
  greeting: {
    prober: 'tcp',
    timeout,
    tcp: { preferred_ip_protocol: 'ip4', query_response: [{ expect: 'READY' }] },
  },
} as const;

/** The endpoints of the comparison: well, and broken in one way each. */
export function probeCases(ports: EndpointPorts): readonly ProbeCase[] {
  const page = (what: string, isUp: boolean, path: string, port = ports.http): ProbeCase => {
    const url = `http://127.0.0.1:${port}${path}`;
    return { what, isUp, probe: plainProbe(url, timeoutMs, 'ok'), module: 'page', target: url };
  };
  const secure = (what: string, isUp: boolean, port: number, trusted: 'site' | 'expired'): ProbeCase => {
    const url = `https://127.0.0.1:${port}/ok`;
    const authorityPem = readFileSync(join(certificates, `${trusted}.cert.pem`), 'utf8');
    const probe = { ...plainProbe(url, timeoutMs, 'ok'), type: 'https', authorityPem } as const;
    return { what, isUp, probe, module: trusted === 'site' ? 'secure' : 'expired', target: url };
  };
  const socket = (what: string, isUp: boolean, port: number, banner?: string): ProbeCase => {
    const [host, corroborating] = ['127.0.0.1', false];
    const probe: TcpProbe = { type: 'tcp', host, port, timeoutMs, corroborating, expectBanner: banner };
    return { what, isUp, probe, module: banner === undefined ? 'connect' : 'greeting', target: `${host}:${port}` };
  };
  return [
    page('HTTP: 200 and the body', true, '/ok'),
    page('HTTP: 500', false, '/error'),
    page('HTTP: 200 and another body', false, '/body'),
    page('HTTP: 302 to a good page', false, '/moved'),
    page('HTTP: no answer in time', false, '/slow'),
    page('HTTP: stops within the body', false, '/stuck'),
    page('HTTP: connection refused', false, '/ok', ports.refused),
    secure('HTTPS: 200 and the body', true, ports.https, 'site'),
    secure('HTTPS: expired certificate', false, ports.expired, 'expired'),
    secure("HTTPS: a stranger's certificate", false, ports.stranger, 'site'),
    socket('TCP: greeting', true, ports.greeting, 'READY'),
    socket('TCP: another greeting', false, ports.wrongGreeting, 'READY'),
    socket('TCP: no greeting in time', false, ports.silent, 'READY'),
    socket('TCP: connects', true, ports.silent),
    socket('TCP: connection refused', false, ports.refused),
  ];
}
