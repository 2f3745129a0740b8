import type { CheckerState } from '../../src/adapters/aws/dns/health-check-status.ts';
import { isOnlyAt } from '../../src/core/dns/led-to.ts';
import { FailoverError } from '../../src/core/errors.ts';
import { lastResortName } from '../../src/core/model/service.ts';
import type { Register } from '../../src/core/register/register.ts';
import { watcherTimeLimitMs } from '../../src/core/timing.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Rng } from '../../src/ports/rng.ts';
import type { FollowedAlarm } from './deploy-event.ts';
import { RequestQueue, TurnMissedError } from './request-queue.ts';

/** Time between two rounds of checks, in milliseconds. */
const pollMs = 5_000;

/** Longest wait. New checks are seen by all checkers within a minute or two; a function may run for fifteen. */
const waitMsMax = 10 * 60_000;

/**
 * Shortest time from one request to the next, in milliseconds: two a second. Route 53 takes five a second from an
 * account, and CloudFormation and everybody else need the others; CloudWatch takes nine of `DescribeAlarms`. Source:
 * Route 53 Developer Guide, "Quotas", "Route 53 API requests"; CloudWatch User Guide, "CloudWatch service quotas".
 */
const requestGapMs = 500;

/**
 * Fewest checkers that must have reported: one in each of the eight regions that Route 53 checks from by default. Route
 * 53 lists only checkers that report, so the first one alone would look like all of them. Source: API Reference,
 * "GetHealthCheckStatus".
 */
const checkersMin = 8;

/**
 * Part of the listed checkers that must have a result, 0 to 1: a check is healthy while more than 18 % of them say so.
 */
const shareMin = 0.82;

/** Time for the calculated checks to follow, in milliseconds; no API shows their checkers. */
const settleMs = 60_000;

