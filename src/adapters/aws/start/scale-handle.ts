import type { ScaleState, StartThing } from '../../../core/kinds/start.ts';
import type { Scalable } from '../../../core/model/site.ts';
import type { AwsClients } from '../clients.ts';

/** One kind of thing that can be scaled. */
export type ScalableOf<K extends Scalable['kind']> = Extract<Scalable, { readonly kind: K }>;

/** The site that runs on something, and its region. */
export type ScalePlace = Pick<StartThing, 'region' | 'service' | 'site'>;

/** The size that is asked for, and by whose order. */
export type ScaleChange = Pick<StartThing, 'size' | 'isServing' | 'token'>;

/** How the size of one kind of thing is read and asked for. */
export interface ScaleHandle<K extends Scalable['kind']> {
  readonly read: (clients: AwsClients, place: ScalePlace, scalable: ScalableOf<K>) => Promise<ScaleState>;
  readonly set: (clients: AwsClients, place: ScalePlace, scalable: ScalableOf<K>, change: ScaleChange) => Promise<void>;
}
