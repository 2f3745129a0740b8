import type { Change } from '../../config/changes/change.ts';
import { plural } from './layout.ts';

/** Effects, the worst first, each with what its hint is called. */
const labels = { refused: 'instead', care: 'do', safe: 'note' } as const;

/** What follows from a difference, the worst first: a line a change, what will be, and what to do. */
export function showChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return '  nothing changes for what runs';
  const refused = changes.filter(({ effect }) => effect === 'refused').length;
  const head = `  ${plural(changes.length, 'change')}${refused === 0 ? '' : `, ${refused} refused`}:`;
  const effects = Object.keys(labels) as (keyof typeof labels)[];
  const sorted = effects.flatMap((effect) => changes.filter((change) => change.effect === effect));
  return [head, ...sorted.map(showChange)].join('\n');
}

function showChange({ effect, kind, where, message, hint }: Change): string {
  const lines = [`  ${effect.padEnd(7)} ${kind}: ${where}`, `    ${message}`];
  return [...lines, ...(hint === null ? [] : [`    ${labels[effect]}: ${hint}`])].join('\n');
}
