/** An instant as its time of day in UTC, to a tenth of a second: `12:03:04.1`. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 21);
}

/** A duration in the unit in which it reads best. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

/** How long something has lasted. The page's script counts it on; without the script the instant stands there. */
export function sinceHtml(sinceMs: number): string {
  return `<span data-since="${Math.round(sinceMs)}">since ${timeOfDay(sinceMs)} UTC</span>`;
}
