import { dnsHandlers } from '../src/adapters/aws/dns.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import { dns } from '../src/core/kinds/dns.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers, writeMsOf } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'dns');
const { clock, rng } = wiring.ports;
const ports = withHandlers(wiring.ports, dnsHandlers(wiring.clients, clock, rng, writeMsOf(wiring)));

/** Edits the record, or the weights of the records, of a service that chose to have them edited. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(dns, event, wiring), ports);
}
