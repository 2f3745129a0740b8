import { quantile } from '../../src/cli/drill/quantile.ts';
import type { Peer } from './peer.ts';

/** What the rounds of one peer gave, in milliseconds from the kill to the first good answer. */
export interface Measured {
  readonly name: string;
  readonly settings: string;
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly rounds: number;
}

/**
 * Measures all peers in turn, round after round, so that what else the machine does meets all of them alike.
 *
 * @param onSample - hears of each kill
 */
export async function measureInTurn(
  peers: readonly Peer[],
  rounds: number,
  onSample: (name: string, recoveryMs: number, round: number) => void,
): Promise<readonly Measured[]> {
  const samples = new Map<string, number[]>(peers.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const peer of peers) {
      const recoveryMs = await peer.recoveryMs();
      samples.get(peer.name)?.push(recoveryMs);
      onSample(peer.name, recoveryMs, round);
    }
  }
  return peers.map(({ name, settings }) => {
    const own = samples.get(name) ?? [];
    return {
      name,
      settings,
      medianMs: quantile(own, 0.5),
      fastestMs: Math.min(...own),
      slowestMs: Math.max(...own),
      rounds: own.length,
    };
  });
}
