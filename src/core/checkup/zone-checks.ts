import { type Asked, bad, type Check, doubtful, ok, unknown } from './check.ts';
import { type Reading, unreadCheck } from './reading.ts';

/** A hosted zone that the configuration names. */
export interface ZoneReading {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Networks that a private zone must belong to: those of the watchers, by their ids, each with its region. */
  readonly networks: readonly { readonly region: string; readonly vpcId: string }[];
  /** Null: there is no such zone in the account. */
  readonly zone: Reading<ZoneFacts | null>;
  /**
   * Name servers that resolvers know of the name; `value` is null where they know none. Null: nobody is asked, because
   * the zone is private, or was to be read and was not.
   */
  readonly delegated: Reading<readonly string[] | null> | null;
}

/** What Route 53 says of a zone. */
export interface ZoneFacts {
  readonly name: string;
  readonly isPrivate: boolean;
  /** Its name servers: those that Route 53 gave it, and those of its own NS record. */
  readonly servers: readonly string[];
  /** VPCs that are associated with it, by their ids; none of a public one. */
  readonly vpcIds: readonly string[];
}

/** The records of a service. */
export interface RecordsReading {
  readonly service: string;
  /** Names that clients ask for. */
  readonly names: readonly string[];
  readonly planned: readonly RecordPlace[];
  readonly reading: Reading<readonly SeenRecord[]>;
}

/** A place for a record, and what tells that one which is there is of a deployment of ours. */
export interface RecordPlace {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier: string | null;
  /** Patterns of the names that an alias there leads to, with `*` and `?`; empty: whatever is there is ours. */
  readonly aliasOf: readonly string[];
}

/** A record that leads clients. */
export interface SeenRecord {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier: string | null;
  readonly alias: string | null;
  readonly values: readonly string[];
}

/** Whether a zone is there, is the one that is meant, and is asked by clients. */
export function zoneCheck({ id, name, isPrivate, networks, zone, delegated }: ZoneReading): Check {
  const asked = { name: 'zone', subject: name };
  if (zone.kind === 'unread') return undelegated(asked, delegated) ?? unreadCheck(asked, zone);
  const facts = zone.value;
  if (facts === null) {
    return bad(asked, `the account has no hosted zone ${id}`, 'set traffic.dns.zone.id, or zone.account');
  }
  if (facts.name !== name) {
    return bad(asked, `${id} is the zone of ${facts.name}`, 'set traffic.dns.zone.id and zone.name to the same zone');
  }
  if (facts.isPrivate !== isPrivate) {
    const is = facts.isPrivate ? 'private' : 'public';
    return bad(asked, `${id} is ${is}`, `set traffic.dns.zone.private to ${facts.isPrivate}, or name the other zone`);
  }
  return facts.isPrivate ? networksCheck(asked, facts, networks) : delegationCheck(asked, facts, delegated);
}

/**
 * Whether every watcher can see what a private zone answers.
 *
 * Route 53 does not list what Route 53 Profiles associate, so that a network which is missing is only doubtful. Source:
 * Amazon Route 53 API Reference, "GetHostedZone" and "ListHostedZonesByVPC".
 */
function networksCheck(asked: Asked, { vpcIds }: ZoneFacts, networks: ZoneReading['networks']): Check {
  const missing = networks.filter(({ vpcId }) => !vpcIds.includes(vpcId));
  if (missing.length === 0) return ok(asked, 'is there, for its networks');
  const named = missing.map(({ region, vpcId }) => `${vpcId} of ${region}`).join(', ');
  const todo = `associate ${named} with the zone, unless a Route 53 Profile does: else no watcher there can verify a move`;
  return doubtful(asked, `it is not associated with ${named}, where watchers run`, todo);
}

/** Who may not read a zone can still ask resolvers. Null when they know it, or nobody has asked them. */
function undelegated(asked: Asked, delegated: ZoneReading['delegated']): Check | null {
  if (delegated?.kind !== 'read' || delegated.value !== null) return null;
  const todo = `have the parent of ${asked.subject}, or its registrar, name the name servers of the zone`;
  return bad(asked, notDelegated, todo);
}

const notDelegated = 'it is not delegated: resolvers know no name servers of it';

function delegationCheck(asked: Asked, { servers }: ZoneFacts, delegated: ZoneReading['delegated']): Check {
  if (delegated === null) return unknown(asked, 'is there; resolvers were not asked for its name servers');
  if (delegated.kind === 'unread') return unreadCheck(asked, delegated, 'is there; of its name servers: ');
  const todo = `have the parent of ${asked.subject}, or its registrar, name ${servers.join(', ')}`;
  const known = delegated.value;
  if (known === null) return bad(asked, notDelegated, todo);
  const strange = known.filter((server) => !servers.includes(server));
  if (strange.length === 0) return ok(asked, 'is there, and resolvers ask its name servers');
  const found = `resolvers ask ${strange.join(', ')}`;
  return strange.length === known.length
    ? bad(asked, `${found}, which are not of this zone`, todo)
    : doubtful(asked, `${found} too, which are not of this zone`, todo);
}

/**
 * Whether records of somebody else stand where those of a deployment shall be, and whether those are there.
 *
 * @param isDeployed - then they must be there
 */
export function recordsCheck({ service, names, planned, reading }: RecordsReading, isDeployed: boolean): Check {
  const asked = { name: 'records', subject: service };
  if (reading.kind === 'unread') return unreadCheck(asked, reading);
  const strange = reading.value.filter((record) => !planned.some((place) => isAt(place, record)));
  if (strange.length > 0) {
    const found = `in the way: ${strange.map(textOf).join('; ')}`;
    return bad(asked, found, 'no deployment takes it over: docs/constructs.md, "Before the first deployment"');
  }
  const missing = names.filter((name) => reading.value.every((record) => record.name !== name));
  if (missing.length === 0) return ok(asked, `${names.join(', ')}: of this deployment`);
  if (!isDeployed) return ok(asked, `nothing is in the way of ${missing.join(', ')}`);
  return bad(asked, `there is none of ${missing.join(', ')}`, 'deploy the stack of records: "npx cdk deploy --all"');
}

function isAt(place: RecordPlace, record: SeenRecord): boolean {
  if (place.name !== record.name || place.type !== record.type) return false;
  if (place.setIdentifier !== record.setIdentifier) return false;
  const { alias } = record;
  return place.aliasOf.length === 0 || (alias !== null && place.aliasOf.some((pattern) => matches(pattern, alias)));
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (letter) =>
    letter === '*' ? '.*' : letter === '?' ? '.' : `\\${letter}`,
  );
  return new RegExp(`^${source}$`).test(text);
}

function textOf({ name, type, setIdentifier, alias, values }: SeenRecord): string {
  const which = setIdentifier === null ? '' : ` "${setIdentifier}"`;
  return `${type}${which} of ${name}, ${alias === null ? values.join(' ') : `alias of ${alias}`}`;
}
