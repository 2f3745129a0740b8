import { headName } from '../../dns/record-tree.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import type { Register } from '../../register/register.ts';
import { all, call, type Routine } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { proposerFor, type WatcherState } from '../state.ts';

/**
 * Notes in the register which sites the DNS records lead to, once those of this configuration are in place. A
 * deployment makes records after the watchers; where it waits or fails, a site that it adds is answered to nobody.
 *
 * The records tell: their tree stands below a name that another configuration does not have (ADR 19). One watcher asks
 * for it while the register does not say the same already, so nothing is asked at rest. A resolver may keep for up to a
 * quarter of an hour that there is no such name (Route 53's default SOA record: 900 s), so records may be noted late,
 * and never too early.
 *
 * A wildcard of the zone answers for names that do not exist, but for none below one that does (RFC 4592, section 2.2).
 * So the tree is in place if its name is answered, and a name below it that no tree has is not.
 */
export function* noteRecords(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  { ledTo = [] }: Register,
): Routine<void> {
  const sites = Object.keys(service.sites).sort();
  if (sites.join() === ledTo.join() || !isKeeper(state.setup.region, serviceView, null)) return;
  const name = headName(service);
  if (name === null) return;
  const [tree, below] = yield* all([call('resolve', { name }), call('resolve', { name: `none.${name}` })]);
  const isInPlace = tree?.ok && below?.ok && tree.value.addresses.length > 0 && below.value.addresses.length === 0;
  if (!isInPlace) return;
  yield* changeRegister(proposerFor(state, service.name), (current) =>
    current === null || sites.join() === current.ledTo?.join() ? null : { ...current, ledTo: sites },
  );
}
