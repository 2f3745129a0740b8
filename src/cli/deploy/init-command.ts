import { existsSync, writeFileSync } from 'node:fs';
import type { SeenSite } from '../../config/existing-records.ts';
import { lintDeployment } from '../../config/lint/lint.ts';
import { parseDeployment } from '../../config/loader.ts';
import { type StarterAnswers, type StarterSite, starterText } from '../../config/starter.ts';
import { FailoverError } from '../../core/errors.ts';
import type { InitFlags } from '../program.ts';
import { existingAdvice, showRecords } from '../show/existing-records.ts';
import { wrap } from '../show/layout.ts';
import { showLint } from '../show/lint.ts';
import { printJson, type Terminal } from '../terminal.ts';
import type { RecordsSeen } from './existing-records.ts';
import {
  answer,
  readAddresses,
  readName,
  readSites,
  readWord,
  readZone,
  refuseMissing,
  type SiteAddresses,
} from './init-answers.ts';

/** Reads what Route 53 has of a name. */
export type ReadRecords = (name: string, zoneId: string | undefined) => Promise<RecordsSeen>;

/** By the AWS SDK, which is loaded only where somebody wants to know. */
const readOnAws: ReadRecords = async (name, zoneId) =>
  (await import('./existing-records.ts')).readExistingRecords(name, zoneId);

/**
 * Writes a first configuration from flags or from six questions: one service of two sites or more, by DNS. What it
 * writes has been read as `validate` reads it.
 *
 * On a terminal, or with `--records`, it first reads the records that the name has, and proposes what they say. Nothing
 * is written to AWS.
 *
 * @returns the exit code: 0, or 1 when the lint finds something to mend
 * @throws {FailoverError} USAGE when something is missing and nobody can be asked, or the file is there already; CONFIG
 *   when the answers make no deployment
 */
export async function init(
  file: string,
  flags: InitFlags,
  terminal: Terminal,
  readRecords: ReadRecords = readOnAws,
): Promise<number> {
  if (existsSync(file)) throw new FailoverError('USAGE', `${file} is there already; give another name, or remove it`);
  const { answers, seen } = await collect(flags, terminal, readRecords);
  const text = starterText(answers);
  const deployment = parseDeployment(text, file);
  const lint = lintDeployment(deployment);
  writeNew(file, text);
  const { name, record } = answers;
  const sites = answers.sites.map((site) => site.name);
  const advice = seen?.kind === 'seen' ? existingAdvice({ name: record, ...seen }) : [];
  if (flags.json) {
    const records = seen?.kind === 'seen' ? { zone: seen.zone, found: seen.records, advice } : null;
    const recordsUnread = seen?.kind === 'unseen' ? seen.why : null;
    printJson(terminal, { file, name, sites, controlRegions: deployment.controlRegions, records, recordsUnread, lint });
    return lint.length > 0 ? 1 : 0;
  }
  terminal.out(`${file} is written: ${name}, ${sites.join(', then ')}.\n`);
  if (lint.length > 0) terminal.out(`${showLint(lint)}\n`);
  for (const line of advice) terminal.out(`${wrap(line, terminal.page.width, '')}\n`);
  terminal.out(`Next: cdk-failover validate ${file}\n      cdk-failover cost ${file}\n      cdk-failover drill\n`);
  return lint.length > 0 ? 1 : 0;
}

/** @throws {FailoverError} USAGE when it cannot be written */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const why = code === 'ENOENT' ? 'there is no such folder; make it first' : `it cannot be written (${code})`;
    throw new FailoverError('USAGE', `${file}: ${why}`, { cause: error });
  }
}

