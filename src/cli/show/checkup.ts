import { type Check, type CheckState, checkStates } from '../../core/checkup/check.ts';
import { columns, type Page, plainPage, type Tone, wrap } from './layout.ts';

/** How each state is written, and how it looks; what is not known has no colour. */
const states: Readonly<Record<CheckState, readonly [word: string, tone: Tone | null]>> = {
  bad: ['BAD', 'bad'],
  doubtful: ['DOUBTFUL', 'doubtful'],
  unknown: ['UNKNOWN', null],
  ok: ['OK', 'good'],
};

/**
 * One line of counts, then a block a finding with what to do, then one line a check that is well.
 *
 * @param checks - the worst first
 */
export function showCheckup(checks: readonly Check[], page: Page = plainPage): string {
  const open = checks.filter(({ state }) => state !== 'ok').map((check) => showFinding(check, page));
  const well = checks.filter(({ state }) => state === 'ok');
  const rows = well.map(({ name, subject, found }) => [name, subject, found]);
  const list = rows.length === 0 ? [] : [columns([['ok', 'of', 'found'], ...rows], '  ', page.width)];
  return [countStates(checks, page), ...open, ...list].join('\n\n');
}

/** Such as `2 BAD, 1 UNKNOWN, 14 OK`. */
function countStates(checks: readonly Check[], page: Page): string {
  return checkStates
    .flatMap((state) => {
      const count = checks.filter((check) => check.state === state).length;
      return count === 0 ? [] : [`${count} ${wordOf(state, page)}`];
    })
    .join(', ');
}

function showFinding({ name, subject, state, found, todo }: Check, page: Page): string {
  const [word] = states[state];
  const head = wrap(`${word} ${name} of ${subject}: ${found}`, page.width, '  ').replace(word, wordOf(state, page));
  return todo === null ? head : `${head}\n${wrap(`  to do: ${todo}`, page.width, '    ')}`;
}

function wordOf(state: CheckState, page: Page): string {
  const [word, tone] = states[state];
  return tone === null ? word : page.mark(tone, word);
}
