import { isStatusIn } from '../../../core/detection/answer.ts';
import type { Observation } from '../../../core/detection/observation.ts';
import type { HttpAuth, HttpProbe } from '../../../core/model/probe.ts';
import { PortError } from '../../../ports/port-error.ts';
import { requestPage } from '../../net/http-prober.ts';
import { deadline } from '../../system/deadline.ts';
import { toPortError } from '../faults.ts';
import { type Authorization, authorizationOf } from './authorization.ts';
import type { Secrets } from './secrets.ts';

/** Status with which a server refuses who asks. Source: RFC 9110, 15.5.2. */
const refused = 401;

/**
 * Probes a page that wants to know who asks, by a secret. After a 401 the secret is read again, and a new one is tried
 * at once: it may have been rotated.
 *
 * @returns `unknown` when the secret cannot be read, and when the site does not take the newest one: that says nothing
 *   of the site. Never rejects, and never says a word of the secret
 */
export async function probeAuthorized(probe: HttpProbe, auth: HttpAuth, secrets: Secrets): Promise<Observation> {
  const startMs = performance.now();
  const leftMs = () => Math.max(1, probe.timeoutMs - (performance.now() - startMs));
  const reference = 'bearer' in auth ? auth.bearer : auth.basic;
  const place = secrets.placeOf(reference);
  const take = async (read: Promise<string>) => authorizationOf(auth, await valueWithin(leftMs(), read));
  const ask = async (authorization: Authorization) => {
    const { observation, status } = await requestPage(probe, {
      authorization: authorization.header,
      timeoutMs: leftMs(),
    });
    const isRefused = status === refused && !isStatusIn(probe.expect.status, refused);
    return { observation: withoutSecret(observation, authorization), isRefused };
  };
  try {
    const known = await take(secrets.read(reference));
    const first = await ask(known);
    if (!first.isRefused) return first.observation;
    const renewed = await take(secrets.refresh(reference));
    const second = renewed.header === known.header ? first : await ask(renewed);
    return second.isRefused
      ? { outcome: 'unknown', detail: `status ${refused}: the site does not take ${place}` }
      : second.observation;
  } catch (error) {
    const { kind, detail } = toPortError(error).fault;
    return { outcome: 'unknown', detail: `${place} cannot be used: ${kind}: ${detail}` };
  }
}

/** An observation in which a page that repeats what it was sent repeats nothing of the secret. */
function withoutSecret(observation: Observation, { hidden }: Authorization): Observation {
  if (observation.outcome === 'unknown' || observation.saw === undefined) return observation;
  return { ...observation, saw: hidden.reduce((saw, text) => saw.replaceAll(text, '***'), observation.saw) };
}

function valueWithin<T>(timeoutMs: number, value: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = deadline(timeoutMs, () =>
      reject(new PortError({ kind: 'timeout', detail: 'no answer before the deadline of the probe' })),
    );
    value.then(resolve, reject).finally(cancel);
  });
}
