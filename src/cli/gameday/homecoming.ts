import { systemClock } from '../../adapters/system/clock.ts';
import type { Command } from '../../core/operator/command.ts';
import { operate } from '../../core/operator/request.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { duration } from '../show/layout.ts';
import type { AbortAlarms } from './abort-alarms.ts';
import type { CourseObserver } from './course-observer.ts';
import type { Ground } from './ground.ts';

/** Longest wait until the site that was left is fit: it boots, replays, and its fence opens. Source: our own. */
const returnMsMax = 15 * 60_000;
/** Pause between two looks whether it is. */
const pollMs = 200;
/** Pause after a switchover back that was refused. */
const refusedMs = 5_000;

/** Who goes back where. */
export interface Homecoming {
  readonly ground: Ground;
  readonly service: string;
  /** The site that was active before. */
  readonly home: string;
  readonly by: string;
  readonly observer: CourseObserver;
  readonly alarms: AbortAlarms;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/**
 * Moves a service back by a planned switchover once the site that it left is fit, and then ends the block period of the
 * failover: a person wanted it.
 *
 * @returns why it is not back; null when it is, or never left
 */
export async function comeHome(given: Homecoming): Promise<string | null> {
  const { ground, service, home, observer, alarms, signal, tell } = given;
  const startMs = systemClock.monotonicMs();
  let why = 'nothing was seen of it';
  while (systemClock.monotonicMs() - startMs < returnMsMax) {
    await systemClock.sleep(pollMs, signal);
    const { seen } = observer;
    if (seen === null) continue;
    const { active, run, sites } = seen.status;
    if (active === home && run?.state !== 'running') {
      why = await unwellBecause(given, sites[home]?.verdict);
      if (why !== '') continue;
      await give(given, { verb: 'ack' });
      return null;
    }
    const unfit = unfitBecause(home, sites[home], run?.state);
    if (unfit !== null) {
      why = unfit;
      continue;
    }
    const ringing = await alarms.ringing();
    if (ringing !== null) {
      why = ringing;
      continue;
    }
    tell(`${home} is fit again: switching ${service} back.`);
    const { exit, message } = await give(given, { verb: 'switchover', to: home });
    why = message.split('\n').at(-1) ?? message;
    if (exit === 0) tell(why);
    await systemClock.sleep(exit === 0 ? ground.sliceMs : refusedMs, signal);
  }
  return `${why}; given up after ${duration(returnMsMax)}`;
}

/** Why the watchers may still leave a site that is active; empty when it is well for them, and not down from here. */
async function unwellBecause({ ground, service, home }: Homecoming, verdict: string | undefined): Promise<string> {
  if (verdict !== 'up') return `${home} is ${verdict ?? 'not known'}`;
  const probed = await ground.probe(service, home);
  return probed?.outcome === 'fail' ? `${home} does not answer well yet` : '';
}

function unfitBecause(
  home: string,
  site: { readonly verdict: string; readonly ineligible: readonly string[] } | undefined,
  runState: string | undefined,
): string | null {
  if (runState === 'running') return 'a run is under way';
  if (site?.verdict !== 'up') return `${home} is ${site?.verdict ?? 'not known'}`;
  return site.ineligible.length === 0 ? null : `${home} may not become active: ${site.ineligible.join(', ')}`;
}

function give({ ground, service, by, signal }: Homecoming, command: Command) {
  const { deployment, ports, timingProfile } = ground.target;
  const request = { verb: 'command', service, command, isWaiting: true } as const;
  return runRoutine(operate(deployment, request, by, timingProfile), ports, signal);
}