/** What the gate waits and tries again by. */
export interface GateGround {
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Whether the oracle of a region votes on the service that is waited for. */
export type ReadVoting = (region: string) => Promise<boolean>;

/** Reads what each checker of a health check last saw. */
export type ReadCheckers = (checkId: string) => Promise<readonly CheckerState[]>;

/**
 * Waits until Route 53's checkers have seen that no oracle votes a site off.
 *
 * A new health check counts as healthy until its checkers have a result, and a healthy oracle check is a vote against
 * its site. A record that is made before that would send clients to the standby. The result itself does not matter: an
 * oracle may rightly vote its site off, because another one serves.
 *
 * @param checkIds - of all services of the deployment: one process asks for them, one after another
 * @throws {FailoverError} FAULT when some check has no result after ten minutes
 */
export async function awaitVotes(
  checkIds: readonly string[],
  readCheckers: ReadCheckers,
  ground: GateGround,
): Promise<void> {
  const { clock } = ground;
  const queue = queueOn(ground);
  const unseen = await awaitEach(checkIds, async (id) => isSeen(await queue.run(() => readCheckers(id))), clock);
  if (unseen.length > 0) {
    throw new FailoverError(
      'FAULT',
      `Route 53 has not looked at ${unseen.join(', ')}: see whether the oracles' function URLs answer, and deploy again`,
    );
  }
  if (checkIds.length > 0) await clock.sleep(settleMs);
}

/**
 * Waits until new oracles vote.
 *
 * An oracle whose table is not on the register's list of voters votes for nothing. Records that follow it before that
 * are guarded by fewer votes than they have checks, and one dark region more would let DNS forget who was left.
 *
 * @param regions - whose oracles the records are to follow and do not follow yet
 * @throws {FailoverError} FAULT when some oracle does not vote after ten minutes
 */
export async function awaitVoters(
  service: string,
  regions: readonly string[],
  isVoting: ReadVoting,
  clock: Clock,
): Promise<void> {
  const silent = await awaitEach(regions, isVoting, clock);
  if (silent.length === 0) return;
  throw new FailoverError(
    'FAULT',
    `no vote on ${service} yet in ${silent.join(', ')}: wait until "cdk-failover status" names no table there that is to join, and deploy again`,
  );
}

/** Reads the register of a service; null when there is none yet. An error: too few tables answer. */
export type ReadRegister = () => Promise<Pick<Register, 'serving' | 'run'> | null>;

/**
 * Waits until a service is not at sites that the new records do not lead to, and nobody can move it there.
 *
 * Such records would answer with a standby while the site that has the data serves: nobody moves away from a site that
 * the configuration does not have any more. In a pool the other sites go on.
 *
 * The stacks of all regions come before this one. A watcher that began before them knows the dropped sites still, and
 * may choose one until its invocation is ended. So the register is not read before that.
 *
 * @param dropped - sites that the records lead to and are to lead to no more
 * @throws {FailoverError} FAULT when the service is still there after ten minutes
 */
export async function awaitDeparture(
  service: string,
  dropped: readonly string[],
  readRegister: ReadRegister,
  clock: Clock,
): Promise<void> {
  if (dropped.length === 0) return;
  await clock.sleep(watcherTimeLimitMs);
  const isElsewhere = async () => {
    const register = await readRegister();
    return register === null || !isOnlyAt(register, dropped);
  };
  const [staying] = await awaitEach([service], isElsewhere, clock, waitMsMax - watcherTimeLimitMs);
  if (staying === undefined) return;
  if (dropped.includes(lastResortName))
    throw new FailoverError(
      'FAULT',
      `${staying} is served by its static endpoint, to which these records do not lead: deploy with lastResort again, repair a site, and remove it then`,
    );
  throw new FailoverError(
    'FAULT',
    `${staying} is served by ${dropped.join(', ')}, where these records do not lead: deploy with the site again, move away with "cdk-failover switchover ${service} --to SITE", and remove it then`,
  );
}

/**
 * Waits until alarms that checks follow without an oracle have seen data.
 *
 * A check that has never had data is healthy, which means that no site was left. Records that follow it before that
 * would answer with the first site, whoever serves. Source: Route 53 API Reference, "HealthCheckConfig",
 * InsufficientDataHealthStatus.
 *
 * @param alarms - that the records are to follow and do not follow yet
 * @param hasData - whether an alarm of a region has a state that comes from data
 * @throws {FailoverError} FAULT when some alarm has none after ten minutes
 */
export async function awaitMemories(
  alarms: readonly FollowedAlarm[],
  hasData: (alarm: FollowedAlarm) => Promise<boolean>,
  ground: GateGround,
): Promise<void> {
  const { clock } = ground;
  const queue = queueOn(ground);
  const byKey = new Map<string, FollowedAlarm>(alarms.map((alarm) => [`${alarm.Name} in ${alarm.Region}`, alarm]));
  const isFollowed = async (key: string) => {
    const alarm = byKey.get(key);
    return alarm !== undefined && (await queue.run(() => hasData(alarm)));
  };
  const silent = await awaitEach([...byKey.keys()], isFollowed, clock);
  if (silent.length > 0) {
    throw new FailoverError(
      'FAULT',
      `no data yet for ${silent.join(', ')}: see whether the watcher there runs and the log of its start, and deploy again`,
    );
  }
  // The check looks at the next whole minute, and the calculated one follows it.
  if (alarms.length > 0) await clock.sleep(2 * settleMs);
}

function queueOn({ clock, rng }: GateGround): RequestQueue {
  return new RequestQueue({ clock, rng, gapMs: requestGapMs, openMs: waitMsMax });
}

/**
 * Asks for each key until it is so. An error is a no.
 *
 * @param limitMs - longest time
 * @returns the keys for which it is not so, each with the error of its last answer if there was one
 */
async function awaitEach(
  keys: readonly string[],
  isSo: (key: string) => Promise<boolean>,
  clock: Clock,
  limitMs = waitMsMax,
): Promise<readonly string[]> {
  const startedAtMs = clock.monotonicMs();
  let waiting: readonly Unready[] = keys.map((key) => ({ key, why: null }));
  while (waiting.length > 0) {
    const answers = await Promise.all(waiting.map((former) => unreadyOf(former, isSo)));
    waiting = answers.filter((answer) => answer !== null);
    if (waiting.length === 0 || clock.monotonicMs() - startedAtMs >= limitMs) break;
    await clock.sleep(pollMs);
  }
  return waiting.map(({ key, why }) => (why === null ? key : `${key} (${why})`));
}

/** A key for which it is not so. */
interface Unready {
  readonly key: string;
  /** The error that was its answer; null when the answer was no. */
  readonly why: string | null;
}

async function unreadyOf(former: Unready, isSo: (key: string) => Promise<boolean>): Promise<Unready | null> {
  const { key } = former;
  try {
    return (await isSo(key)) ? null : { key, why: null };
  } catch (error) {
    if (error instanceof TurnMissedError) return former;
    return { key, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether enough checkers have a result, so that the check's health is no longer the initial one. */
function isSeen(reads: readonly CheckerState[]): boolean {
  const looked = reads.filter((sight) => sight !== 'unknown').length;
  return looked >= checkersMin && looked >= shareMin * reads.length;
}
