import { expect, test } from 'vitest';
import { type TunePoint, tunePage } from '../../../src/dashboard/tune-page.ts';

const point: TunePoint = { setting: {}, killMs: 4_000, hangMs: 5_000, falseMovesIn100Days: 0.4, listUsd: 31 };

/** Bold words of a picture with what they cover: the widest usual font has letters of 0.62 of its size. */
function labelsOf(svg: string) {
  const form = /<text x="([\d.]+)" y="([\d.]+)" text-anchor="(start|end)" font-size="14" font-weight="600">([^<]*)</g;
  return [...svg.matchAll(form)].map(([, x = '', y = '', anchor, text = '']) => {
    const [at, length] = [Number(x), text.length * 14 * 0.62];
    return {
      text,
      y: Number(y),
      left: anchor === 'start' ? at : at - length,
      right: anchor === 'start' ? at + length : at,
    };
  });
}

test.each([
  ['near each other', [4_000, 4_100, 4_400, 4_600]],
  ['on the left', [400, 500, 4_600]],
  ['all over', [500, 2_000, 3_000, 4_600]],
])('labels of settings %s cover no other', (_, killTimes) => {
  const named = Object.fromEntries(
    killTimes.map((killMs, index) => [`the setting number ${index}`, { ...point, killMs }] as const),
  );

  const page = tunePage({ deployment: 'shop', service: 'web', days: 10, named, trials: [] });

  const pictures = page.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  expect(pictures).toHaveLength(2);
  for (const picture of pictures) {
    const labels = labelsOf(picture);
    const covered = labels.flatMap((one, index) =>
      labels
        .slice(index + 1)
        .filter((other) => one.left < other.right && other.left < one.right && Math.abs(one.y - other.y) < 14)
        .map((other) => `${one.text} / ${other.text}`),
    );
    expect(labels).toHaveLength(killTimes.length);
    expect(covered).toEqual([]);
    expect(labels.filter(({ y }) => y < 14)).toEqual([]);
  }
});
