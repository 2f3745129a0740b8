import { majorityOf } from '../../../core/model/deployment.ts';
import { lastResortName, type NamedService } from '../../../core/model/service.ts';
import { type DnsAddress, remembers } from '../../../core/model/traffic.ts';
import { addressesOfSite } from '../../world/dns/alias-addresses.ts';
import type { World } from '../../world/world.ts';
import { checkerKind, type NoteStake, Spells, serviceIn } from '../checker.ts';

/**
 * Time without any fault after which DNS has seen a move for certain, in milliseconds: a pulse, the minute of its
 * metric, a minute until a check follows, and one to spare.
 */
const seenMs = 4 * 60_000;

/**
 * S14: once a move has been seen by DNS's memory, loss of all oracles changes no answer.
 *
 * Judged by what anybody is answered while a majority of oracles is dark: sites that serve, and no others. By
 * geolocation some clients are answered with sites that do not serve, and a direct check has an opinion of its own:
 * such services are left out. Beside votes the last resort is not remembered. Nothing leads to a site whose records are
 * not in place, where a person may force a service (S4).
 */
export const memoryHolds = checkerKind({
  property: 'S14',
  stakes: ['dark', 'dark after a move'],
  make: (world: World, stake: NoteStake<'dark' | 'dark after a move'>) => {
    const spells = new Spells();
    const since = new Map<string, { readonly what: string; readonly atMs: number }>();
    const seen = new Map<string, string>();
    let faultMs = Number.NEGATIVE_INFINITY;

    const look = (service: NamedService, atMs: number): string | null => {
      const { dns } = service.traffic;
      if (dns === undefined || !remembers(dns) || dns.policy === 'geolocation' || dns.directCheck !== undefined)
        return null;
      if (!canMajorityTell(world)) faultMs = atMs;
      // Before there is a register nobody has said who serves, so there is nothing to remember.
      const decided = world.decisions.newest(service.name);
      if (decided === null) return null;
      const { serving, run } = decided;
      const what = JSON.stringify([serving, Object.keys(service.sites), dns.record]);
      const { what: before, atMs: sinceMs } = since.get(service.name) ?? { what: '', atMs };
      if (before !== what) since.set(service.name, { what, atMs });
      if (before === what && atMs - Math.max(sinceMs, faultMs) >= seenMs) seen.set(service.name, what);
      const isLed = serving.every((site) => site === lastResortName || world.names.isLedTo(service.name, site));
      const isRemembered = dns.mode === 'memory' || !serving.includes(lastResortName);
      const isAtStake = seen.get(service.name) === what && isRemembered && isLed && areOraclesDark(world);
      const isNew = spells.begins(service.name, isAtStake);
      if (!isAtStake) return null;
      if (isNew) stake(run === null ? 'dark' : 'dark after a move');
      const allowed = serving.flatMap((site) =>
        addressesOfSite(addressOf(world, service, site) ?? dns.lastResort ?? {}),
      );
      const wrong = world.names.addressesOf(dns.record).filter((address) => !allowed.includes(address));
      if (wrong.length === 0) return null;
      return `${dns.record} is answered ${wrong.join(', ')} while ${serving.join(', ')} serve and the oracles are dark`;
    };

    return {
      hear: (event) => {
        if (event.type === 'scenario' && event.isFault) faultMs = event.atMs;
        return event.type === 'client' ? look(serviceIn(world, event.service), event.atMs) : null;
      },
    };
  },
});

/** The address of a site, by the newest configuration that has it: one that is dropped keeps its own. */
function addressOf({ deployments }: World, { name }: NamedService, site: string): DnsAddress | undefined {
  const known = deployments.map(({ services }) => services[name]?.traffic.dns?.addresses[site]);
  return known.find((address) => address !== undefined);
}

/** Whether watchers of a majority of regions are there to say who was left: what fewer say is followed by no check. */
function canMajorityTell({ deployment, control, links }: World): boolean {
  const telling = deployment.controlRegions.filter(
    (region) => !links.isRegionDead(region) && control.isWatcherRunning(region),
  );
  return telling.length >= majorityOf(deployment);
}

function areOraclesDark({ deployment, stoppedOracles, links }: World): boolean {
  const dark = deployment.controlRegions.filter((region) => stoppedOracles.has(region) || links.isRegionDead(region));
  return dark.length >= majorityOf(deployment);
}
