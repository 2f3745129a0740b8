import type { Service } from '../../core/model/service.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import { stepNames } from '../../core/register/run.ts';
import { escapeHtml } from '../html.ts';

/** An option that a person may add to a command before it is carried out. */
interface Choice {
  readonly flag: string;
  readonly meaning: string;
}

/** A button that leads to a command; the words are those of the command line. */
interface Action {
  readonly label: string;
  readonly words: readonly string[];
  readonly choices?: readonly Choice[];
  /** An option that takes a text, and what is asked for. */
  readonly text?: Choice;
}

const forces: readonly Choice[] = [
  { flag: '--force', meaning: 'even if the active site is up, or the target is not known to be up' },
  { flag: '--allow-data-loss', meaning: 'even if replication lags too far' },
  { flag: '--without-fence-proof', meaning: 'with force: even if the old site cannot be proven cut off' },
];
const twoWriters: Choice = { flag: '--allow-two-writers', meaning: 'even if the old site may still be written' };

/** What is done often, and what is done seldom. */
function actionsOf(name: string, service: Service): Readonly<Record<'often' | 'seldom', readonly Action[]>> {
  const sites = sitesByPriority(service);
  const isAlone = service.mode === 'active-passive';
  const moves: readonly Action[] = sites.map((site) => ({
    label: `Switch over to ${site}`,
    words: ['switchover', name, '--to', site],
  }));
  const failovers: readonly Action[] = sites.map((site) => ({
    label: `Fail over to ${site}`,
    words: ['failover', name, '--to', site],
    choices: forces,
  }));
  return {
    often: [
      ...(isAlone ? [...moves, { label: 'Fail back', words: ['failback', name] }] : []),
      {
        label: 'Pause',
        words: ['pause', name],
        choices: [{ flag: '--for=1h', meaning: 'it ends by itself after an hour' }],
        text: { flag: '--reason', meaning: 'why, for the others' },
      },
      { label: 'Resume', words: ['resume', name] },
      { label: 'Acknowledge', words: ['ack', name] },
      ...(service.failover.approval === undefined ? [] : [{ label: 'Approve', words: ['approve', name] }]),
      ...(isAlone ? [{ label: 'Cancel the plan', words: ['switchover', name, '--cancel'] }] : []),
    ],
    seldom: [
      ...(isAlone ? failovers : []),
      ...sites.flatMap((site): readonly Action[] => [
        {
          label: `Maintenance of ${site} on`,
          words: ['maintenance', 'on', name, site],
          choices: [{ flag: '--allow-failover', meaning: 'if the site is active, switch over first' }],
        },
        { label: `Maintenance of ${site} off`, words: ['maintenance', 'off', name, site] },
        { label: `Release ${site}`, words: ['release', name, site], choices: [twoWriters] },
      ]),
      { label: 'Continue the move', words: ['continue', name] },
      ...stepNames.map((step) => ({
        label: `Skip ${step}`,
        words: ['skip', name, step],
        choices: step === 'fence' ? [twoWriters] : [],
      })),
    ],
  };
}

/** Whoever hears a page hears the service as well: other services have the same buttons. */
function buttonOf(service: string, { label, words, choices = [], text }: Action): string {
  const data = escapeHtml(JSON.stringify({ words, choices, text: text ?? null }));
  const spoken = escapeHtml(`${label} (${service})`);
  return `<button type="button" data-command="${data}" aria-label="${spoken}">${escapeHtml(label)}</button>`;
}

/** The buttons of one service. Each shows first what it would do. */
export function serviceControls(name: string, service: Service): string {
  const { often, seldom } = actionsOf(name, service);
  const all = (actions: readonly Action[]) => actions.map((action) => buttonOf(name, action)).join('');
  return `<div class="buttons">${all(often)}</div>
<details><summary aria-label="More (${escapeHtml(name)})">More</summary><div class="buttons">${all(seldom)}</div></details>`;
}

/** Faults of the lab by what they strike; each with its label and what it does. */
const faults = {
  site: [
    ['kill', 'Kill', 'end its process'],
    ['hang', 'Hang', 'stop its process where it is'],
    ['slow', 'Slow', 'answer after two seconds'],
    ['error', '503', 'answer with status 503'],
    ['wrong-body', 'Wrong page', 'answer with a page that the probes do not expect'],
  ],
  region: [
    ['partition', 'Cut off', 'let no byte pass to the other regions'],
    ['watcher', 'Kill watcher', 'end its watcher'],
    ['region', 'Lose', 'end everything in it'],
  ],
} as const;

/** The buttons that break and heal a site or a region of the lab. */
export function faultControls(kind: keyof typeof faults, name: string): string {
  const buttons = faults[kind].map(
    ([fault, label, meaning]) =>
      `<button type="button" data-fault="${fault}" data-kind="${kind}" data-name="${escapeHtml(name)}" title="${meaning}" aria-label="${escapeHtml(`${label}: ${meaning} (${name})`)}">${label}</button>`,
  );
  const heal = `<button type="button" class="heal" data-heal="${kind}" data-name="${escapeHtml(name)}" aria-label="${escapeHtml(`Heal ${name}`)}">Heal</button>`;
  return `<div class="buttons small">${buttons.join('')}${heal}</div>`;
}
