import type { PartReport } from '../report.ts';
import type { Strike } from './plan.ts';

/** What `status --json` said of a service at an instant; null where it could not say. */
export interface StatusSample {
  readonly atMs: number;
  readonly level: string;
  readonly epoch: number | null;
  readonly active: string | null;
  readonly serving: readonly string[];
}

interface PrintedStatus {
  readonly services?: Readonly<
    Record<
      string,
      {
        readonly protection: { readonly level: string };
        readonly epoch: number | null;
        readonly active: string | null;
        readonly serving: readonly string[];
      }
    >
  >;
}

/** @returns null when what was printed says nothing of the service */
export function readSample(printed: string, service: string, atMs: number): StatusSample | null {
  try {
    const found = (JSON.parse(printed) as PrintedStatus).services?.[service];
    if (found === undefined) return null;
    const { protection, epoch, active, serving } = found;
    return { atMs, level: protection.level, epoch, active, serving };
  } catch {
    return null;
  }
}

/** What must never be seen: two sites that serve, an epoch with two active sites, an epoch after a later one. */
export function breachesOf(samples: readonly StatusSample[]): readonly string[] {
  const activeOf = new Map<number, string>();
  let newest = 0;
  return samples.flatMap(({ atMs, epoch, active, serving }) => {
    const at = `after ${Math.round(atMs / 1_000)} s`;
    const breaches: string[] = [];
    if (serving.length > 1) breaches.push(`${at} ${serving.join(' and ')} served at once`);
    if (epoch === null || active === null) return breaches;
    const before = activeOf.get(epoch);
    if (before !== undefined && before !== active) {
      breaches.push(`${at} ${active} was active in epoch ${epoch}, in which ${before} had been`);
    }
    if (epoch < newest) breaches.push(`${at} epoch ${epoch} was seen after ${newest}`);
    activeOf.set(epoch, active);
    newest = Math.max(newest, epoch);
    return breaches;
  });
}

/** Judges a soak by what `status` said, the last sample included. */
export function judgeSoak(
  strikes: readonly Strike[],
  samples: readonly StatusSample[],
  unread: number,
  seed: number,
): PartReport {
  const roles = [...new Set(strikes.map(({ role }) => role))].sort();
  const count = (role: string, blow: string) =>
    String(strikes.filter((strike) => strike.role === role && strike.blow === blow).length);
  const last = samples.at(-1);
  const epochs = new Set(samples.map(({ epoch }) => epoch)).size;
  const protectedCount = samples.filter(({ level }) => level === 'protected').length;
  return {
    summary: `${strikes.length} blows of seed ${seed}, ${epochs} epochs seen; status said protected in ${protectedCount} of ${samples.length} samples${unread === 0 ? '' : `, and nothing in ${unread} more`}; at the end ${last?.level ?? 'nothing'}`,
    table: [
      ['processes', 'killed', 'frozen'],
      ...roles.map((role) => [role, count(role, 'kill'), count(role, 'freeze')]),
    ],
    findings: [
      ...breachesOf(samples),
      ...(strikes.length === 0 ? ['no blow fell: the time is too short'] : []),
      ...(last?.level === 'protected' ? [] : [`at the end status says ${last?.level ?? 'nothing'}, not protected`]),
    ],
  };
}
