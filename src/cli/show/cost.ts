import type { Alternative } from '../../config/cost/alternatives.ts';
import { assumptions } from '../../config/cost/assumptions.ts';
import type { CostLine, CostReport } from '../../config/cost/cost.ts';
import { pricesReadOn } from '../../config/cost/prices.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { columns, type Page, plainPage, wrapAll } from './layout.ts';

/** What `cdk-failover cost --json` prints. */
export interface CostJson extends CostReport {
  readonly deployment: string;
  readonly currency: 'USD';
  readonly pricesReadOn: string;
  readonly assumptions: readonly string[];
  /** With `--compare`. */
  readonly alternatives?: readonly Alternative[];
}

/** The report as data. */
export function costJson({ name }: Deployment, report: CostReport, alternatives?: readonly Alternative[]): CostJson {
  return {
    deployment: name,
    currency: 'USD',
    pricesReadOn,
    assumptions,
    ...report,
    ...(alternatives && { alternatives }),
  };
}

/** A table of all parts, the two sums, what else there is, what was assumed, and where the prices come from. */
export function showCost(
  { name }: Deployment,
  { lines, listUsd, afterFreeUsd }: CostReport,
  alternatives: readonly Alternative[] = [],
  { width }: Page = plainPage,
): string {
  const pages = [...new Set([...lines.map(({ price }) => price.source), ...alternatives.map(({ source }) => source)])];
  const wide = [
    ['part', 'quantity', 'unit', 'unit price', 'list', 'after free', 'price from'],
    ...lines.map((line) => rowOf(line, pages)),
    ['together', '', '', '', money(listUsd), money(afterFreeUsd), ''],
  ];
  const full = columns(alignRight(wide, [1, 4, 5]), '  ');
  const isFitting = full.split('\n').every((line) => line.length <= width);
  const table = isFitting ? full : columns(alignRight(narrowRows(wide), [0, 1]), '  ', width);
  const text = [
    `${name}: $${listUsd.toFixed(2)} a month at list price, $${afterFreeUsd.toFixed(2)} after what is always free in an account`,
    '',
    table,
    '',
    ...showAlternatives(alternatives, pages),
    ...assumptions.map((line) => `  - ${line}`),
    '',
    `  Prices of us-east-1, found on ${pricesReadOn} in public copies, which --json names; what holds today stands in:`,
    ...pages.map((page, index) => `  [${index + 1}] ${page}`),
  ].join('\n');
  return wrapAll(text, width);
}

/** The same with the sums first, and all the rest in one column, which can be wrapped. */
function narrowRows([, ...rows]: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [
    ['list', 'after free', 'part'],
    ...rows.map(([part = '', quantity = '', unit = '', price = '', list = '', free = '', page = '']) => [
      list,
      free,
      quantity === '' ? part : `${part}: ${quantity} ${unit} at ${price} ${page}`,
    ]),
  ];
}

function showAlternatives(alternatives: readonly Alternative[], pages: readonly string[]): readonly string[] {
  if (alternatives.length === 0) return [];
  const entries = alternatives.flatMap((other) => [
    `  ${other.name}: $${other.listUsd.toFixed(2)} a month [${pages.indexOf(other.source) + 1}]`,
    `    ${other.reckoning}`,
    `    without ${other.lacks}`,
  ]);
  return ["AWS's own ways to move the same services, at list price:", ...entries, ''];
}

function rowOf(
  { part, quantity, price, listUsd, afterFreeUsd }: CostLine,
  pages: readonly string[],
): readonly string[] {
  const per = price.per === 1 ? '' : price.per === 1_000 ? ' / 1,000' : ' / million';
  const page = `[${pages.indexOf(price.source) + 1}]`;
  return [part, amount(quantity), price.unit, `$${price.usd}${per}`, money(listUsd), money(afterFreeUsd), page];
}

function amount(quantity: number): string {
  if (quantity >= 100) return Math.round(quantity).toLocaleString('en-US');
  return Number.isInteger(quantity) ? String(quantity) : quantity.toFixed(2);
}

function money(usd: number): string {
  return usd > 0 && usd < 0.005 ? '<0.01' : usd.toFixed(2);
}

function alignRight(rows: readonly (readonly string[])[], numeric: readonly number[]): readonly (readonly string[])[] {
  const widthOf = (index: number) => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  const widths = new Map(numeric.map((index) => [index, widthOf(index)]));
  return rows.map((row) => row.map((cell, index) => cell.padStart(widths.get(index) ?? 0)));
}
