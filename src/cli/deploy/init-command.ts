import { existsSync, writeFileSync } from 'node:fs';
import { lintDeployment } from '../../config/lint/lint.ts';
import { parseDeployment } from '../../config/loader.ts';
import { canonicalName } from '../../config/schema/dns-name.ts';
import { type StarterSite, starterText } from '../../config/starter.ts';
import { FailoverError } from '../../core/errors.ts';
import type { InitFlags } from '../program.ts';
import { showLint } from '../show/lint.ts';
import { printJson, type Terminal } from '../terminal.ts';

/** How often one question is asked before the command gives up. */
const triesMax = 3;

/** What one question brings: what was meant, or what to write instead. */
type Reply<T> = { readonly value: T } | { readonly instead: string };

/**
 * Writes a first configuration from flags or from six questions: one service of two sites or more, active-passive, by
 * DNS. What it writes has been read as `validate` reads it.
 *
 * @returns the exit code: 0, or 1 when the lint finds something to mend
 * @throws {FailoverError} USAGE when something is missing and nobody can be asked, or the file is there already; CONFIG
 *   when the answers make no deployment
 */
export async function init(file: string, flags: InitFlags, terminal: Terminal): Promise<number> {
  if (existsSync(file)) throw new FailoverError('USAGE', `${file} is there already; give another name, or remove it`);
  const ask = <T>(given: string | undefined, question: string, flag: string, read: (text: string) => Reply<T>) =>
    answer(terminal, given, question, flag, read);

  const name = await ask(flags.name, 'Name of the deployment, such as shop: ', '--name shop', readWord);
  const places = await ask(
    flags.site?.join(' '),
    'Sites, the preferred one first, such as virginia=us-east-1 oregon=us-west-2: ',
    '--site virginia=us-east-1 --site oregon=us-west-2',
    readPairs,
  );
  const record = await ask(
    flags.record,
    'Name that clients use, such as www.shop.example: ',
    '--record NAME',
    readName,
  );
  const zoneId = await ask(flags.zone, 'Id of its hosted zone in Route 53: ', '--zone Z0123456789ABCDEFGHIJ', readWord);
  const siteNames = places.map(([site]) => site);
  const example = siteNames.map((site, index) => `${site}=203.0.113.${index + 1}`).join(' ');
  const addresses = await ask(
    flags.address?.join(' '),
    `What the name answers for each site, an address or a name, such as ${example}: `,
    siteNames.map((site) => `--address ${site}=ADDRESS`).join(' '),
    (text) => readAddresses(text, siteNames),
  );
  const email = await ask(flags.email, 'E-mail address for messages: ', '--email oncall@shop.example', readWord);

  const zone = { id: zoneId, name: flags.zoneName ?? parentOf(record) };
  const sites = places.map(([site, region]): StarterSite => ({ name: site, region, address: addresses[site] ?? '' }));
  const text = starterText({ name, sites, record, zone, path: flags.path, email });
  const deployment = parseDeployment(text, file);
  const lint = lintDeployment(deployment);
  writeFileSync(file, text, { flag: 'wx' });
  if (flags.json) {
    printJson(terminal, { file, name, sites: siteNames, controlRegions: deployment.controlRegions, lint });
    return lint.length > 0 ? 1 : 0;
  }
  terminal.out(`${file} is written: ${name}, ${siteNames.join(', then ')}.\n`);
  if (lint.length > 0) terminal.out(`${showLint(lint)}\n`);
  terminal.out(`Next: cdk-failover validate ${file}\n      cdk-failover cost ${file}\n      cdk-failover drill\n`);
  return lint.length > 0 ? 1 : 0;
}

/** One answer: from its flag, else from the person, who is asked again when it cannot be read. */
async function answer<T>(
  terminal: Terminal,
  given: string | undefined,
  question: string,
  flag: string,
  read: (text: string) => Reply<T>,
): Promise<T> {
  if (given === undefined && terminal.ask === undefined) {
    throw new FailoverError('USAGE', `nobody can be asked here; write ${flag}`);
  }
  for (let tries = 1; ; tries += 1) {
    const reply = read((given ?? (await terminal.ask?.(question)) ?? '').trim());
    if ('value' in reply) return reply.value;
    if (given !== undefined || tries === triesMax) throw new FailoverError('USAGE', `${flag}: write ${reply.instead}`);
    terminal.err(`Write ${reply.instead}.\n`);
  }
}

function readWord(text: string): Reply<string> {
  return /^\S+$/.test(text) ? { value: text } : { instead: 'one word' };
}

function readName(text: string): Reply<string> {
  const name = canonicalName(text);
  return name.includes('.') ? { value: name } : { instead: 'the whole name, such as www.shop.example' };
}

function readPairs(text: string): Reply<readonly (readonly [string, string])[]> {
  const pairs = text.split(/[\s,]+/).map((pair) => pair.split('=') as [string, string]);
  const isWhole = pairs.every((pair) => pair.length === 2 && pair.every((part) => part !== ''));
  const isDistinct = new Set(pairs.map(([site]) => site)).size === pairs.length;
  return isWhole && isDistinct && pairs.length > 1
    ? { value: pairs }
    : { instead: 'two sites or more, each as NAME=REGION, such as virginia=us-east-1 oregon=us-west-2' };
}

function readAddresses(text: string, sites: readonly string[]): Reply<Readonly<Record<string, string>>> {
  const pairs = text.split(/[\s,]+/).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const found = new Map(pairs);
  const isAll = pairs.length === sites.length && sites.every((site) => (found.get(site) ?? '') !== '');
  return isAll
    ? { value: Object.fromEntries(pairs) }
    : { instead: `one for each site: ${sites.map((site) => `${site}=ADDRESS`).join(' ')}` };
}

/** The zone that a name is usually in: the name without its first label, or a name of two labels itself. */
function parentOf(record: string): string {
  const labels = record.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : record;
}