/** All answers, each from its flag, from a person, or from the records that exist. */
async function collect(
  flags: InitFlags,
  terminal: Terminal,
  readRecords: ReadRecords,
): Promise<{ answers: StarterAnswers; seen: RecordsSeen | null }> {
  refuseMissing(flags, terminal);
  const name = await answer(terminal, {
    given: flags.name,
    text: 'Name of the deployment, such as shop',
    flag: '--name shop',
    read: readWord,
  });
  const record = await answer(terminal, {
    given: flags.record,
    text: 'Name that clients use, such as www.shop.example',
    flag: '--record NAME',
    read: readName,
  });
  const seen = await lookAt(record, flags, terminal, readRecords);
  const found = seen?.kind === 'seen' ? seen : null;
  const zoneId = await answer(terminal, {
    given: flags.zone,
    text: 'Id of its hosted zone in Route 53',
    flag: '--zone Z0123456789ABCDEFGHIJ',
    read: readZone,
    proposed: found?.zone.id,
  });
  const sites = await askSites(flags, terminal, found?.proposal.sites ?? []);
  const email = await answer(terminal, {
    given: flags.email,
    text: 'E-mail address for messages',
    flag: '--email oncall@shop.example',
    read: readWord,
  });
  const zoneName = flags.zoneName ?? (found?.zone.id === zoneId ? found.zone.name : parentOf(record));
  const answers = {
    name,
    sites,
    record,
    zone: { id: zoneId, name: zoneName },
    path: flags.path,
    email,
    policy: flags.policy ?? found?.proposal.policy ?? 'failover',
    ttlSeconds: flags.ttlSeconds ?? found?.proposal.ttlSeconds ?? null,
  };
  return { answers, seen };
}

/** What Route 53 has of the name, and says so; null where nobody is to ask. */
async function lookAt(
  record: string,
  flags: InitFlags,
  terminal: Terminal,
  readRecords: ReadRecords,
): Promise<RecordsSeen | null> {
  if (!(flags.records ?? terminal.ask !== undefined)) return null;
  const zone = flags.zone === undefined ? null : readZone(flags.zone);
  const seen = await readRecords(record, zone !== null && 'value' in zone ? zone.value : flags.zone);
  terminal.signal.throwIfAborted();
  const said =
    seen.kind === 'seen'
      ? showRecords({ name: record, ...seen }, terminal.page)
      : wrap(`No existing records were read: ${seen.why}.`, terminal.page.width, '');
  terminal.err(`${said}\n`);
  return seen;
}

/** The sites with what the name answers for them. */
async function askSites(
  flags: InitFlags,
  terminal: Terminal,
  seen: readonly SeenSite[],
): Promise<readonly StarterSite[]> {
  const isWhole = seen.length > 1 && seen.every(({ region }) => region !== null);
  const pairs = await answer(terminal, {
    given: flags.site?.join(' '),
    text: 'Sites, the preferred one first, such as virginia=us-east-1 oregon=us-west-2',
    flag: '--site virginia=us-east-1 --site oregon=us-west-2',
    read: readSites,
    proposed: isWhole ? seen.map(({ name, region }) => `${name}=${region}`).join(' ') : undefined,
  });
  const placed = pairs.map(([name, region], index) => ({
    name,
    region,
    known: siteAt(name, region, index, seen, pairs),
  }));
  const names = placed.map(({ name }) => name);
  const known: SiteAddresses = Object.fromEntries(placed.map(({ name, known: site }) => [name, site?.addresses ?? []]));
  const proposed = names.flatMap((site) => (known[site] ?? []).map((address) => `${site}=${address}`)).join(' ');
  const example = names.map((site, index) => `${site}=203.0.113.${index + 1}`).join(' ');
  const addresses = await answer(terminal, {
    given: flags.address?.join(' '),
    text: `What the name answers for each site, an address or a name, such as ${example}`,
    flag: names.map((site) => `--address ${site}=ADDRESS`).join(' '),
    read: (text) => readAddresses(text, names, known),
    proposed: proposed === '' ? undefined : proposed,
  });
  return placed.map(({ name, region, known: site }) => {
    const own = addresses[name] ?? [];
    const ipv6 = site?.ipv6 === true && site.addresses.join() === own.join();
    return { name, region, addresses: own, ipv6, capacity: site?.weight ?? undefined };
  });
}

/** Which of the sites that were seen is meant: by name, else by region, else by place where there are as many. */
function siteAt(
  name: string,
  region: string,
  index: number,
  seen: readonly SeenSite[],
  pairs: readonly (readonly [string, string])[],
): SeenSite | undefined {
  const byName = seen.find((site) => site.name === name);
  if (byName !== undefined) return byName;
  const inRegion = seen.filter((site) => site.region === region);
  if (inRegion.length === 1 && pairs.filter(([, other]) => other === region).length === 1) return inRegion[0];
  const byPlace = seen.length === pairs.length ? seen[index] : undefined;
  return byPlace?.region === null ? byPlace : undefined;
}

/** The zone that a name is usually in: the name without its first label, or a name of two labels itself. */
function parentOf(record: string): string {
  const labels = record.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : record;
}
