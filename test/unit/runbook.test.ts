import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Advice, advice, adviceByIneligibility, adviceByReason, fillIn } from '../../src/core/alerting/advice.ts';
import { type AlertName, alertNames } from '../../src/core/alerting/alert-name.ts';
import { guidance } from '../../src/core/alerting/guidance.ts';
import type { Reason } from '../../src/core/decision/decision-input.ts';

const parts = ['Description', 'Investigation', 'Resolution', 'When NOT to act'];
const text = readFileSync('docs/runbook.md', 'utf8');
const sections = text.split(/^## /m).slice(1);
const verbs = new Set(
  'status plan switchover failover failback pause resume ack maintenance quorum history validate found release continue skip approve doctor'.split(
    ' ',
  ),
);

test('every alarm is a heading of the runbook, and the reverse, in one order', () => {
  const headings = sections.map((section) => section.split('\n')[0]);

  expect(headings).toEqual([...alertNames]);
});

test.each(alertNames)('the entry of %s has its four parts in order, each with something to read', (name) => {
  const section = sections.find((candidate) => candidate.startsWith(`${name}\n`)) ?? '';

  const found = [...section.matchAll(/^\*\*(.+?)\.\*\* ([\s\S]*?)(?=\n\n\*\*|\s*$(?![\s\S]))/gm)];

  expect(found.map(([, part]) => part)).toEqual(parts);
  expect(found.filter(([, , words = '']) => words.split(/\s+/).length < 6)).toEqual([]);
});

test('every command in the runbook is one that the command line has', () => {
  const typed = [...text.matchAll(/(?:^|`)cdk-failover ([a-z]+)/gm)].map(([, verb = '']) => verb);

  expect(typed.length).toBeGreaterThan(alertNames.length);
  expect(typed.filter((verb) => !verbs.has(verb))).toEqual([]);
});

/**
 * The commands that a message of an alert gives, by their verbs: `cdk-failover maintenance off web oregon` is
 * `maintenance off`.
 */
function commandsOf(name: AlertName): readonly string[] {
  const lines = guidance[name].toDo.map((toDo) => (typeof toDo === 'string' ? toDo : ((toDo as Advice).command ?? '')));
  return lines
    .filter((line) => line.startsWith('cdk-failover '))
    .map((line) => fillIn(line, { service: 'web', site: 'oregon' }))
    .map(
      (line) =>
        line
          .replace(/ (SITE|the site)/, ' oregon')
          .replace('SERVICE', 'web')
          .split(' --reason')[0] ?? '',
    );
}

/** Commands that the head of the runbook gives for every alert. */
const general = /^cdk-failover (status|quorum|plan|history)/;

test.each(alertNames)('the entry of %s has every command that its message gives', (name) => {
  const section = (sections.find((candidate) => candidate.startsWith(`${name}\n`)) ?? '').replaceAll(/\s+/g, ' ');

  const special = commandsOf(name).filter((command) => !general.test(command));
  expect(special.filter((command) => !section.includes(command))).toEqual([]);
});

/** Alerts that say what a reason of the status says. */
const alertByReason: Readonly<Partial<Record<Reason, AlertName>>> = {
  blocked: 'blocked-awaiting-ack',
  'no-eligible-site': 'no-eligible-standby',
  'shared-dependency': 'shared-dependency',
  'all-down': 'last-resort',
  'fail-open': 'pool-fail-open',
  'over-capacity': 'over-capacity',
  'quorum-unreachable': 'no-quorum',
  'no-quorum': 'no-quorum',
  'no-majority': 'no-majority',
  'configurations-differ': 'configurations-differ',
  'unknown-site': 'unknown-site',
};

test.each(Object.entries(alertByReason))('the next step at %s is what the message of %s says', (reason, alert) => {
  const step = adviceByReason[reason as Reason];

  expect(guidance[alert].toDo).toContain(step);
});

test('what a refusal advises for a site that could be made eligible is what no-eligible-standby says', () => {
  const elsewhere: readonly Advice[] = [advice.chooseAnother, advice.forceMove];
  const hints = Object.values(adviceByIneligibility).filter((hint) => !elsewhere.includes(hint));

  expect(hints.filter((hint) => !guidance['no-eligible-standby'].toDo.includes(hint))).toEqual([]);
});

test('every link inside the runbook leads to a heading', () => {
  const anchors = [...text.matchAll(/\]\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor);

  expect(anchors.length).toBeGreaterThan(0);
  expect(anchors.filter((anchor) => !alertNames.some((name) => name === anchor))).toEqual([]);
});
