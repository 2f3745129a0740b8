import { canonicalName, zoneIdField } from '../../config/schema/dns-name.ts';
import { FailoverError } from '../../core/errors.ts';
import type { InitFlags } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/** How often one question is asked before the command gives up. */
const triesMax = 3;

/** What one answer brings: what was meant, or what to write instead. */
export type Reply<T> = { readonly value: T } | { readonly instead: string };

/** One thing to learn: from its flag, else from a person, else from what is proposed. */
export interface Question<T> {
  /** What the flag says. */
  readonly given: string | undefined;
  /** What is asked on a terminal. */
  readonly text: string;
  /** The flag as it is to be written. */
  readonly flag: string;
  readonly read: (text: string) => Reply<T>;
  /** What an empty answer, or none at all, stands for. */
  readonly proposed?: string | undefined;
}

/**
 * One answer. A person is asked again when it cannot be read.
 *
 * @throws {FailoverError} USAGE when it is missing and nobody can be asked, and when it cannot be read
 */
export async function answer<T>(terminal: Terminal, { given, text, flag, read, proposed }: Question<T>): Promise<T> {
  if (given === undefined && terminal.ask === undefined && proposed === undefined) {
    throw new FailoverError('USAGE', `nobody can be asked here; write ${flag}`);
  }
  const question = proposed === undefined ? `${text}: ` : `${text} [${proposed}]: `;
  for (let tries = 1; ; tries += 1) {
    const written = (given ?? (await terminal.ask?.(question)) ?? '').trim();
    const reply = read(written === '' ? (proposed ?? '') : written);
    if ('value' in reply) return reply.value;
    const isFinal = given !== undefined || terminal.ask === undefined || tries === triesMax;
    if (isFinal) throw new FailoverError('USAGE', `${flag.split(' ')[0]}: write ${reply.instead}`);
    terminal.err(`Write ${reply.instead}.\n`);
  }
}

/** What each question takes for a flag, as it is to be written; the two of a site need one for each. */
const examples = {
  name: '--name shop',
  record: '--record www.shop.example',
  zone: '--zone Z0123456789ABCDEFGHIJ',
  site: '--site virginia=us-east-1 --site oregon=us-west-2',
  address: '--address virginia=203.0.113.10 --address oregon=198.51.100.20',
  email: '--email oncall@shop.example',
} as const;

/** What records that exist may answer. */
const seenInRecords: readonly string[] = ['zone', 'site', 'address'];

/**
 * Refuses to begin where answers are missing that nobody can give: all of them in one line.
 *
 * @throws {FailoverError} USAGE with the flags to write
 */
export function refuseMissing(flags: InitFlags, terminal: Terminal): void {
  if (terminal.ask !== undefined) return;
  const missing = Object.entries(examples).filter(
    ([name]) => flags[name as keyof typeof examples] === undefined && !(flags.records && seenInRecords.includes(name)),
  );
  if (missing.length === 0) return;
  throw new FailoverError('USAGE', `nobody can be asked here; write ${missing.map(([, flag]) => flag).join(' ')}`);
}

/** One word. */
export function readWord(text: string): Reply<string> {
  return /^\S+$/.test(text) ? { value: text } : { instead: 'one word' };
}

/** A DNS name in full. */
export function readName(text: string): Reply<string> {
  const name = canonicalName(text);
  return name.includes('.') ? { value: name } : { instead: 'the whole name, such as www.shop.example' };
}

/** Id of a hosted zone, in any of its spellings. */
export function readZone(text: string): Reply<string> {
  const { success, data } = zoneIdField.safeParse(text);
  return success ? { value: data } : { instead: 'the id of a hosted zone, such as Z0123456789ABCDEFGHIJ' };
}

/** Sites with their regions, in order. */
export function readSites(text: string): Reply<readonly (readonly [site: string, region: string])[]> {
  const pairs = text.split(/[\s,]+/).map((pair) => pair.split('=') as [string, string]);
  const isWhole = pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ''));
  const isDistinct = new Set(pairs.map(([site]) => site)).size === pairs.length;
  return isWhole && isDistinct && pairs.length > 1
    ? { value: pairs }
    : { instead: 'two sites or more, each as NAME=REGION, such as virginia=us-east-1 oregon=us-west-2' };
}

/** What the name answers for each site, one or several for each. */
export type SiteAddresses = Readonly<Record<string, readonly string[]>>;

/**
 * What the name answers for each site. A site may be written several times, once for each address.
 *
 * @param seen - what stands for a site that is not written
 */
export function readAddresses(text: string, sites: readonly string[], seen: SiteAddresses): Reply<SiteAddresses> {
  const written = new Map<string, readonly string[]>();
  for (const pair of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const at = pair.indexOf('=');
    const site = pair.slice(0, at);
    written.set(site, [...(written.get(site) ?? []), pair.slice(at + 1)]);
  }
  const all = sites.map((site) => [site, written.get(site) ?? seen[site] ?? []] as const);
  const isKnown = [...written.keys()].every((site) => sites.includes(site));
  const isAll = all.every(([, addresses]) => addresses.length > 0 && !addresses.includes(''));
  return isKnown && isAll
    ? { value: Object.fromEntries(all) }
    : { instead: `one for each site: ${sites.map((site) => `${site}=ADDRESS`).join(' ')}` };
}
