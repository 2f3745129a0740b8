import { lanesOf, outageOf, reachedPhases, type Span, siteTone, spanOf } from './drill-lanes.ts';
import type { ClientAnswer, DrillResult } from './drill-result.ts';
import { escapeHtml } from './html.ts';

/** Measures of one drawing of the picture, in its own units, which are pixels at full width. */
export interface Layout {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  /** Room for the lanes' names at the left; 0 puts them above the lanes. */
  readonly labelWidth: number;
  readonly laneHeight: number;
  readonly laneGap: number;
  readonly fontSize: number;
  readonly dotRadius: number;
  /** Whether phases are named at their lines, or only numbered as in the table. */
  readonly hasPhaseNames: boolean;
}

/** Measures of the picture on a wide page, in pixels. */
export const wideLayout: Layout = {
  name: 'wide',
  width: 1_120,
  labelWidth: 140,
  laneHeight: 20,
  laneGap: 7,
  fontSize: 12,
  dotRadius: 3.4,
  hasPhaseNames: true,
};

/** The same on a narrow one. */
export const narrowLayout: Layout = {
  name: 'narrow',
  width: 360,
  labelWidth: 0,
  laneHeight: 16,
  laneGap: 5,
  fontSize: 11,
  dotRadius: 1.7,
  hasPhaseNames: false,
};

const marginRight = 12;
/** Average width of a letter, as a share of the font's size; a little too much is on the safe side. */
const letterShare = 0.58;
/** The same for the bold names of phases. */
const boldShare = 0.64;
/** Room between the names of two phases. */
const nameGap = 10;
/** Heights of the rows of phase labels above the lanes and of the axis below. */
const phaseRowHeight = 17;
const axisHeight = 26;
/** Height of the line below the axis that names outage and bound. */
const noteHeight = 18;

/** The course of a drill as one SVG: a lane for everybody, a line for each phase, a mark for each request. */
export function drawDrill(result: DrillResult, layout: Layout): string {
  const span = spanOf(result);
  const x = (atMs: number) => {
    const plotWidth = layout.width - layout.labelWidth - marginRight - 2;
    return round(layout.labelWidth + 2 + ((atMs - span.startMs) / (span.endMs - span.startMs)) * plotWidth);
  };
  const phases = placePhases(result, layout, x);
  const top = (Math.max(...phases.map(({ row }) => row)) + 1) * phaseRowHeight + 6;
  const lanes = lanesOf(result, span);
  const stepHeight = layout.laneHeight + layout.laneGap + (layout.labelWidth === 0 ? layout.fontSize + 3 : 0);
  const laneTop = (index: number) => top + index * stepHeight + (layout.labelWidth === 0 ? layout.fontSize + 3 : 0);
  const bottom = top + (lanes.length + 1) * stepHeight;

  const parts = [
    ...drawOutage(result, { top, bottom }, x),
    ...phases.map((phase) => drawPhase(phase, bottom)),
    ...lanes.flatMap(({ label, bands }, index) => [
      drawLabel(label, laneTop(index), layout),
      ...bands.map((band) => drawBand(band, laneTop(index), layout, x)),
    ]),
    drawLabel('client requests', laneTop(lanes.length), layout),
    ...drawAnswers(result, span, laneTop(lanes.length), layout, x),
    ...drawAxis(span, bottom, layout, x),
    ...drawBound(result, span, { top, bottom }, layout, x),
  ];
  const height = bottom + axisHeight + noteHeight;
  return `<svg class="${layout.name}" viewBox="0 0 ${layout.width} ${height}" role="img" aria-label="${escapeHtml(result.seen)}" font-size="${layout.fontSize}">\n${parts.join('\n')}\n</svg>`;
}

interface PlacedPhase {
  readonly text: string;
  readonly atX: number;
  /** 0 is nearest to the top. */
  readonly row: number;
}

/**
 * Gives each phase's label a row so that none covers another.
 *
 * From right to left, each in the lowest row in which it ends before the next label begins: so a label's line, which
 * starts at the label's left end, passes left of every label below it.
 */
function placePhases(result: DrillResult, layout: Layout, x: (atMs: number) => number): readonly PlacedPhase[] {
  const placed: { text: string; atX: number; rise: number }[] = [];
  const phases = reachedPhases(result.phases);
  for (const [index, { phase, atMs }] of [...phases.entries()].reverse()) {
    const text = layout.hasPhaseNames ? `${index + 1} ${phase} ${(atMs / 1_000).toFixed(2)} s` : String(index + 1);
    const atX = x(atMs);
    const endX = atX + text.length * layout.fontSize * boldShare + nameGap;
    const covered = placed.filter((other) => other.atX < endX).map((other) => other.rise);
    placed.push({ text, atX, rise: Math.max(-1, ...covered) + 1 });
  }
  const highest = Math.max(0, ...placed.map(({ rise }) => rise));
  return placed.reverse().map(({ text, atX, rise }) => ({ text, atX, row: highest - rise }));
}

function drawPhase({ text, atX, row }: PlacedPhase, bottom: number): string {
  const top = row * phaseRowHeight;
  return `<line class="phase" x1="${atX}" x2="${atX}" y1="${top + 2}" y2="${bottom}"/><text class="phase" x="${atX + 4}" y="${top + 13}">${escapeHtml(text)}</text>`;
}

/** Names stand on the paper's colour, so that no line runs through them. */
function drawLabel(label: string, top: number, layout: Layout): string {
  if (layout.labelWidth === 0) return `<text class="label" x="0" y="${top - 3}">${escapeHtml(label)}</text>`;
  const y = top + layout.laneHeight / 2 + layout.fontSize * 0.35;
  return `<text class="label" x="${layout.labelWidth - 8}" y="${round(y)}" text-anchor="end">${escapeHtml(label)}</text>`;
}

