import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { drillPage } from '../../dashboard/drill-page.ts';
import type { DrillResult } from '../../dashboard/drill-result.ts';
import { makeFolder, unwritable } from '../lab/out-folder.ts';
import { readUserDeployment } from '../lab/user-deployment.ts';
import type { DrillFlags } from '../program.ts';
import { showLedger, showRest } from '../show/drill.ts';
import { showCrew } from '../show/lab.ts';
import { duration } from '../show/layout.ts';
import { showEvent } from '../show/timeline.ts';
import { withProgress } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { askEveryMs } from './client.ts';
import { type DrillFindings, runDrill } from './drill.ts';
import { refuseService, repeatLine, strikeOf } from './drill-flags.ts';
import type { DrillObserver } from './drill-record.ts';
import { quantile } from './quantile.ts';
import type { Strike } from './strike.ts';

/**
 * Carries out a drill, explains it, and writes `drill.html` and `drill.json`.
 *
 * @returns 0 when what was expected came true within the bound, 1 when not
 * @throws {FailoverError} when the drill cannot be done
 */
export async function drill(flags: DrillFlags, terminal: Terminal): Promise<number> {
  const say = flags.json ? () => {} : (line: string) => terminal.out(`${line}\n`);
  // A person has to read it, whoever reads the result.
  const tell = (line: string) => (flags.json ? terminal.err : terminal.out)(`${line}\n`);
  strikeOf(flags, { tell });
  const deployment = await readUserDeployment(flags.config);
  refuseService(deployment, flags.service);
  await makeFolder(flags.out);
  const count = flags.runs ?? 1;

  const results: DrillResult[] = [];
  for (let run = 1; run <= count; run += 1) {
    if (count > 1) say(`\n--- Drill ${run} of ${count} ---`);
    const findings = await executeRun(deployment, flags, strikeOf(flags, { tell }), terminal, say);
    const result: DrillResult = { ...findings, repeat: repeatLine(flags) };
    results.push(result);
    const files = await writeResult(flags.out, result);
    say(`\n${showLedger(result, terminal.page)}\n\nPicture: ${files.html}   Data: ${files.json}`);
  }
  const series = seriesOf(results);
  if (flags.json) printJson(terminal, count > 1 ? { ...results.at(-1), series } : results[0]);
  if (count > 1) say(`\n${describeSeries(series)}`);
  return results.every(isWell) ? 0 : 1;
}

/** A site that was not started again is left for a person to see. */
function isWell({ isAsExpected, mending }: DrillResult): boolean {
  return isAsExpected && (mending === null || mending.fault === null);
}

/** Recovery times of several drills, in milliseconds; a drill that never recovered counts as infinite. */
interface Series {
  readonly recoveryMs: readonly (number | null)[];
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

function seriesOf(results: readonly DrillResult[]): Series {
  const recoveryMs = results.map((result) => result.recoveryMs);
  const times = recoveryMs.map((ms) => ms ?? Number.POSITIVE_INFINITY);
  return { recoveryMs, medianMs: finite(quantile(times, 0.5)), p90Ms: finite(quantile(times, 0.9)) };
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

function describeSeries({ recoveryMs, medianMs, p90Ms }: Series): string {
  const word = (ms: number | null) => (ms === null ? 'never' : duration(ms));
  return `${recoveryMs.length} drills: median ${word(medianMs)}, nine in ten within ${word(p90Ms)}; ${recoveryMs.map(word).join(', ')}`;
}

function executeRun(
  deployment: Deployment | null,
  flags: DrillFlags,
  strike: Strike,
  terminal: Terminal,
  say: (line: string) => void,
): Promise<DrillFindings> {
  let doing = 'starting';
  const observer: DrillObserver = {
    onRest: (service, answers) => say(showRest(service, answers)),
    onStart: (lab) => {
      doing = 'waiting until the watchers know each other';
      say(`${showCrew(lab)}\nThe watchers get to know each other ...`);
    },
    onSteady: (lab, service, startMs) => {
      doing = `drilling ${service}`;
      const dns = lab.deployment.services[service]?.traffic.dns;
      say(`All at rest after ${duration(startMs)}. A client fetches ${dns?.record} every ${askEveryMs} ms.\n`);
    },
    onEvent: (event) => {
      const line = showEvent(event, event.atMs);
      if (line !== null) say(line);
    },
  };
  const service = flags.service === undefined ? {} : { service: flags.service };
  const work = runDrill({ deployment, ...service, strike, signal: terminal.signal, observer });
  return flags.json ? withProgress(terminal, systemClock, work, (passedMs) => `${doing}, ${duration(passedMs)}`) : work;
}

async function writeResult(folder: string, result: DrillResult): Promise<{ html: string; json: string }> {
  const files = { html: join(folder, 'drill.html'), json: join(folder, 'drill.json') };
  try {
    await writeFile(files.json, `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(files.html, drillPage(result));
  } catch (error) {
    throw unwritable(folder, error);
  }
  return files;
}
