import { drillStyle } from './drill-style.ts';
import { escapeHtml } from './html.ts';

/** One setting as the page shows it. */
export interface TunePoint {
  readonly setting: Readonly<Record<string, number>>;
  readonly killMs: number;
  readonly hangMs: number;
  readonly falseMovesIn100Days: number;
  readonly listUsd: number;
}

/** What the page is about. */
export interface TuneResult {
  readonly deployment: string;
  readonly service: string;
  readonly days: number;
  /** The present setting, the one to compare with, and the best, by name; null for one that there is not. */
  readonly named: Readonly<Record<string, TunePoint | null>>;
  readonly trials: readonly TunePoint[];
}

/** Sizes of the picture in user units; the style shows one of them. */
const layouts = [
  { name: 'wide', width: 760, height: 420 },
  { name: 'narrow', width: 372, height: 360 },
] as const;
const margin = { left: 64, right: 24, top: 24, bottom: 56 };

type Named = readonly (readonly [name: string, point: TunePoint])[];

/** The page about one tuning: a single document, without scripts and without anything to load. */
export function tunePage(result: TuneResult): string {
  const { deployment, service, days, trials } = result;
  const named = Object.entries(result.named).flatMap(([name, point]) =>
    point === null ? [] : [[name, point] as const],
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`Tuning of ${service}`)}</title>
<style>${drillStyle}
main { max-width: 900px; } .scroll { overflow-x: auto; }
td:not(:nth-child(-n+2)) { white-space: nowrap; }
svg .trial { fill: var(--faint); opacity: .45; } svg .named { fill: var(--site-0); } svg .now { fill: var(--down); }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(`${deployment}: how ${service} may be watched`)}</h1>
<p>Each dot is a setting, tried on the same ${days} simulated days of noise and on the same faults. Further left sees a
kill sooner; further down moves for nothing less often.</p>
<figure>${layouts.map((layout) => plot(named, trials, layout)).join('\n')}</figure>
<h2>The best of them</h2>
<div class="scroll" role="region" tabindex="0" aria-label="The best settings"><table>
<tr><th></th><th>setting</th><th>kill</th><th>hang</th><th>false moves in 100 days</th><th>a month</th></tr>
${named.map(([name, point]) => rowOf(name, point)).join('\n')}
</table></div>
<details><summary>All ${trials.length} settings</summary>
<div class="scroll" role="region" tabindex="0" aria-label="All settings"><table>
<tr><th></th><th>setting</th><th>kill</th><th>hang</th><th>false moves in 100 days</th><th>a month</th></tr>
${trials.map((point) => rowOf('', point)).join('\n')}
</table></div></details>
</main>
</body>
</html>
`;
}

function rowOf(name: string, { setting, killMs, hangMs, falseMovesIn100Days, listUsd }: TunePoint): string {
  const words = Object.entries(setting).map(([key, value]) => `${key}: ${value}`);
  const cells = [
    name,
    words.join(', '),
    seconds(killMs),
    seconds(hangMs),
    falseMovesIn100Days.toFixed(0),
    `$${listUsd.toFixed(2)}`,
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function plot(
  named: Named,
  trials: readonly TunePoint[],
  { name: layout, width, height }: (typeof layouts)[number],
): string {
  const all = [...trials, ...named.map(([, point]) => point)];
  const maxMs = Math.max(...all.map(({ killMs }) => killMs)) * 1.05;
  // The square root keeps few false moves apart where many are on the same page.
  const maxRoot = Math.sqrt(Math.max(1, ...all.map(({ falseMovesIn100Days }) => falseMovesIn100Days)) * 1.1);
  const x = (ms: number) => margin.left + (ms / maxMs) * (width - margin.left - margin.right);
  const y = (count: number) =>
    height - margin.bottom - (Math.sqrt(count) / maxRoot) * (height - margin.top - margin.bottom);
  const dot = ({ killMs, falseMovesIn100Days }: TunePoint, kind: string, radius: number) =>
    `<circle class="${kind}" cx="${x(killMs).toFixed(1)}" cy="${y(falseMovesIn100Days).toFixed(1)}" r="${radius}"/>`;
  const spotOf = ([, { killMs, falseMovesIn100Days }]: Named[number]) => `${killMs} ${falseMovesIn100Days}`;
  const spots = [...new Set(named.map(spotOf))].map((spot) => named.filter((each) => spotOf(each) === spot));
  const placed: Box[] = [];
  const label = (spot: Named) => {
    const [, point] = spot[0] ?? [];
    if (point === undefined) return '';
    const names = spot.map(([name]) => name);
    const [atX, atY] = [x(point.killMs), y(point.falseMovesIn100Days)];
    const isLeft = atX < width / 2;
    const box = freeBox(atX + (isLeft ? 9 : -9), atY - 9, names.join(', '), isLeft, placed);
    placed.push(box);
    const text = `x="${box.anchor.toFixed(1)}" y="${box.bottom.toFixed(1)}" text-anchor="${isLeft ? 'start' : 'end'}"`;
    const circle = dot(point, names.includes('now') ? 'now' : 'named', 6);
    return `${circle}<text ${text} font-size="${labelSize}" font-weight="600">${escapeHtml(names.join(', '))}</text>`;
  };
  const secondTicks = Array.from({ length: Math.floor(maxMs / 2_000) + 1 }, (_, index) => index * 2);
  const countTicks = [0, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000].filter((count) => Math.sqrt(count) <= maxRoot);
  return `<svg class="${layout}" viewBox="0 0 ${width} ${height}" role="img" aria-label="False moves against the time to see a kill">
${countTicks.map((count) => `<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${y(count)}" y2="${y(count)}"/><text class="axis" x="${margin.left - 8}" y="${y(count) + 4}" text-anchor="end" font-size="12">${count}</text>`).join('\n')}
${secondTicks.map((at) => `<text class="axis" x="${x(at * 1_000)}" y="${height - margin.bottom + 20}" text-anchor="middle" font-size="12">${at} s</text>`).join('\n')}
<text class="axis" x="${width / 2}" y="${height - 10}" text-anchor="middle" font-size="13">until a quorum holds a killed site down, median</text>
<text class="axis" transform="translate(16 ${height / 2}) rotate(-90)" text-anchor="middle" font-size="13">false moves in 100 days</text>
${trials.map((point) => dot(point, 'trial', 4)).join('\n')}
${spots.map(label).join('\n')}
</svg>`;
}

/** Size of a label in user units, and the width of a bold letter of the widest usual font as a share of it. */
const labelSize = 14;
const boldShare = 0.62;

/** What a label covers, and where its text begins or ends. */
interface Box {
  readonly anchor: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

/** The place nearest to the wanted one in which a label covers no other; upwards first, then below its dot. */
function freeBox(anchor: number, wanted: number, text: string, isLeft: boolean, placed: readonly Box[]): Box {
  const length = text.length * labelSize * boldShare;
  const at = (bottom: number): Box => ({
    anchor,
    left: isLeft ? anchor : anchor - length,
    right: isLeft ? anchor + length : anchor,
    bottom,
  });
  const isFree = (box: Box) =>
    !placed.some(
      ({ left, right, bottom }) =>
        box.left < right && left < box.right && Math.abs(box.bottom - bottom) < labelSize * 1.2,
    );
  const rows = [0, -1, 2, -2, 3, -3, 4, 5].map((row) => at(wanted + row * labelSize * 1.25));
  const inside = rows.filter(({ bottom }) => bottom >= labelSize);
  return inside.find(isFree) ?? at(wanted);
}
