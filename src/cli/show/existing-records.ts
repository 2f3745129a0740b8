import { type ExistingRecord, ttlSecondsMax } from '../../config/existing-records.ts';
import { columns, type Page, plural, wrap } from './layout.ts';

/** What the lines about existing records need. */
export interface ShownRecords {
  readonly name: string;
  readonly zone: { readonly id: string; readonly name: string };
  readonly records: readonly ExistingRecord[];
}

const policyWords: Readonly<Record<ExistingRecord['policy'], string>> = {
  simple: 'simple',
  failover: 'failover',
  weighted: 'weighted',
  latency: 'latency',
  multivalue: 'multivalue',
  geolocation: 'geolocation',
  other: 'another policy',
};

/** What Route 53 has of the name, a line a record. */
export function showRecords({ name, zone, records }: ShownRecords, { width }: Page): string {
  const place = `the zone ${zone.name} (${zone.id})`;
  if (records.length === 0) return wrap(`There is no record of ${name} yet in ${place}.`, width, '');
  const rows = records.map((record) => [record.type, choiceOf(record), record.setIdentifier ?? '-', answerOf(record)]);
  const heading = ['type', 'policy', 'identifier', 'answer'];
  return `${wrap(`${name} has ${plural(records.length, 'record')} in ${place}:`, width, '')}\n${columns([heading, ...rows], '  ', width)}`;
}

function choiceOf({ policy, isSecondary, weight, region }: ExistingRecord): string {
  if (policy === 'failover') return isSecondary ? 'failover, secondary' : 'failover, primary';
  return [policyWords[policy], weight ?? region ?? ''].join(' ').trim();
}

function answerOf({ alias, values, ttlSeconds }: ExistingRecord): string {
  if (alias !== null) return `alias of ${alias}`;
  return `${values.join(' ')}${ttlSeconds === null ? '' : `, TTL ${ttlSeconds} s`}`;
}

/** What becomes of the records that exist, and what to do about them before the first deployment. */
export function existingAdvice({ name, zone, records }: ShownRecords): readonly string[] {
  if (records.length === 0) return [];
  const other = name === zone.name ? `ha.${name}` : `ha.${zone.name}`;
  const canEdit = records.every(({ policy, alias }) => policy === 'simple' && alias === null);
  const isPlaced = records.some(({ policy }) => policy === 'geolocation' || policy === 'other');
  const ttls = records.map(({ ttlSeconds }) => ttlSeconds ?? 0);
  const longest = Math.max(...ttls);
  const kept = `Its TTL of ${longest} s is not taken over: clients would stay longer than a move takes.`;
  return [
    `${name} has records already. They stay as they are: init writes nothing to AWS.`,
    'No deployment takes them over or removes them, and while they are there it cannot make its own: it fails and is rolled back.',
    `Deploy under another name first: set record to ${other}. Look at its answers, then replace the old records by an alias of ${other}, in one change.`,
    ...(canEdit
      ? [
          'Or set traffic.dns.mode to records: then the watchers edit the record that exists. It is less safe, see docs/config.md.',
        ]
      : []),
    ...(isPlaced ? ['Where clients are is not taken over: see policy geolocation in docs/config.md.'] : []),
    ...(longest > ttlSecondsMax ? [kept] : []),
    'More is in docs/constructs.md, "Before the first deployment".',
  ];
}
