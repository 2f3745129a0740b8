/** A rule of a style: outside of a condition, or inside of one. */
export interface Rule {
  /** Such as `(max-width: 560px)`; empty outside of any. */
  readonly condition: string;
  readonly selector: string;
  readonly declarations: Readonly<Record<string, string>>;
}

/** The rules of a style sheet, one a selector. Conditions are not nested in each other here. */
export function rulesOf(css: string): readonly Rule[] {
  const blocks = [...css.matchAll(/@media ([^{]+)\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}/g)];
  const outside = blocks.reduce((rest, [block]) => rest.replace(block, ''), css);
  const inside = blocks.flatMap(([, condition = '', text = '']) => plainRules(text, condition.trim()));
  return [...plainRules(outside, ''), ...inside];
}

function plainRules(css: string, condition: string): readonly Rule[] {
  return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = '', text = '']) => {
    const pairs = text.split(';').flatMap((declaration) => {
      const [name = '', ...value] = declaration.split(':');
      return value.length === 0 ? [] : [[name.trim(), value.join(':').trim()] as const];
    });
    const declarations = Object.fromEntries(pairs);
    return selectors.split(',').map((selector) => ({ condition, selector: selector.trim(), declarations }));
  });
}

export type Scheme = 'light' | 'dark';

/** What each variable stands for in a scheme. */
export function variablesOf(rules: readonly Rule[], scheme: Scheme): Readonly<Record<string, string>> {
  const roots = rules.filter(({ selector, condition }) => {
    return selector === ':root' && (condition === '' || (scheme === 'dark' && condition.includes('dark')));
  });
  const entries = roots.flatMap(({ declarations }) => Object.entries(declarations));
  return Object.fromEntries(entries.filter(([name]) => name.startsWith('--')));
}

/** Every colour that a value shows: one, or those of a gradient, as six digits; none for `none`. */
export function coloursIn(value: string, variables: Readonly<Record<string, string>>): readonly string[] {
  const resolved = value.replace(/var\((--[\w-]+)\)/g, (_, name: string) => {
    const colour = variables[name];
    if (colour === undefined) throw new TypeError(`nobody says what ${name} is`);
    return colour;
  });
  return resolved.match(/#[0-9a-f]{6}\b/g) ?? [];
}

/** Contrast of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio" and "relative luminance". */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
