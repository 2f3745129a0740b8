import { describe, expect, it } from 'vitest';
import { dueOf, zonal as kind, type ZonalState, type ZonalThing } from '../../../../src/core/kinds/zonal.ts';

const hourMs = 3_600_000;
const none: ZonalState = { away: null, isOwn: false, leftMs: 0 };
const own = (away: string, leftMs = 12 * hourMs): ZonalState => ({ away, isOwn: true, leftMs });
const foreign = (away: string): ZonalState => ({ away, isOwn: false, leftMs: hourMs });

describe('a zonal shift', () => {
  it.each<[string, readonly string[], ZonalState, ReturnType<typeof dueOf>]>([
    ['no shift, and none is due', [], none, 'nothing'],
    ['no shift, and one is due', ['az1'], none, 'start'],
    ['its own, as due', ['az1'], own('az1'), 'nothing'],
    ['its own, as due, with half of its time', ['az1'], own('az1', 6 * hourMs), 'nothing'],
    ['its own, as due, with less than half of its time', ['az1'], own('az1', 6 * hourMs - 1), 'renew'],
    ['its own, when none is due any more', [], own('az1'), 'cancel'],
    ['its own, away from another zone', ['az2'], own('az1'), 'cancel'],
    ["somebody else's, when none is due", [], foreign('az1'), 'nothing'],
    ["somebody else's, as due", ['az1'], foreign('az1'), 'nothing'],
    ["somebody else's, away from another zone", ['az2'], foreign('az1'), 'yield'],
    ['its own, away from one of two', ['az1', 'az2'], own('az2'), 'nothing'],
  ])('needs, when there is %s (%j): %j, %s', (_, away, seen, due) => {
    const thing: ZonalThing = { region: 'region-1', resourceArn: 'arn', away, expiryMs: 12 * hourMs, comment: 'c' };

    expect(dueOf(thing, seen)).toBe(due);
    expect(kind.compare(thing, seen)).toBe(due === 'nothing' ? 'as-ordered' : 'differs');
  });
});
