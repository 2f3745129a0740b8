import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cost } from '../../../../src/cli/deploy/cost-command.ts';
import type { CostJson } from '../../../../src/cli/show/cost.ts';
import { terminalPage } from '../../../../src/cli/terminal.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const example = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));

async function ask(isJson: boolean, compare?: true) {
  const terminal = recordTerminal();
  const exit = await cost(example, { ...(isJson && { json: true }), ...(compare && { compare }) }, terminal);
  return { exit, ...terminal.printed };
}

test('the table has a line a part, both sums, and the page of each price', async () => {
  const { exit, out, err } = await ask(false);
  const json = JSON.parse((await ask(true)).out) as CostJson;

  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(out).toContain(
    `shop: $${json.listUsd.toFixed(2)} a month at list price, $${json.afterFreeUsd.toFixed(2)} after`,
  );
  for (const { part, price } of json.lines) {
    const row = out.split('\n').find((line) => line.startsWith(`  ${part} `));
    const [, page] = row?.match(/\[(\d+)\]$/) ?? [];
    expect(out).toContain(`  [${page}] ${price.source}`);
  }
});

test.each([80, 60])('on a page of %i columns no line is wider, but for the addresses of pages', async (width) => {
  const terminal = recordTerminal({ page: terminalPage(width, false) });

  await cost(example, { compare: true }, terminal);

  const wide = terminal.printed.out.split('\n').filter((line) => line.length > width && line.trim().includes(' '));
  expect(wide.filter((line) => !line.includes('https://'))).toEqual([]);
  expect(terminal.printed.out).toMatch(/ +\d+\.\d\d +\d+\.\d\d {2}watchers: time: /);
});

test("AWS's own ways stand beside it when asked for, each with its price and its page", async () => {
  const { alternatives = [] } = JSON.parse((await ask(true, true)).out) as CostJson;
  const { out } = await ask(false, true);

  expect(alternatives.map(({ listUsd }) => listUsd)).toEqual([9.5, 70, 1_825]);
  for (const { name, listUsd, source } of alternatives) {
    const line = out.split('\n').find((text) => text.startsWith(`  ${name}: $${listUsd.toFixed(2)} a month`));
    const [, page] = line?.match(/\[(\d+)\]$/) ?? [];
    expect(out).toContain(`  [${page}] ${source}`);
  }
});

test('a file that is not there is one line', async () => {
  await expect(cost('/absent/failover.config.yaml', {}, recordTerminal())).rejects.toThrow(
    '/absent/failover.config.yaml: no such file or folder',
  );
});
