import type { Parts } from '../../core/kinds/kind.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { SimEvent } from '../event.ts';
import { checkerKind, isSelfFence, type NoteStake } from './checker.ts';

/**
 * S17: what is written is what whoever ordered it meant, by the configuration that they were started with.
 *
 * A region's own watcher that cuts its site off asks for no agreement, and is none of it.
 */
export const asItWasMeant = checkerKind({
  property: 'S17',
  stakes: ['write', 'another configuration'],
  make: (_world, stake: NoteStake<'write' | 'another configuration'>) => ({
    hear: (event) => {
      if (event.type === 'order' && event.meantBy !== event.heldBy) stake('another configuration');
      if (event.type !== 'write' || isSelfFence(event.order)) return null;
      stake('write');
      const meant = meantOf(event);
      const written = withoutPace(event.whole);
      if (meant === written) return null;
      return `${event.thing} ${event.target} was written as ${written}, and whoever ordered it meant ${meant}`;
    },
  }),
});

/** The thing that an order asks for, by the configuration of whoever gave it. */
function meantOf({ order, meantBy, whole }: SimEvent & { readonly type: 'write' }): string {
  const service = meantBy.services[order.service];
  if (service === undefined) return 'nothing';
  const { region } = whole as { readonly region?: string };
  const thing = kindOf(order.kind).thingOf(
    order as unknown as Parts,
    { name: order.service, ...service },
    region ?? meantBy.controlRegions[0] ?? '',
  );
  return withoutPace(thing);
}

/**
 * A thing as text. How long answers are kept is no part of what is meant; nor is what sites that the order is not about
 * have in the data.
 */
function withoutPace(thing: unknown): string {
  const { from, to } = thing as { readonly from?: string; readonly to?: string };
  return JSON.stringify(thing, (key, value) => {
    if (key === 'ttlSeconds') return undefined;
    return from !== undefined && to !== undefined && key === 'data' ? value.kind : value;
  });
}
