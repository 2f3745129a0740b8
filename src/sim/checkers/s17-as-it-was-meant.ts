import type { Parts } from '../../core/kinds/kind.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Order } from '../../core/kinds/order.ts';
import type { SimEvent } from '../event.ts';
import { checkerKind, isSelfFence, type NoteStake } from './checker.ts';

/**
 * S17: what is written is what whoever ordered it meant, by the configuration that they were started with.
 *
 * A region's own watcher that cuts its site off asks for no agreement, and is none of it. Nor does whoever closes what
 * was left without proof, or turns off work there, or opens the fence of the site that has the service.
 */
export const asItWasMeant = checkerKind({
  property: 'S17',
  stakes: ['write', 'another configuration'],
  make: (_world, stake: NoteStake<'write' | 'another configuration'>) => ({
    hear: (event) => {
      if (event.type === 'order' && event.meantBy !== event.heldBy) stake('another configuration');
      if (event.type !== 'write' || isSelfFence(event.order) || isAnyhow(event.order)) return null;
      stake('write');
      const thing = meantOf(event);
      const [meant, written] = [
        withoutPace(withoutStrangers(thing, event.whole)),
        withoutPace(withoutStrangers(event.whole, thing)),
      ];
      if (meant === written) return null;
      return `${event.thing} ${event.target} was written as ${written}, and whoever ordered it meant ${meant}`;
    },
  }),
});

/** Whether an order asks for no agreement, by its kind. */
function isAnyhow(order: Order): boolean {
  return kindOf(order.kind).isFreeOfAgreement?.(order) ?? false;
}

/** The thing that an order asks for, by the configuration of whoever gave it. */
function meantOf({ order, meantBy, whole }: SimEvent & { readonly type: 'write' }): unknown {
  const service = meantBy.services[order.service];
  if (service === undefined) return null;
  const { region } = whole as { readonly region?: string };
  return kindOf(order.kind).thingOf(
    order as unknown as Parts,
    { name: order.service, ...service },
    region ?? meantBy.controlRegions[0] ?? '',
  );
}

/** Groups of dials, or routing controls, by ARN. */
type Switches = Readonly<Record<string, unknown>>;

/**
 * A thing without the dials and controls that are off in it, and that the other configuration does not have. An order
 * is about the one site that is on, and a site that is being added or removed holds nothing else up (ADR 10): whoever
 * knows it turns it off.
 */
function withoutStrangers(thing: unknown, other: unknown): unknown {
  const [own, theirs] = [switchesOf(thing), switchesOf(other)];
  if (own === null || theirs === null) return thing;
  const [key, switches] = own;
  const kept = Object.entries(switches).filter(([arn, state]) => Object.hasOwn(theirs[1], arn) || !isOff(state));
  return { ...(thing as object), [key]: Object.fromEntries(kept) };
}

function switchesOf(thing: unknown): readonly [string, Switches] | null {
  const { groups, states } = (thing ?? {}) as { readonly groups?: Switches; readonly states?: Switches };
  if (groups !== undefined) return ['groups', groups];
  return states === undefined ? null : ['states', states];
}

function isOff(state: unknown): boolean {
  return state === false || (state as { readonly dial?: number }).dial === 0;
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
