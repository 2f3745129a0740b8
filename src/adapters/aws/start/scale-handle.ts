import type { ScaleState } from '../../../core/kinds/start.ts';
import type { Scalable } from '../../../core/model/site.ts';
import type { AwsClients } from '../clients.ts';

/** One kind of thing that can be scaled. */
export type ScalableOf<K extends Scalable['kind']> = Extract<Scalable, { readonly kind: K }>;

/** How the size of one kind of thing is read and asked for. */
export interface ScaleHandle<K extends Scalable['kind']> {
  readonly read: (clients: AwsClients, region: string, scalable: ScalableOf<K>) => Promise<ScaleState>;
  readonly set: (clients: AwsClients, region: string, scalable: ScalableOf<K>, size: number) => Promise<void>;
}
