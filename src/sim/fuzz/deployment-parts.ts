/** What configurations that the fuzzer draws from have in common. */

/** A site that is probed at a name of its own. */
export const site = (region: string, priority: number, name: string) => ({
  region,
  priority,
  probes: [{ type: 'https' as const, url: `https://${name}.shop.example/healthz`, expect: { body: 'ok' } }],
});
/** The zone of every record. */
export const zone = { id: 'Z0EXAMPLE', name: 'shop.example' };
/** The record of every service. */
export const record = 'www.shop.example';
/** Two regions with sites, and a third one. */
export const controlRegions = ['us-east-1', 'us-west-2', 'us-east-2'];
/** Short waits, so that a run of minutes sees more than one move. */
export const failover = { blockMs: 60_000, maxMovesPerDay: 6, maxReplicationLagMs: 30_000 };
