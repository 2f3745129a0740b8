import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages } from '../unit/dashboard/pages.fixture.ts';
import { findBrowser } from './browser.ts';

const browserPath = findBrowser();
/** Where pictures of the pages go, for a person to look at. */
const pictures = resolve(import.meta.dirname, '../../out/pages');

const pages = await allPages();
const views = pages.flatMap((page) =>
  (['light', 'dark'] as const).flatMap((colorScheme) => [400, 1280].map((width) => ({ ...page, colorScheme, width }))),
);

/** What is wrong with the contrast of a text as it is painted, by WCAG 2.2, 1.4.3; runs in the browser. */
const weakTexts = `(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      const painted = backgroundImage === 'none' ? parse(backgroundColor) : parse(backgroundImage.match(/rgb\\([^)]*\\)/)[0]);
      if (painted.length === 3 || painted[3] > 0) return painted;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = [];
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    const isSeen = parentElement.checkVisibility() && !parentElement.closest('style, svg, dialog:not([open])');
    if (textContent.trim() === '' || !isSeen) continue;
    const [dark, light] = [parse(getComputedStyle(parentElement).color), groundOf(parentElement)].map(luminance).sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    // The cross in a key is a mark: 3.
    const least = parentElement.matches('i.lost') ? 3 : 4.5;
    if (ratio < least) weak.push(textContent.trim() + ': ' + ratio.toFixed(2));
  }
  return weak;
})()`;

/** What can be reached: everything that is visible and takes a click, a key or a text. */
const reachable = `[...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
  .filter((element) => element.checkVisibility() && !element.disabled && !element.closest('dialog:not([open])')).length`;

/** What has the focus, whether its ring is painted and whether it is in sight, not below the head of the page. */
const focused = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  element.dataset.visited ??= String(window.visits = (window.visits ?? 0) + 1);
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 30) / 2);
  return {
    number: Number(element.dataset.visited),
    what: element.outerHTML.slice(0, 80),
    isRinged: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    isInSight: top !== null && (element.contains(top) || top.contains(element)),
  };
})()`;

interface Focused {
  readonly number: number;
  readonly what: string;
  readonly isRinged: boolean;
  readonly isInSight: boolean;
}

describe.skipIf(browserPath === null && process.env.CI !== 'true')('every page in a real browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({ executablePath: browserPath ?? 'chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  async function open({ html, width, colorScheme }: (typeof views)[number]): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
    await page.setContent(html);
    return page;
  }

  it.each(views)('$name fits $width pixels, and each text can be read ($colorScheme)', async (view) => {
    const page = await open(view);
    await page.screenshot({
      path: join(pictures, `${view.name}-${view.width}-${view.colorScheme}.png`),
      fullPage: true,
    });

    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await page.close();
  });

  it.each(views.filter(({ colorScheme }) => colorScheme === 'light'))(
    '$name is worked by the keyboard alone, and shows where it is ($width)',
    async (view) => {
      const page = await open(view);
      const count = Number(await page.evaluate(reachable));

      const visited: Focused[] = [];
      for (let index = 0; index < count; index += 1) {
        await page.keyboard.press('Tab');
        const at = (await page.evaluate(focused)) as Focused | null;
        if (at !== null) visited.push(at);
      }

      expect(visited.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      expect(visited.filter(({ isRinged, isInSight }) => !isRinged || !isInSight)).toEqual([]);
      await page.close();
    },
  );
});
