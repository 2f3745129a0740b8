import { areSameAddresses, canonicalAddress } from '../../dns/ip-address.ts';
import { answeredSites } from '../../dns/locations.ts';
import { nameBehind, textsOf, valuesOf } from '../../dns/record-values.ts';
import { lastResortName, type NamedService } from '../../model/service.ts';
import type { DnsAddress } from '../../model/traffic.ts';
import type { Register } from '../../register/register.ts';
import { type Run, trafficSteps } from '../../register/run.ts';
import { call, pause, type Routine } from '../../routine.ts';
import { verifyLimitMs } from '../../timing.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two verifications. */
const pollMs = 500;

/**
 * Waits until DNS answers with the sites that must serve, and with no other.
 *
 * The limit counts from the moment when traffic had moved, over all holders of the run, so that a new holder does not
 * start the wait again. Where a person has skipped what moves traffic, it looks once: they may have moved it by hand.
 */
export function* verifyTraffic(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const failed = run.steps.filter(
    ({ name, state }) => trafficSteps.includes(name) && (state === 'failed' || state === 'turned-back'),
  );
  if (failed.length > 0)
    return { state: 'failed', detail: `nothing to verify: ${failed.map(({ name }) => name).join(', ')} failed` };
  if (run.steps.some(({ name, state }) => (name === 'targets' || name === 'dns') && state === 'fallback'))
    return { state: 'fallback', detail: 'only a part was shifted' };
  const skipped = run.steps.filter(({ name, state }) => trafficSteps.includes(name) && state === 'skipped');
  for (;;) {
    const missing = yield* whatIsMissing(service, run, context.register());
    if (missing === null) return { state: 'done', detail: `clients are sent to ${run.serving.join(', ')}` };
    // Drift repair puts right what a person has skipped, and begins when the run has ended: to wait here is in vain.
    if (skipped.length > 0)
      return { state: 'fallback', detail: `${skipped.map(({ name }) => name).join(', ')} was skipped, and ${missing}` };
    if (yield* isLostAgain(context))
      return { state: 'failed', detail: `${run.to} is down again, and clients need another site (${missing})` };
    if (context.stepAgeMs() >= verifyLimitMs(service, run)) return { state: 'failed', detail: missing };
    yield* pause(Math.min(pollMs, service.detection.intervalMs / 4));
  }
}

/**
 * Whether a quorum has called the new site down since the run was decided. Then nobody shall come there, and an open
 * run would only hold up the move to the next site: DNS may take minutes to lead clients back to a site that it
 * remembers as left. A site that was down when it was chosen, behind a fence or cold, is left its time.
 */
function* isLostAgain({ service, run, ageMs, look }: StepContext): Routine<boolean> {
  const isServed = service.mode === 'active-passive' && run.serving.includes(run.to);
  if (!isServed || ageMs() < service.detection.bootGraceMs) return false;
  const isStarted = run.steps.some(({ name, state }) => name === 'start' && state === 'done');
  if (run.grounds?.verdicts[run.to] === 'down' && !isStarted) return false;
  return (yield* look()).verdicts[run.to] === 'down';
}

/**
 * What is still missing before DNS answers with the right sites; null when nothing is. Addresses and weights were read
 * back by their own steps.
 *
 * @param register - whose ramp says which sites keep a part of their traffic, though they do not serve any more
 */
export function* whatIsMissing(
  service: NamedService,
  run: Run,
  { ramp }: Pick<Register, 'ramp'>,
): Routine<string | null> {
  const { dns } = service.traffic;
  if (!dns) return null;
  const answer = yield* call('resolve', { name: dns.record });
  if (!answer.ok) return `${dns.record}: ${answer.fault.kind}`;
  const addresses = answer.value.addresses.map(canonicalAddress);
  const kept = Object.keys(ramp).filter((site) => (ramp[site] ?? 0) > 0 && !run.serving.includes(site));
  const wanted = answeredSites(service, [...run.serving, ...kept]).map(
    (site) => (site === lastResortName ? dns.lastResort : dns.addresses[site]) ?? {},
  );
  const [only] = wanted;
  const isThere =
    wanted.length === 1 && only !== undefined && nameBehind(only) === null
      ? areSameAddresses(addresses, textsOf(valuesOf(only)))
      : yield* areAmong(wanted, addresses);
  return isThere ? null : `${dns.record} still answers ${addresses.join(', ') || 'nothing'}`;
}

/**
 * Whether every address belongs to one of the sites. A routing policy may answer with one site of several, and a load
 * balancer, or another name, with a changing choice of its addresses.
 */
function* areAmong(wanted: readonly DnsAddress[], addresses: readonly string[]): Routine<boolean> {
  if (addresses.length === 0) return false;
  const known = new Set(wanted.flatMap((each) => textsOf(valuesOf(each))));
  for (const name of wanted.map(nameBehind)) {
    if (name === null) continue;
    const answer = yield* call('resolve', { name });
    // Each answer may hold only some of the addresses behind a name, so one common address shows that it is the same
    // load balancer or host.
    if (answer.ok && answer.value.addresses.some((address) => addresses.includes(canonicalAddress(address)))) {
      for (const address of addresses) known.add(address);
    }
  }
  return addresses.every((address) => known.has(address));
}
