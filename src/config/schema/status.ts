import { z } from 'zod';
import type { StatusRange } from '../../core/model/probe.ts';

const statusMin = 100;
const statusMax = 599;
const allowed = `a status from ${statusMin} to ${statusMax}, a range such as 200-399, a class such as 2xx, or a list of these`;

/**
 * Statuses of good answers: `204`, `"204"`, `200-399`, `2xx`, or a list. The output is a list of ranges, in ascending
 * order, none touching another. It is a good input too, since a checked deployment is checked again.
 */
export const statusField = z
  .union(
    [
      z.number(),
      z.string(),
      z.array(z.union([z.number(), z.string(), z.array(z.number({ error: allowed }))], { error: allowed })),
    ],
    {
      error: allowed,
    },
  )
  .transform((value, context) => {
    const ranges = (Array.isArray(value) ? value : [value]).map(rangeOf);
    if (ranges.length > 0 && ranges.every((range) => range !== null)) return merged(ranges);
    context.issues.push({ code: 'custom', message: allowed, input: value });
    return z.NEVER;
  })
  .meta({ allowed });

function rangeOf(value: number | string | readonly number[]): StatusRange | null {
  const [from, to] = boundsOf(value);
  const isRange = from !== undefined && to !== undefined && [from, to].every(Number.isInteger);
  return isRange && from >= statusMin && to <= statusMax && from <= to ? [from, to] : null;
}

function boundsOf(value: number | string | readonly number[]): readonly number[] {
  if (typeof value === 'number') return [value, value];
  if (typeof value !== 'string') return value.length === 2 ? value : [];
  const [, single] = /^(\d{3})$/.exec(value) ?? [];
  if (single !== undefined) return [Number(single), Number(single)];
  const [, hundred] = /^([1-5])xx$/i.exec(value) ?? [];
  if (hundred !== undefined) return [Number(hundred) * 100, Number(hundred) * 100 + 99];
  const [, from, to] = /^(\d{3}) ?- ?(\d{3})$/.exec(value) ?? [];
  return from === undefined ? [] : [Number(from), Number(to)];
}

function merged(ranges: readonly StatusRange[]): readonly StatusRange[] {
  const found: StatusRange[] = [];
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    const last = found.at(-1);
    if (last && from <= last[1] + 1) found[found.length - 1] = [last[0], Math.max(last[1], to)];
    else found.push([from, to]);
  }
  return found;
}