function drawBand(
  { fromMs, toMs, tone, text }: { fromMs: number; toMs: number; tone: string; text: string },
  top: number,
  layout: Layout,
  x: (atMs: number) => number,
): string {
  const left = x(fromMs);
  const width = round(Math.max(1, x(toMs) - left - 1));
  const title = `${text}, ${seconds(fromMs)} to ${seconds(toMs)}`;
  const box = `<rect class="${tone}" x="${left}" y="${top}" width="${width}" height="${layout.laneHeight}" rx="3"><title>${escapeHtml(title)}</title></rect>`;
  if (widthOf(text, layout) + 10 > width) return box;
  const y = round(top + layout.laneHeight / 2 + layout.fontSize * 0.35);
  return `${box}<text class="on-${tone}" x="${left + 5}" y="${y}">${escapeHtml(text)}</text>`;
}

/** Good answers as dots in their site's colour, lost requests as crosses; one path of each kind. */
function drawAnswers(
  result: DrillResult,
  span: Span,
  top: number,
  layout: Layout,
  x: (atMs: number) => number,
): readonly string[] {
  const middle = top + layout.laneHeight / 2;
  const shown = result.answers.filter(({ sentMs }) => sentMs >= span.startMs && sentMs <= span.endMs);
  const radius = layout.dotRadius;
  const dot = ({ sentMs }: ClientAnswer) => `M${x(sentMs)} ${middle}h0`;
  const cross = ({ sentMs }: ClientAnswer) => {
    const [left, upper, side] = [round(x(sentMs) - radius), round(middle - radius), round(2 * radius)];
    return `M${left} ${upper}l${side} ${side}m0-${side}l-${side} ${side}`;
  };
  const lost = shown.filter(({ isGood }) => !isGood);
  const sites = [...new Set(shown.flatMap(({ isGood, site }) => (isGood && site !== null ? [site] : [])))];
  return [
    ...sites.map((site) => {
      const dots = shown.filter((answer) => answer.isGood && answer.site === site);
      const tone = siteTone(result, site);
      return `<path class="dot ${tone}" stroke-width="${2 * radius}" d="${dots.map(dot).join('')}"><title>good answers from ${escapeHtml(site)}: ${dots.length}</title></path>`;
    }),
    lost.length === 0
      ? ''
      : `<path class="lost" d="${lost.map(cross).join('')}"><title>lost requests: ${lost.length}</title></path>`,
  ].filter((part) => part !== '');
}

interface Rise {
  readonly top: number;
  readonly bottom: number;
}

/** The time in which clients were not served, behind everything else. */
function drawOutage(result: DrillResult, { top, bottom }: Rise, x: (atMs: number) => number): readonly string[] {
  const outage = outageOf(result);
  if (outage === null) return [];
  const left = x(outage.startMs);
  const title = `outage, ${seconds(outage.startMs)} to ${seconds(outage.endMs)}`;
  return [
    `<rect class="outage" x="${left}" y="${top - 4}" width="${round(Math.max(1, x(outage.endMs) - left))}" height="${round(bottom - top + 4)}"><title>${escapeHtml(title)}</title></rect>`,
  ];
}

/** The bound as a line, named below the axis; as an arrow to the right where it is too far off to be drawn. */
function drawBound(
  { boundMs }: DrillResult,
  span: Span,
  { top, bottom }: Rise,
  layout: Layout,
  x: (atMs: number) => number,
): readonly string[] {
  const isShown = boundMs <= span.endMs;
  const atX = isShown ? x(boundMs) : layout.width - marginRight;
  const text = `bound ${seconds(boundMs)}${isShown ? '' : ' →'}`;
  const isLeftOfLine = atX - text.length * layout.fontSize * boldShare > layout.labelWidth;
  const y = bottom + axisHeight + noteHeight - 6;
  return [
    ...(isShown ? [`<line class="bound" x1="${atX}" x2="${atX}" y1="${top - 4}" y2="${bottom + 4}"/>`] : []),
    `<text class="bound" x="${atX}" y="${y}" text-anchor="${isLeftOfLine ? 'end' : 'start'}">${escapeHtml(text)}</text>`,
  ];
}

function drawAxis(span: Span, bottom: number, layout: Layout, x: (atMs: number) => number): readonly string[] {
  const stepMs = layout.labelWidth === 0 ? 1_000 : 500;
  const count = Math.floor((span.endMs - Math.ceil(span.startMs / stepMs) * stepMs) / stepMs) + 1;
  const first = Math.ceil(span.startMs / stepMs) * stepMs;
  const ticks = Array.from({ length: count }, (_, index) => first + index * stepMs);
  return [
    `<line class="axis" x1="${x(span.startMs)}" x2="${x(span.endMs)}" y1="${bottom}" y2="${bottom}"/>`,
    ...ticks.map(
      (atMs) =>
        `<line class="axis" x1="${x(atMs)}" x2="${x(atMs)}" y1="${bottom}" y2="${bottom + 4}"/><text class="axis" x="${x(atMs)}" y="${bottom + 17}" text-anchor="middle">${axisLabel(atMs, stepMs)}</text>`,
    ),
  ];
}

function axisLabel(atMs: number, stepMs: number): string {
  return stepMs === 1_000 ? `${atMs / 1_000} s` : `${(atMs / 1_000).toFixed(1)} s`;
}

function widthOf(text: string, { fontSize }: Layout): number {
  return text.length * fontSize * letterShare;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
