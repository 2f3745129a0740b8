import type { Deployment } from '../model/deployment.ts';
import { hashOf } from '../model/digest.ts';
import type { NamedService, Service } from '../model/service.ts';
import { areRecordsSeen, type DnsTraffic } from '../model/traffic.ts';
import { chainTree } from './chain-records.ts';
import { poolTree, weightedRecords } from './pool-records.ts';
import { askedNames, type RecordValues } from './record-values.ts';
import { type DnsTree, type RecordPlan, recordTypes } from './zone-plan.ts';

type Owner = Pick<Deployment, 'name' | 'controlRegions'>;

/**
 * The records and checks of a service, all made at deploy time and never edited.
 *
 * The record itself is one alias a type, and so is each further name with the same answer. They lead to the head of a
 * tree, which chooses: a chain of the sites (`chain-records.ts`), or a pool (`pool-records.ts`). The tree's names hold
 * a mark of everything in it. So a tree never changes: other sites, another order, a last resort or another policy are
 * another tree, of other names, which is made whole beside the one that answers. Then one update of each alias leads
 * from the one to the other, and the old tree is removed. CloudFormation does it in this order by itself, a rollback
 * included. Source: ADR 19.
 *
 * Order of deployment: first the checks, then a wait until their checkers have reported, then the records. A new oracle
 * check counts as healthy until its checkers have reported, and healthy means "voted off". Records that are made
 * together with their checks would answer with a standby during that time. The same wait is needed before an existing
 * record uses a new check.
 *
 * Weights that the engine edits stand at the record itself, a record a site: they are kept while other sites come.
 *
 * @returns empty for a service without DNS, or whose single record is edited
 */
export function dnsTree(deployment: Owner, service: NamedService): DnsTree {
  const { dns } = service.traffic;
  if (dns === undefined) return { checks: [], records: [] };
  if (dns.mode === 'records') return { checks: [], records: weightedRecords(service, dns) };
  const head = headOf(service, dns);
  const { checks, records } = treeAt(deployment, service, dns, head);
  const types = recordTypes.filter((type) => records.some((record) => record.type === type));
  return {
    checks,
    records: [...records, ...askedNames(dns).flatMap((name) => types.map((type) => aliasTo(head, name, type)))],
  };
}

/**
 * The name that exists once the records of a service, as it is configured, are in place: the head of its tree. Null
 * where nobody can see it.
 */
export function headName({ traffic: { dns }, ...service }: Service): string | null {
  return dns === undefined || !areRecordsSeen(dns) ? null : headOf({ ...service, traffic: { dns } }, dns);
}

/**
 * The records of a service whose records are edited: one simple record a type.
 *
 * @param values - what the record holds, as the `dns` step writes it; a type without a value has no record
 */
export function simpleRecords(service: NamedService, values: RecordValues): readonly RecordPlan[] {
  const { dns } = service.traffic;
  if (dns?.mode !== 'records' || dns.policy !== 'failover') return [];
  const held = [
    ['A', values.a],
    ['AAAA', values.aaaa],
    ['CNAME', values.cname],
  ] as const;
  return held.flatMap(([type, its]) => {
    if (its.length === 0) return [];
    const target = { kind: 'values', values: its, ttlSeconds: dns.ttlSeconds } as const;
    return [{ name: dns.record, type, setIdentifier: null, failover: null, checkId: null, target }];
  });
}

/**
 * Every name that the records of a service use, with the record's own name. Only the own name when the record is
 * edited.
 */
export function recordNames(service: Service): readonly string[] {
  const { dns } = service.traffic;
  if (dns === undefined) return [];
  return [...new Set([dns.record, ...dnsTree(nobody, { ...service, name: '' }).records.map(({ name }) => name)])];
}

/** Characters of a tree's mark: the most that `hashOf` makes. */
const markLength = 7;

/**
 * Patterns of the names that the trees of a record have, whatever their marks are: `?` is one character, `*` any
 * number. They match no name that clients ask for.
 */
export function treeNamePatterns(record: string): readonly string[] {
  const head = `v${'?'.repeat(markLength)}.${treeBaseOf(record)}`;
  return [head, `*.${head}`];
}

/** Where it is enough to know what a tree holds, not whose it is. */
const nobody: Owner = { name: '', controlRegions: [] };

function treeAt(deployment: Owner, service: NamedService, dns: DnsTraffic, head: string): DnsTree {
  return dns.policy === 'failover'
    ? chainTree(deployment, service, dns, head)
    : poolTree(deployment, service, dns, head);
}

/** Name of the tree's first record: it changes with anything that the tree holds, and with nothing else. */
function headOf(service: Service, dns: DnsTraffic): string {
  const { records } = treeAt(nobody, { ...service, name: '' }, dns, dns.record);
  return `v${hashOf(records).padStart(markLength, '0')}.${treeBaseOf(dns.record)}`;
}

/**
 * The name below which a record's tree stands: the record itself, or what a wildcard stands below.
 *
 * `v1.*.shop.example` would be no wildcard and no name of a host: an asterisk that is not the first label is a plain
 * character. `v1.shop.example` is below what the wildcard covers, but a name with records of its own is never answered
 * by a wildcard. Two records with one base have different marks, since a mark is made of full names. Source: Route 53
 * Developer Guide, "DNS domain name format", "Using an asterisk (*) in the names of hosted zones and records"; RFC
 * 4592, section 2.2.
 */
function treeBaseOf(record: string): string {
  return record.replace(/^\*\./, '');
}

/** Steadfast: it is the only record of its name, and what it leads to answers in any case. */
function aliasTo(head: string, name: string, type: RecordPlan['type']): RecordPlan {
  const target = { kind: 'alias', name: head, isSteadfast: true } as const;
  return { name, type, setIdentifier: null, failover: null, checkId: null, target };
}
