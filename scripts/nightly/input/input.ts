import { plural } from '../../../src/cli/show/layout.ts';
import { seededRandom } from '../../../src/sim/random.ts';
import type { PartReport } from '../report.ts';
import { mutated } from './mutations.ts';
import type { Reader } from './readers.ts';

/** Longest that reading one text may take, in milliseconds; the largest sound file takes a hundredth of it. */
export const readMsMax = 2_000;
/** Start of a message or text that is shown. */
const shownLengthMax = 300;

/** What came of the texts of one reader. */
interface Tally {
  accepted: number;
  refused: number;
  wrong: number;
}

/**
 * Gives spoiled texts to readers. Each must be accepted, or be refused by an error of our own that says where, in time.
 *
 * @param count - texts for each reader
 * @param nowMs - reads a monotonic clock
 */
export function tryInput(readers: readonly Reader[], count: number, seed: number, nowMs: () => number): PartReport {
  const findings: string[] = [];
  const rows = readers.map((reader) => {
    const tally: Tally = { accepted: 0, refused: 0, wrong: 0 };
    for (let index = 0; index < count; index += 1) {
      const random = seededRandom(seed + index, reader.name);
      const sample = reader.samples[Math.floor(random() * reader.samples.length)] ?? '';
      const { text, by } = mutated(sample, random);
      const why = whyWrong(reader, text, tally, nowMs);
      if (why === null) continue;
      tally.wrong += 1;
      const shown = JSON.stringify(text.slice(0, shownLengthMax));
      findings.push(`${reader.name} ${seed + index} (${by.join(', ')}): ${why}; the text begins ${shown}`);
    }
    return [reader.name, tally.accepted, tally.refused, tally.wrong].map(String);
  });
  const all = count * readers.length;
  return {
    summary: `${all - findings.length} of ${plural(all, 'spoiled text')} were read or refused as they should, from seed ${seed}`,
    table: [['reader', 'accepted', 'refused', 'wrong'], ...rows],
    findings,
  };
}

/** Null when the reader did as it should, which the tally then holds. */
function whyWrong(reader: Reader, text: string, tally: Tally, nowMs: () => number): string | null {
  const beganMs = nowMs();
  let answer: string | null;
  try {
    answer = reader.read(text);
  } catch (error) {
    const place = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
    return `${String(error).slice(0, shownLengthMax)} ${place}`;
  }
  const tookMs = Math.round(nowMs() - beganMs);
  if (tookMs > readMsMax) return `took ${tookMs} ms`;
  if (answer !== null && !reader.namesPlace(answer)) {
    return `the refusal names no place: ${JSON.stringify(answer.slice(0, shownLengthMax))}`;
  }
  if (answer === null) tally.accepted += 1;
  else tally.refused += 1;
  return null;
}
