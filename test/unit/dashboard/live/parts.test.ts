import { describe, expect, test } from 'vitest';
import { statusIn } from '../../../../src/core/operator/answers.ts';
import { readDeployment } from '../../../../src/core/operator/table-survey.ts';
import { mapParts } from '../../../../src/dashboard/live/map-parts.ts';
import { type PageState, type PageTarget, unreadState } from '../../../../src/dashboard/live/page-state.ts';
import { serviceParts } from '../../../../src/dashboard/live/service-parts.ts';
import { rowsBetween } from '../../../../src/dashboard/live/timeline.ts';
import { runRoutine } from '../../../../src/ports/routine-runner.ts';
import { deploymentOf } from '../../cli/deployment.fixture.ts';
import { fakeTarget } from '../../cli/operator/target.fixture.ts';

const target: PageTarget = { kind: 'lab', where: 'here', deployment: deploymentOf('web'), resolver: 'a resolver' };
const trouble = { sinceMs: 61_000, why: 'timeout' };

/** What the tables say of the fixture's deployment. */
async function stateOf(dark: readonly string[] = []): Promise<PageState> {
  const { deployment, ports } = fakeTarget(dark);
  const view = await runRoutine(readDeployment(deployment), ports);
  return { ...unreadState, oracles: {}, status: statusIn(deployment, null, view).json };
}

/** The text of a part, without its marks. */
function textOf(state: PageState, name: string): string {
  const html = { ...serviceParts(target, state), ...mapParts(target, state) }[name] ?? '';
  return html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('what is unknown', () => {
  test.each(['first/web', 'register/web', 'run/web', 'site/web/virginia', 'region/us-east-1', 'dns/web'])(
    'is said to be so before anything was read: %s',
    (part) => {
      expect(textOf(unreadState, part)).toMatch(/not known yet|unknown|not asked/i);
    },
  );

  test('a table without an answer is named, and its watcher is not called silent', async () => {
    const state = await stateOf(['us-east-2']);

    expect(textOf(state, 'region/us-east-2')).toMatch(/watcher not to be read not heard since .* table no answer/);
    expect(textOf(state, 'region/us-east-1')).toMatch(/watcher fresh table answers/);
    expect(textOf(state, 'site/web/oregon')).toContain('us-east-2 not to be read');
  });

  test('without a majority the first line and the register say so', async () => {
    const state = await stateOf(['us-east-2', 'us-west-2']);

    expect(textOf(state, 'first/web')).toContain('CANNOT SEE');
    expect(textOf(state, 'register/web')).toContain('not certain');
    expect(textOf(state, 'site/web/virginia')).toContain('unknown');
  });
});

describe('what is old', () => {
  test('a name that gives no answer any more shows its last one as such, and since when', async () => {
    const names = { web: { addresses: ['192.0.2.1'], sites: ['virginia'], trouble } };

    const text = textOf({ ...(await stateOf()), names }, 'dns/web');

    expect(text).toContain('no answer timeout, since 00:01:01.0 UTC before that: 192.0.2.1 virginia');
  });

  test('an oracle that gives no answer any more shows its last vote as such', async () => {
    const oracles = { 'us-east-1': { isOff: { 'web/virginia': true }, trouble } };

    const text = textOf({ ...(await stateOf()), oracles }, 'region/us-east-1');

    expect(text).toContain('unknown timeout, since 00:01:01.0 UTC before that: votes virginia off');
  });

  test('a watcher that is silent shows when it was heard last', async () => {
    const state = await stateOf(['us-east-2']);

    const text = textOf({ ...state, heardAtMs: { 'us-east-2': 61_000 } }, 'region/us-east-2');

    expect(text).toContain('last heard since 00:01:01.0 UTC');
  });
});

test('at rest it says what status says', async () => {
  const state = await stateOf();

  expect(textOf(state, 'first/web')).toBe('PROTECTED web: if virginia fails, oregon takes over');
  expect(textOf(state, 'register/web')).toMatch(/active virginia epoch 1 clients go to virginia written at virginia/);
  expect(textOf(state, 'site/web/virginia')).toMatch(/active clients are sent here verdict up us-east-1 up/);
});

test('a fault of the lab stands at its part until it is healed', async () => {
  const broken = [{ kind: 'site', name: 'oregon', fault: 'killed', sinceMs: 61_000 }] as const;

  const state = { ...(await stateOf()), broken };

  expect(textOf(state, 'site/web/oregon')).toContain('killed since 00:01:01.0 UTC');
  expect(textOf(state, 'site/web/virginia')).not.toContain('killed');
});

test('what others have named is shown as text', async () => {
  const state = await stateOf();
  const html = '<img src=x onerror=run()>';

  const parts = mapParts(target, {
    ...state,
    broken: [{ kind: 'site', name: 'oregon', fault: html, sinceMs: 0 }],
    oracles: { 'us-east-1': { isOff: { [`web/${html}`]: true }, trouble: { sinceMs: 0, why: html } } },
  });

  expect(Object.values(parts).join('')).not.toContain('<img');
});

test('the timeline has a row when the first line changes, and none when only its words do', async () => {
  const [rest, dark] = [await stateOf(), await stateOf(['us-east-2', 'us-west-2'])];

  expect(rowsBetween(rest, rest, 5)).toEqual([]);
  expect(rowsBetween(unreadState, rest, 5)).toEqual([]);
  expect(rowsBetween(rest, dark, 5)).toMatchObject([
    { atMs: 5, who: 'web', tone: 'bad', words: expect.stringMatching(/^PROTECTED, now CANNOT SEE: /) },
  ]);
});
