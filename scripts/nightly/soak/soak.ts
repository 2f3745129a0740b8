import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../../../src/cli/lab/lab.ts';
import { writeLabFile } from '../../../src/cli/lab/lab-file.ts';
import { SteadyCheck } from '../../../src/cli/lab/steadiness.ts';
import { labTiming } from '../../../src/cli/lab/timing-profile.ts';
import type { PartReport } from '../report.ts';
import { planStrikes, type Strike, type Victim } from './plan.ts';
import { judgeSoak, readSample, type StatusSample } from './samples.ts';

/** Pause between two looks at the status. */
const lookPauseMs = 2_000;
/** Longest that the lab may take until all is at rest, and to be protected again at the end. */
const restMsMax = 60_000;
const service = 'web';

/** Runs a verb of the built program and answers what it printed. */
export type Cli = (words: readonly string[]) => Promise<string>;

/**
 * Runs a lab on this machine and ends or stops its processes one after another, each of which comes back, while
 * `status` is looked at. A person acknowledges each failover, as the runbook says. Every process has ended afterwards.
 */
export async function trySoak(durationMs: number, seed: number, cli: Cli): Promise<PartReport> {
  const steady = new SteadyCheck();
  const lab = await Lab.start({ deployment: null, onEvent: (event) => steady.hear(event) });
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const endAll = () => {
    for (const member of membersOf(lab)) member.kill();
  };
  process.once('exit', endAll);
  try {
    await steady.wait(lab, AbortSignal.timeout(restMsMax));
    const file = join(folder, 'lab.json');
    await writeLabFile(file, labFileOf(lab));
    const strikes = planStrikes(seed, durationMs, victimsOf(lab));
    const beganMs = performance.now();
    const passedMs = () => performance.now() - beganMs;
    const watch = { samples: [] as StatusSample[], unread: 0 };
    const look = async () => {
      const sample = readSample(await cli(['status', '--json', '--lab', file]), service, passedMs());
      if (sample === null) watch.unread += 1;
      else watch.samples.push(sample);
      return sample;
    };
    const striking = strikeAll(lab, strikes, passedMs);
    while (passedMs() < durationMs) {
      const [before] = watch.samples.slice(-1);
      const now = await look();
      if (now?.epoch !== before?.epoch) await cli(['ack', service, '--lab', file]);
      await sleep(lookPauseMs);
    }
    await striking;
    while (passedMs() < durationMs + restMsMax && (await look())?.level !== 'protected') await sleep(lookPauseMs);
    return judgeSoak(strikes, watch.samples, watch.unread, seed);
  } finally {
    process.off('exit', endAll);
    rmSync(folder, { recursive: true, force: true });
    await lab.stop();
  }
}

function membersOf({ members }: Lab) {
  const { tables, watchers, oracles, sites, link, dns } = members;
  return [...tables.values(), ...watchers.values(), ...oracles.values(), ...sites.values(), link, dns];
}

function victimsOf({ members }: Lab): readonly Victim[] {
  const roles = ['watchers', 'oracles', 'sites', 'tables'] as const;
  return roles.flatMap((role) => [...members[role].keys()].map((place) => ({ role, place })));
}

async function strikeAll(lab: Lab, strikes: readonly Strike[], passedMs: () => number): Promise<void> {
  for (const { role, place, blow, atMs, backMs } of strikes) {
    await sleep(Math.max(0, atMs - passedMs()));
    const member = lab.members[role].get(place);
    if (blow === 'kill') member?.kill();
    else member?.freeze();
    await sleep(Math.max(0, backMs - passedMs()));
    if (blow === 'kill') await lab.restart(role, place);
    else member?.thaw();
  }
}

function labFileOf({ deployment, tables, oracles, nameServer }: Lab): Parameters<typeof writeLabFile>[1] {
  const { checkIntervalMs } = labTiming;
  return { pid: process.pid, startedAtMs: Date.now(), deployment, tables, oracles, dns: nameServer, checkIntervalMs };
}
