import type { GuessedKey } from './guessed-key.ts';

const service = 'services.*';

/** Keys that people guess for how a service moves by itself, and goes back. */
export const guessedMoveKeys: readonly GuessedKey[] = [
  {
    in: `${service}.failover.approval`,
    keys: ['goAfterMs', 'timeout', 'timeoutMs', 'forMs', 'until'],
    own: `${service}.failover.approval.waitMs`,
    hint: 'write waitMs: 5m, and atEnd: go, hold or drop',
  },
  {
    in: `${service}.failover.approval`,
    keys: ['approvers', 'who', 'roles', 'principals', 'users'],
    own: `${service}.failover.approval.by`,
    hint: 'write by: [OnCall], with names or ARNs of IAM roles and users',
  },
  {
    in: `${service}.failover`,
    keys: ['cooldown', 'cooldownMs', 'coolDown', 'holdDown', 'minInterval'],
    own: `${service}.failover.blockMs`,
    hint: 'write blockMs: 1h',
  },
  {
    in: `${service}.failover`,
    keys: ['maxLag', 'maxLagMs', 'rpo', 'rpoMs', 'replicationLag'],
    own: `${service}.failover.maxReplicationLagMs`,
    hint: 'write maxReplicationLagMs: 30s',
  },
  {
    in: `${service}.failback`,
    keys: ['auto', 'automatic', 'enabled'],
    own: `${service}.failback.mode`,
    hint: 'write mode: automatic, or manual',
  },
  {
    in: `${service}.failback`,
    keys: ['delay', 'delayMs', 'wait', 'after', 'afterMs', 'stableMs'],
    own: `${service}.failback.healthyForMs`,
    hint: 'write healthyForMs: 10m',
  },
];
