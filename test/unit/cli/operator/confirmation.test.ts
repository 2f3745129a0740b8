import { describe, expect, test } from 'vitest';
import { confirmChange, isChange } from '../../../../src/cli/operator/confirmation.ts';
import type { Where } from '../../../../src/cli/operator/location.ts';
import { runAgainst } from '../../../../src/cli/operator/operator-command.ts';
import { deploymentOf } from '../deployment.fixture.ts';
import { recordTerminal } from '../terminal.fixture.ts';
import { fakeTarget } from './target.fixture.ts';

const deployment = deploymentOf('web');
const regions = deployment.controlRegions;
const aws: Where = { kind: 'aws', account: '111122223333', isAccountChecked: true, regions };
const lab: Where = { kind: 'lab', pid: 1 };

/** What came of a change: `done`, or the code and the message of the refusal. */
async function confirm(
  where: Where,
  flags: { readonly deployment?: string; readonly isConfirmed?: boolean } = {},
  typed?: string,
): Promise<string> {
  const terminal = recordTerminal(typed === undefined ? {} : { ask: async () => typed });
  try {
    await confirmChange({ deployment, where }, flags, terminal);
    return 'done';
  } catch (error) {
    return `${(error as { readonly code?: string }).code}: ${(error as Error).message}`;
  }
}

describe('what changes AWS', () => {
  test('goes on when a person types the name, and not for another', async () => {
    expect(await confirm(aws, {}, ' shop \n')).toBe('done');
    expect(await confirm(aws, {}, 'y')).toBe('TARGET: "y" is not shop; nothing was changed');
  });

  test('asks nobody with --yes on a terminal, but a script has to name the deployment', async () => {
    expect(await confirm(aws, { isConfirmed: true }, 'never asked')).toBe('done');
    expect(await confirm(aws, { isConfirmed: true })).toBe(
      'USAGE: this changes shop on AWS: say so where nobody can be asked: --deployment shop',
    );
    expect(await confirm(aws, { deployment: 'shop' })).toBe('done');
  });

  test('is refused for a deployment that is not the one that was found', async () => {
    expect(await confirm(aws, { deployment: 'bank', isConfirmed: true }, 'shop')).toMatch(
      /^TARGET: --deployment says bank, and this is shop in AWS account 111122223333, .*; nothing was changed$/,
    );
  });
});

test('a lab is asked nothing, unless another deployment is named', async () => {
  expect(await confirm(lab)).toBe('done');
  expect(await confirm(lab, { deployment: 'bank' })).toMatch(/^TARGET: --deployment says bank/);
});

test('verbs that look change nothing', () => {
  expect(
    (['status', 'plan', 'quorum', 'history', 'found', 'command'] as const).filter((verb) => isChange({ verb })),
  ).toEqual(['found', 'command']);
});

const flags = { json: false, by: undefined, lab: undefined, config: undefined, isWatching: false };

test('nothing is asked of a deployment before it is confirmed', async () => {
  const target = { ...fakeTarget(), where: aws };
  const before = target.register();
  const pause = { verb: 'command', service: 'web', command: { verb: 'pause', reason: '' }, isWaiting: true } as const;

  await expect(runAgainst(target, pause, flags, recordTerminal())).rejects.toMatchObject({ code: 'USAGE' });

  expect(target.register()).toBe(before);
});

test.each([
  [
    'has no table shop-failover-state: not deployed there',
    /: not deployed there, no region has its state table; deploy it/,
  ],
  ['no answer within 2.5 s', /: no region answers, and nothing is known of it \(us-east-1: no answer within 2\.5 s; /],
])('when no region answers on AWS that is the answer (%s)', async (why, says) => {
  const silent = Object.fromEntries(regions.map((region) => [region, why]));
  const target = { ...fakeTarget([...regions]), where: aws, readSilent: async () => silent };

  await expect(runAgainst(target, { verb: 'status', service: null }, flags, recordTerminal())).rejects.toMatchObject({
    code: 'TARGET',
    message: expect.stringMatching(says),
  });
});
