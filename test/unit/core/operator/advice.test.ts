import { describe, expect, test } from 'vitest';
import { parseOperatorLine } from '../../../../src/cli/operator/operator-line.ts';
import { adviceLine, adviceOnSite, adviceOnStandby } from '../../../../src/core/alerting/advice.ts';
import { ineligibilities } from '../../../../src/core/decision/eligibility.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { obey } from '../../../../src/core/operator/command.ts';
import type { CommandContext, CommandOutcome } from '../../../../src/core/operator/command-outcome.ts';
import { fence, registerWith, serviceWith } from '../service.fixture.ts';

const service = serviceWith({ sites: { one: { fence }, two: { fence } }, failover: { maxReplicationLagMs: 1_000 } });
const deployment: Deployment = {
  name: 'x',
  controlRegions: ['region-1', 'region-2', 'region-3'],
  services: { [service.name]: service },
  notify: { emails: [], topics: [], webhooks: [] },
  watcher: { tracing: false },
  doctor: { hourly: true },
  accept: {},
  groups: {},
};

/** Everything that may speak against a site, each on or off. */
const flags = ['isInMaintenance', 'isLost', 'isOwed', 'isUnready', 'isLagging'] as const;
type Flags = Readonly<Record<(typeof flags)[number], boolean>>;
const verdicts: readonly Verdict[] = ['up', 'degraded', 'unclear', 'down'];
const states = verdicts.flatMap((verdict) =>
  Array.from({ length: 2 ** flags.length }, (_, bits) => ({
    verdict,
    on: Object.fromEntries(flags.map((flag, index) => [flag, (bits & (1 << index)) > 0])) as Flags,
  })),
);

function contextOf({ verdict, on }: (typeof states)[number], active: Verdict): CommandContext {
  return {
    service,
    register: registerWith({
      epoch: 2,
      maintenance: on.isInMaintenance ? ['two'] : [],
      lost: on.isLost ? ['two'] : [],
      owed: on.isOwed ? [{ site: 'two', epoch: 2, proof: 'closed' }] : [],
    }),
    knowledge: {
      verdicts: { one: active, two: verdict, far: 'down' },
      reports: { two: { replicationLagMs: on.isLagging ? 9_000 : 10, ...(on.isUnready ? { ready: false } : {}) } },
      dependencies: {},
    },
    stopwatches: {},
    group: null,
    disputes: [],
    by: 'eve',
    wallMs: 1,
    votersMs: 1,
  };
}

/** The command that a text advises last; null when it advises none. */
function commandIn(text: string): string | null {
  return [...text.matchAll(/"cdk-failover ([^"]+)"/g)].at(-1)?.[1] ?? null;
}

function give(line: string, context: CommandContext): CommandOutcome {
  const parsed = parseOperatorLine(line, deployment);
  if (!('request' in parsed) || parsed.request.verb !== 'command') throw new Error(`no command: ${line}`);
  return obey(parsed.request.command, context);
}

const faultsIn = ({ register, knowledge }: CommandContext) => ineligibilities(service, register, knowledge, 'two');

describe(`in each of ${states.length} states of a standby`, () => {
  test('what is advised for a move is obeyed, once what no move overrides is taken away', () => {
    const refused = states.flatMap((state) => {
      const context = contextOf(state, 'down');
      const given = adviceOnSite(faultsIn(context), state.verdict);
      const line = given === null ? null : commandIn(adviceLine(given, { service: service.name, site: 'two' }));
      if (line === null) return [];
      const outcome = give(line, context);
      return outcome.outcome === 'refused' ? [`${line}: ${outcome.message}`] : [];
    });

    expect(refused).toEqual([]);
  });

  test('what is advised while the active site serves moves nothing, and is obeyed', () => {
    const wrong = states.flatMap((state) => {
      const context = contextOf(state, 'up');
      const given = adviceOnStandby(faultsIn(context));
      const line = given === null ? null : commandIn(adviceLine(given, { service: service.name, site: 'two' }));
      if (line === null) return [];
      const outcome = give(line, context);
      const isMove = outcome.outcome === 'accepted' && outcome.register.epoch !== context.register.epoch;
      return outcome.outcome === 'refused' || isMove ? [`${line}: ${outcome.message}`] : [];
    });

    expect(wrong).toEqual([]);
  });

  test.each(['', ' --force', ' --force --allow-data-loss'])('no refusal advises what it refuses (%s)', (options) => {
    const circles = states.flatMap((state) => {
      const context = contextOf(state, 'down');
      const line = `failover ${service.name} --to two${options}`;
      const outcome = give(line, context);
      if (outcome.outcome !== 'refused') return [];
      const advised = commandIn(outcome.message);
      return advised !== null && give(advised, context).outcome === 'refused' ? [`${line} > ${advised}`] : [];
    });

    expect(circles).toEqual([]);
  });

  test('the states have refusals by force among them, and moves', () => {
    const outcomes = states.map((state) => give(`failover ${service.name} --to two --force`, contextOf(state, 'down')));

    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['accepted', 'refused']));
  });
});

test('a standby that is down is repaired, and not forced', () => {
  const down = contextOf(
    { verdict: 'down', on: Object.fromEntries(flags.map((flag) => [flag, false])) as Flags },
    'down',
  );

  expect(give(`failover ${service.name} --to two --force`, down)).toMatchObject({
    outcome: 'refused',
    message: expect.stringContaining('repair two; nobody can move to a site that a quorum calls down'),
  });
});
