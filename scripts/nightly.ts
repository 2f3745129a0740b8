/**
 * What takes a night: `npm run nightly`. For a look in two to three minutes:
 * `npm run nightly -- --seeds 20 --soak 1m --quick`.
 *
 * Exits with 1 when a part found something, with 2 when it was called wrongly.
 */
import { type Options, readOptions, usage } from './nightly/options.ts';
import { partsOf } from './nightly/parts.ts';
import { isPassed, lineOf, type NamedReport, type PartReport, showReports } from './nightly/report.ts';

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

/** A part that cannot be carried out has not passed. */
async function reportOf(work: () => Promise<PartReport>): Promise<PartReport> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { summary: 'could not be carried out', table: [], findings: [why] };
  }
}

// What a part has started ends with this process, however that ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const options = optionsOrExit();
const parts = partsOf(options);
const reports: NamedReport[] = [];
for (const part of options.parts) {
  const beganMs = performance.now();
  const report = await reportOf(parts[part]);
  const named = { part, tookMs: Math.round(performance.now() - beganMs), ...report };
  reports.push(named);
  if (!options.isJson) console.log(lineOf(named));
}
if (options.isJson) console.log(JSON.stringify({ isPassed: isPassed(reports), reports }, null, 2));
else console.log(`\n${showReports(reports)}`);
process.exitCode = isPassed(reports) ? 0 : 1;
