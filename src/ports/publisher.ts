import type { Publication } from '../core/kinds/publication.ts';

/** Where clients inside the account look. */
export interface Publisher {
  /** Null when nothing was published yet. */
  readPublication(region: string, service: string): Promise<Publication | null>;
  publish(region: string, publication: Publication): Promise<void>;
}
