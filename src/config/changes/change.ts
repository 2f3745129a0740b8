import type { NamedService } from '../../core/model/service.ts';

/** Every kind of difference between two configurations; docs/changes.md has a section for each. */
export const changeKinds = [
  'deployment-renamed',
  'account-changed',
  'control-region-added',
  'control-region-removed',
  'control-regions-replaced',
  'control-regions-reordered',
  'roles-added',
  'roles-removed',
  'roles-moved',
  'roles-renamed',
  'external-id-changed',
  'zone-names-added',
  'zone-names-removed',
  'zone-names-replaced',
  'zone-moved',
  'service-added',
  'service-removed',
  'mode-changed',
  'group-changed',
  'site-added',
  'site-removed',
  'site-renamed',
  'site-name-reused',
  'site-looks-renamed',
  'rename-forgotten',
  'address-changed',
  'priorities-changed',
  'switch-added',
  'switch-removed',
  'switch-changed',
  'last-resort-removed',
  'record-changed',
  'record-owner-changed',
  'records-moved',
  'oracle-urls-removed',
  'records-refused',
  'fence-changed',
  'data-changed',
  'thresholds-changed',
] as const;
/** The name of one kind. */
export type ChangeKind = (typeof changeKinds)[number];

/** One difference between the configuration that runs and the next one, with what follows from it. */
export interface Change {
  readonly kind: ChangeKind;
  /** Where it is: a service, `SERVICE/SITE`, a region, or the deployment. */
  readonly where: string;
  /** `safe`: deploy. `care`: deploy as the hint says. `refused`: it can't be deployed, or does not do what it says. */
  readonly effect: 'safe' | 'care' | 'refused';
  /** What will be, in one sentence or two. */
  readonly message: string;
  /** What to do; null when there is nothing to do. */
  readonly hint: string | null;
}

/** The same service in both configurations. */
export interface ServicePair {
  readonly before: NamedService;
  readonly after: NamedService;
}

/** Names of the second that the first does not have. */
export function newIn(before: object, after: object): readonly string[] {
  return Object.keys(after).filter((name) => !Object.hasOwn(before, name));
}

/** Whether two parts of a configuration say the same. A default comes after what was written, so keys have no order. */
export function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, withSortedKeys) === JSON.stringify(b, withSortedKeys);
}

function withSortedKeys(_key: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
}
