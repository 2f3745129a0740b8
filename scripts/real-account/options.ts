import { parseArgs } from 'node:util';

/** Measurements by name, in the order in which they are made. */
export const measurementNames = [
  'cold-start',
  'function-url',
  'permissions',
  'health-checks',
  'drowned-oracle',
  'dark-oracles',
  'elastic-ip',
  'association',
  'third-site',
  'schedule',
  'memory-used',
] as const;

/** One of them. */
export type MeasurementName = (typeof measurementNames)[number];

/** What the user asked for. */
export interface Options {
  /** `plan` makes no call at all; `clean` removes what an earlier run left. */
  readonly mode: 'plan' | 'measure' | 'clean';
  readonly account: string;
  readonly zone: { readonly id: string; readonly name: string };
  readonly regions: readonly string[];
  readonly only: readonly MeasurementName[];
  /** Switchovers that are timed. */
  readonly moves: number;
  /** How long the schedule is watched. */
  readonly scheduleMinutes: number;
  /** Unique start of every name; of an earlier run with `clean`. */
  readonly name: string;
}

/** Every name that this script makes starts so; nothing else is ever deleted. */
export const namePrefix = 'fo-real-';

/** How it is called. */
export const usage = `npx tsx scripts/real-account.ts --yes --account ID --zone-id ID --zone NAME [options]
  --plan                  say what would be done, and do nothing
  --clean NAME            only remove what the run of this name left
  --regions A,B,C         three regions; default us-east-1,us-west-2,us-east-2
  --only A,B              some of: ${measurementNames.join(', ')}
  --moves N               switchovers that are timed; default 5
  --schedule-minutes N    how long the schedule is watched; default 60`;

const regionsDefault = 'us-east-1,us-west-2,us-east-2';
const movesDefault = '5';
const scheduleMinutesDefault = '60';

/**
 * Reads the command line.
 *
 * @param mark - eight characters that no other run has
 * @throws {Error} with one line that says what is missing
 */
export function readOptions(words: readonly string[], mark: string): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      yes: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
      clean: { type: 'string' },
      account: { type: 'string', default: '' },
      'zone-id': { type: 'string', default: '' },
      zone: { type: 'string', default: '' },
      regions: { type: 'string', default: regionsDefault },
      only: { type: 'string', default: measurementNames.join(',') },
      moves: { type: 'string', default: movesDefault },
      'schedule-minutes': { type: 'string', default: scheduleMinutesDefault },
    },
  });
  if (!values.plan && !values.yes) throw new Error('this makes things in an AWS account that cost money: say --yes');
  if (!/^\d{12}$/.test(values.account)) throw new Error('name the account: --account and its twelve digits');
  if (!/^Z[A-Z0-9]{1,31}$/.test(values['zone-id']) || !/^[a-z0-9.-]+\.[a-z]+$/.test(values.zone)) {
    throw new Error('name a public hosted zone: --zone-id Z0123456789 --zone test.example.com');
  }
  const name = values.clean ?? `${namePrefix}${mark}`;
  if (!new RegExp(`^${namePrefix}[a-z0-9]{8}$`).test(name))
    throw new Error(`--clean takes a name such as ${namePrefix}0a1b2c3d`);
  return {
    mode: values.plan ? 'plan' : values.clean === undefined ? 'measure' : 'clean',
    account: values.account,
    zone: { id: values['zone-id'], name: values.zone },
    regions: readRegions(values.regions),
    only: readNames(values.only),
    moves: readCount('--moves', values.moves, 100),
    scheduleMinutes: readCount('--schedule-minutes', values['schedule-minutes'], 24 * 60),
    name,
  };
}

function readRegions(text: string): readonly string[] {
  const regions = text.split(',');
  const isSound = regions.length === 3 && regions.every((region) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
  if (!isSound || new Set(regions).size !== 3)
    throw new Error(`--regions takes three regions, such as ${regionsDefault}`);
  return regions;
}

function readNames(text: string): readonly MeasurementName[] {
  const names = text.split(',');
  const unknown = names.find((name) => !measurementNames.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only: no "${unknown}"; there are: ${measurementNames.join(', ')}`);
  return measurementNames.filter((name) => names.includes(name));
}

function readCount(flag: string, text: string, max: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > max) throw new Error(`${flag} takes 1 to ${max}`);
  return count;
}
