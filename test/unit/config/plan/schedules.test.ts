import { expect, test } from 'vitest';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { schedulesOf } from '../../../../src/config/plan/schedules.ts';
import { shop } from '../shop.fixture.ts';

/** Minutes of the hour at which the regions of a deployment check, in their order. */
function minutesOf(name: string): readonly number[] {
  const deployment = defineDeployment({ ...shop, name });
  return deployment.controlRegions.flatMap((region) =>
    schedulesOf(deployment, region).flatMap(({ expression }) => {
      const [, minute] = /^cron\((\d{1,2}) \* \* \* \? \*\)$/.exec(expression) ?? [];
      return minute === undefined ? [] : [Number(minute)];
    }),
  );
}

test.each(['a', 'shop', 'shop-eu', 'payments-of-the-whole-group'])('%s is checked each half hour, in turn', (name) => {
  const minutes = minutesOf(name);

  expect(minutes).toHaveLength(2);
  const [first = -1, second = -1] = minutes;
  expect(Math.abs(first - second)).toBe(30);
  expect(minutes.filter((minute) => minute < 0 || minute > 59)).toEqual([]);
});

test('deployments check at minutes of their own', () => {
  const names = Array.from({ length: 30 }, (_, index) => `shop${index}`);

  expect(new Set(names.map((name) => minutesOf(name)[0])).size).toBeGreaterThan(15);
});

test('the watcher starts each minute in every region, checked or not', () => {
  const deployment = defineDeployment({ ...shop, doctor: { hourly: false } });

  expect(deployment.controlRegions.map((region) => schedulesOf(deployment, region))).toEqual(
    deployment.controlRegions.map(() => [
      {
        kind: 'watcher',
        name: 'shop-failover-watcher',
        description: 'Starts a watcher of shop',
        expression: 'rate(1 minute)',
      },
    ]),
  );
});
