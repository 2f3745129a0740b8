import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allPages } from './pages.fixture.ts';

const script = readFileSync(join(import.meta.dirname, '../../../src/dashboard/browser/page.js'), 'utf8');
const pages = await allPages();

interface Tag {
  readonly name: string;
  readonly attributes: string;
  /** What stands inside, up to the next end of such an element. */
  readonly inside: string;
}

function tagsOf(html: string, name = '[a-z][a-z0-9]*'): readonly Tag[] {
  const body = html.slice(html.indexOf('<body'));
  return [...body.matchAll(new RegExp(`<(${name})((?:\\s[^>]*)?)>`, 'g'))].map((match) => {
    const [whole, tag = '', attributes = ''] = match;
    const from = match.index + whole.length;
    const end = body.indexOf(`</${tag}>`, from);
    return { name: tag, attributes, inside: end < 0 ? '' : body.slice(from, end) };
  });
}

const attribute = ({ attributes }: Tag, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1];
const textOf = ({ inside }: Tag) => inside.replace(/<[^>]+>/g, ' ').trim();

/** Attributes that the script acts on when its element is clicked. */
const clicked = ['data-command', 'data-fault', 'data-heal'];

test('the script hears of clicks on buttons alone, which the keyboard makes too', () => {
  const heard = [...script.matchAll(/addEventListener\('(\w+)'/g)].map(([, event]) => event);

  expect(heard.filter((event) => event !== 'input' && event !== 'all' && event !== 'change')).toEqual(['click']);
  expect(script).toContain(".closest('button')");
});

test('a page has buttons, and the lab has those of faults', () => {
  const lab = pages.find(({ name }) => name === 'lab')?.html ?? '';

  for (const name of clicked) expect(tagsOf(lab).some((tag) => attribute(tag, name) !== undefined)).toBe(true);
});

describe.each(pages)('the page $name', ({ html }) => {
  test('can be worked by the keyboard: what is clicked is a button, and nothing is taken out of the order', () => {
    const tags = tagsOf(html);
    const others = tags.filter(
      (tag) => tag.name !== 'button' && clicked.some((name) => attribute(tag, name) !== undefined),
    );

    expect(others).toEqual([]);
    expect(html).not.toMatch(/\son[a-z]+="/);
    expect(tags.flatMap((tag) => attribute(tag, 'tabindex') ?? []).filter((index) => index !== '0')).toEqual([]);
  });

  test('what scrolls by itself can be reached, and has a name', () => {
    const scrolling = tagsOf(html).filter((tag) => /\b(timeline|scroll)\b/.test(attribute(tag, 'class') ?? ''));
    const faulty = scrolling.filter((tag) => {
      const isNamed = attribute(tag, 'aria-label') ?? attribute(tag, 'aria-labelledby');
      return attribute(tag, 'tabindex') !== '0' || isNamed === undefined;
    });

    expect(faulty.map(({ attributes }) => attributes)).toEqual([]);
  });

  test('every button, link, summary and field has a name', () => {
    const nameless = tagsOf(html, 'button|a|summary').filter((tag) => textOf(tag) === '');
    const inLabels = tagsOf(html, 'label').flatMap((tag) => tagsOf(`<body>${tag.inside}`, 'input'));

    expect(nameless).toEqual([]);
    expect(tagsOf(html, 'input').length).toBe(inLabels.length);
  });

  test('what is said in the name of a button begins with the words on it', () => {
    const labelled = tagsOf(html, 'button').filter((tag) => attribute(tag, 'aria-label') !== undefined);

    expect(labelled.filter((tag) => !attribute(tag, 'aria-label')?.startsWith(textOf(tag)))).toEqual([]);
  });

  test('no two buttons, links or summaries of other ends are called the same', () => {
    const ends = ['data-command', 'data-fault', 'data-heal', 'href', 'id', 'value'];
    const endOf = (tag: Tag) => [tag.name, ...ends.map((name) => attribute(tag, name))].join();
    const nameOf = (tag: Tag) => attribute(tag, 'aria-label') ?? textOf(tag);
    const tags = tagsOf(html, 'button|a|summary');
    const isShared = (tag: Tag) => tags.some((other) => nameOf(other) === nameOf(tag) && endOf(other) !== endOf(tag));

    expect(tags.filter(isShared).map(nameOf)).toEqual([]);
  });

  test('pictures say in words what they show', () => {
    const silent = tagsOf(html, 'svg').filter(
      (tag) => attribute(tag, 'role') !== 'img' || (attribute(tag, 'aria-label') ?? '') === '',
    );

    expect(silent.map(({ attributes }) => attributes)).toEqual([]);
  });

  test('its parts are named by things that there are, each once', () => {
    const tags = tagsOf(html);
    const ids = tags.flatMap((tag) => attribute(tag, 'id') ?? []);
    const named = tags.flatMap((tag) => attribute(tag, 'aria-labelledby') ?? []);
    const targets = tags.flatMap((tag) => attribute(tag, 'href') ?? []).filter((href) => href.startsWith('#'));

    expect(ids).toEqual([...new Set(ids)]);
    expect([...named, ...targets.map((href) => href.slice(1))].filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('headings begin with one of the first level, and no level is passed over', () => {
    const levels = tagsOf(html, 'h[1-6]').map(({ name }) => Number(name.slice(1)));

    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  test('says its language, its title and that it fits a telephone', () => {
    expect(html).toMatch(/<html lang="en">[\s\S]*<meta name="viewport" content="width=device-width[^"]*">/);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(html).not.toMatch(/user-scalable=no|maximum-scale/);
  });
});
