import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../../src/adapters/system/clock.ts';
import { systemRng } from '../../../../../src/adapters/system/rng.ts';
import { readConfigFile } from '../../../../../src/cli/deploy/config-file.ts';
import type { Order, StepReport } from '../../../../../src/core/kinds/order.ts';
import { serviceOf } from '../../../../../src/core/model/deployment.ts';
import { observeThings, rehearseMove } from '../../../../../src/core/operator/gameday/rehearsed-move.ts';
import { genesis } from '../../../../../src/core/register/register.ts';
import { PortError } from '../../../../../src/ports/port-error.ts';
import { runRoutine } from '../../../../../src/ports/routine-runner.ts';

const file = fileURLToPath(new URL('../../../../../examples/database/failover.config.yaml', import.meta.url));
const deployment = await readConfigFile(file);
const { controlRegions } = deployment;
const service = serviceOf(deployment, 'db');
const facts = { service, register: genesis('virginia'), ownRegion: controlRegions[0] ?? '', controlRegions };

async function run(routine: ReturnType<typeof rehearseMove>, answer: (order: Order) => StepReport) {
  const orders: Order[] = [];
  const invoke = async ({ order }: { readonly order: Order }) => {
    orders.push(order);
    return answer(order);
  };
  const steps = await runRoutine(routine, { clock: systemClock, rng: systemRng, handlers: { invoke } });
  return { orders, steps };
}

const fine: StepReport = { outcome: 'pending', hasWritten: false, detail: 'it would be done' };

test('each function of a failover is asked, and no order does more than look', async () => {
  const { orders, steps } = await run(rehearseMove(facts, 'oregon', 0), () => fine);

  expect(orders.length).toBeGreaterThan(0);
  expect(new Set(orders.map(({ manner }) => manner))).toEqual(new Set(['rehearse']));
  expect(steps.find(({ step }) => step === 'promote')).toMatchObject({
    outcome: 'would-do',
    detail: 'it would be done',
  });
  expect(steps.filter(({ outcome }) => outcome === 'watchers').map(({ step }) => step)).toContain('verify');
});

test.each<[string, (order: Order) => StepReport, string]>([
  [
    'a right that is missing',
    () => ({ outcome: 'failed', fault: { kind: 'denied', detail: 'rds:DescribeGlobalClusters' } }),
    'denied: rds:DescribeGlobalClusters',
  ],
  [
    'another configuration',
    () => ({ outcome: 'disagreed', detail: 'db: configured differently' }),
    'db: configured differently',
  ],
  [
    'no answer',
    () => {
      throw new PortError({ kind: 'timeout', detail: 'no answer' });
    },
    'timeout: no answer',
  ],
])('a function that could not do its step says why: %s', async (_, answer, detail) => {
  const { steps } = await run(rehearseMove(facts, 'oregon', 0), answer);

  expect(steps.find(({ step }) => step === 'promote')).toMatchObject({ outcome: 'fails', detail });
});

test('what is at rest is looked at where it is, by orders that only look', async () => {
  const orders: Order[] = [];
  const invoke = async ({ order }: { readonly order: Order }): Promise<StepReport> => {
    orders.push(order);
    return orders.length === 1 ? { outcome: 'as-ordered', hasWritten: false } : fine;
  };
  const things = await runRoutine(observeThings(facts), {
    clock: systemClock,
    rng: systemRng,
    handlers: { invoke },
  });

  expect(things.length).toBe(orders.length);
  expect(things[0]?.state).toBe('as the register wants it');
  expect(new Set(orders.map(({ manner }) => manner))).toEqual(new Set(['rehearse']));
});
