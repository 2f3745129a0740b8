import { describe, expect, test } from 'vitest';
import { allPages } from './pages.fixture.ts';
import { coloursIn, contrast, type Rule, rulesOf, type Scheme, variablesOf } from './style.fixture.ts';

/** Least contrast of text, and of a mark that says something. Source: WCAG 2.2, 1.4.3 and 1.4.11, level AA. */
const textContrastMin = 4.5;
const markContrastMin = 3;

/** What text without a ground of its own may lie on. */
const grounds = ['var(--paper)', 'var(--panel)'];

const sheets = (await allPages()).map(({ name, html }) => {
  const css = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = '']) => text).join('\n');
  return { name, rules: rulesOf(css) };
});
const schemes = sheets.flatMap(({ name, rules }) =>
  (['light', 'dark'] as const).map((scheme: Scheme) => ({
    name,
    scheme,
    rules,
    variables: variablesOf(rules, scheme),
  })),
);

const groundOf = ({ declarations: { background } }: Rule) =>
  background === undefined || background === 'none' ? undefined : background;

/** The rule that a more special one, such as `.chip.down`, adds to. */
function baseOf(rule: Rule, rules: readonly Rule[]): Rule | undefined {
  return rules.find(
    ({ selector, declarations }) =>
      selector !== rule.selector && rule.selector.startsWith(`${selector}.`) && declarations.color !== undefined,
  );
}

/** Texts and what they lie on, by the rules that say one of the two. What `i` marks in a key is no text. */
function pairsOf(
  rules: readonly Rule[],
): readonly { readonly selector: string; readonly text: string; readonly ground: string }[] {
  const visible = rules.filter(({ selector }) => !/^svg|::|\bi\./.test(selector));
  return visible.flatMap((rule) => {
    const { selector, declarations } = rule;
    const ground = groundOf(rule);
    const text = declarations.color;
    if (ground !== undefined) {
      return [{ selector, text: text ?? baseOf(rule, rules)?.declarations.color ?? 'var(--ink)', ground }];
    }
    const isGroundElsewhere = visible.some((other) => baseOf(other, rules) === rule && groundOf(other) !== undefined);
    return text === undefined || isGroundElsewhere ? [] : grounds.map((each) => ({ selector, text, ground: each }));
  });
}

/** The same in drawings: words on a bar, and words on the paper. */
function drawnPairsOf(rules: readonly Rule[]) {
  const fills = rules.filter(({ selector, declarations }) => selector.startsWith('svg') && declarations.fill);
  const fillOf = (selector: string) => fills.find((rule) => rule.selector === selector)?.declarations.fill;
  return fills.flatMap(({ selector, declarations: { fill = '' } }) => {
    const bar = selector.replace('.on-', '.');
    if (bar !== selector) return [{ selector, text: fill, ground: fillOf(bar)?.replace('none', '') || 'var(--paper)' }];
    return /text|label/.test(selector) ? [{ selector, text: fill, ground: 'var(--paper)' }] : [];
  });
}

test('pages have rules, and each scheme says the same variables', () => {
  for (const { rules } of sheets) {
    expect(rules.length).toBeGreaterThan(30);
    expect(Object.keys(variablesOf(rules, 'dark'))).toEqual(Object.keys(variablesOf(rules, 'light')));
    expect(variablesOf(rules, 'dark')['--paper']).not.toBe(variablesOf(rules, 'light')['--paper']);
  }
});

describe.each(schemes)('the page $name, $scheme', ({ rules, variables }) => {
  test('every text has a contrast of 4.5 and more', () => {
    const pairs = [...pairsOf(rules), ...drawnPairsOf(rules)];
    const weak = pairs.flatMap(({ selector, text, ground }) =>
      coloursIn(text, variables).flatMap((colour) =>
        coloursIn(ground, variables).flatMap((below) => {
          const ratio = contrast(colour, below);
          return ratio < textContrastMin ? [`${selector}: ${text} on ${ground}, ${ratio.toFixed(2)}`] : [];
        }),
      ),
    );

    expect(pairs.length).toBeGreaterThan(10);
    expect(weak).toEqual([]);
  });

  test('where the keyboard is can be seen', () => {
    const focus = rules.filter(({ selector }) => selector.includes(':focus'));
    const outline = rules.find(({ selector }) => selector === ':focus-visible')?.declarations.outline ?? '';
    const [colour = ''] = coloursIn(outline, variables);

    expect(outline).toMatch(/^[2-9]px solid /);
    for (const ground of grounds.flatMap((each) => coloursIn(each, variables))) {
      expect(contrast(colour, ground)).toBeGreaterThanOrEqual(markContrastMin);
    }
    expect(focus.filter(({ declarations }) => /^(none|0)/.test(declarations.outline ?? ''))).toEqual([]);
  });
});

test('nothing that is to be read is made fainter than its colour', () => {
  const faded = sheets.flatMap(({ name, rules }) =>
    rules.flatMap(({ selector, declarations }) => (declarations.opacity === undefined ? [] : [`${name}: ${selector}`])),
  );

  // A button that cannot be pressed; grounds and dots, which nobody reads.
  const meant = /: (button:disabled|svg \.outage|svg \.trial|\.key i\.outage)$/;
  expect(faded.filter((rule) => !meant.test(rule))).toEqual([]);
});

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#777777', '#ffffff', 4.48],
])('the contrast of %s and %s is %d', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2);
});
