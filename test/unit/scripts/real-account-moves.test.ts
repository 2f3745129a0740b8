import { describe, expect, test } from 'vitest';
import { Cleanup } from '../../../scripts/real-account/cleanup.ts';
import { measureAssociation } from '../../../scripts/real-account/measures/association.ts';
import { measureDarkOracles } from '../../../scripts/real-account/measures/dark-oracles.ts';
import { measureDrownedOracle } from '../../../scripts/real-account/measures/drowned-oracle.ts';
import { measureMemoryUsed, memoryIn } from '../../../scripts/real-account/measures/memory-used.ts';
import { measureThirdSite } from '../../../scripts/real-account/measures/third-site.ts';
import { watchAnswers } from '../../../scripts/real-account/name-servers.ts';
import { type Options, readOptions } from '../../../scripts/real-account/options.ts';
import type { Tools } from '../../../scripts/real-account/tools.ts';
import { type Extras, type SiteName, siteAddresses, trialDeployment } from '../../../scripts/real-account/trial.ts';
import { parseDeployment, parseDeploymentValue } from '../../../src/config/loader.ts';
import { fakeTools } from './fake-tools.fixture.ts';

const words = ['--account', '123456789012', '--zone-id', 'Z0ABC', '--zone', 'test.example.com'];
const options: Options = readOptions(['--yes', ...words], '0a1b2c3d');
const regionIn = (args: readonly string[]) => args[args.indexOf('--region') + 1] ?? '';
const zone = { 'route53 get-hosted-zone': () => ({ DelegationSet: { NameServers: ['ns.example'] } }) };
const host = {
  'ssm get-parameter': (args: readonly string[]) => ({ Parameter: { Value: `${regionIn(args)}.example` } }),
};

/** A zone whose servers follow a switchover after some time, and give what `astray` says instead while it says so. */
function movingTools(answers: Parameters<typeof fakeTools>[0], more: Partial<Tools> = {}, followMs = 20_000) {
  const state: { site: SiteName; sinceMs: number; before: SiteName; astray: SiteName | null } = {
    site: 'first',
    before: 'first',
    sinceMs: 0,
    astray: null,
  };
  const tools = fakeTools({ ...zone, ...host, ...answers });
  return {
    state,
    tools: {
      ...tools,
      failover: async (...args: readonly string[]) => {
        state.before = state.site;
        state.site = args[args.indexOf('--to') + 1] as SiteName;
        state.sinceMs = tools.nowMs();
        return {};
      },
      ask: async (_: string, name: string) => {
        if (name === 'ns.example') return ['192.0.2.53'];
        const followed = tools.nowMs() - state.sinceMs > followMs ? state.site : state.before;
        return [siteAddresses[state.astray ?? followed]];
      },
      ...more,
    },
  };
}

test.each<[string, Extras]>([
  ['as it begins', {}],
  ['with memory', { memory: true }],
  ['with a third site', { third: true }],
  ['with an address', { address: { allocationId: 'eipalloc-0a1b', left: 'i-0a1b', right: 'i-0a1c' } }],
  [
    'with all of them',
    { memory: true, third: true, address: { allocationId: 'eipalloc-0a1b', left: 'i-0a1b', right: 'i-0a1c' } },
  ],
])('the trial %s is a deployment, and so is what is written of it', (_, extras) => {
  const deployment = parseDeploymentValue(trialDeployment(options, extras), 'the trial');

  expect(parseDeployment(JSON.stringify(deployment), 'the file')).toEqual(deployment);
});

describe('watching answers', () => {
  const watch = (tools: Tools, work: () => Promise<void>) =>
    watchAnswers(tools, options, ['192.0.2.53'], 'first', 'it was watched', work);

  test('finds one wrong answer among many, and goes on until the work has ended', async () => {
    const { tools, state } = movingTools({});
    const check = await watch(tools, async () => {
      await tools.sleep(10_000);
      state.astray = 'second';
      await tools.sleep(10_000);
      state.astray = null;
      await tools.sleep(10_000);
    });

    expect(check).toMatchObject({ isPassed: false, detail: '192.0.2.53: 198.51.100.10' });
  });

  test('takes no answer for no wrong one, and hands on what went wrong with the work', async () => {
    const { tools } = movingTools({}, { ask: async () => [] });

    expect(await watch(tools, async () => tools.sleep(10_000))).toMatchObject({ isPassed: true });
    await expect(watch(tools, () => Promise.reject(new Error('no stack')))).rejects.toThrow('no stack');
  });
});

describe('a flood', () => {
  test.each([
    ['holds', 429, true],
    ['is felt by nobody', 503, false],
  ])('that the oracle %s', async (_, status, isFelt) => {
    let asked = 0;
    const { tools, state } = movingTools({});
    const { checks } = await measureDrownedOracle(
      {
        ...tools,
        get: async () => {
          asked += 1;
          return asked % 2 === 0 ? status : 503;
        },
      },
      options,
      'config.json',
    );

    expect(checks.map(({ isPassed }) => isPassed)).toEqual([true, isFelt, true, true]);
    expect(asked).toBeLessThanOrEqual(30_000);
    expect(state.site).toBe('first');
  });
});

describe('oracles that are off', () => {
  const concurrency = {
    'lambda get-function-concurrency': () => ({ ReservedConcurrentExecutions: 10 }),
    'lambda put-function-concurrency': () => ({}),
  };
  const measure = async (get: Tools['get'], stray = false) => {
    const { tools, state } = movingTools(concurrency, { get });
    const cleanup = new Cleanup(tools.say);
    const extended: Extras[] = [];
    const { checks, series } = await measureDarkOracles(
      {
        ...tools,
        sleep: async (ms) => {
          state.astray = stray && ms === 600_000 ? 'first' : null;
          await tools.sleep(ms);
          if (state.astray !== null) await tools.sleep(2_000);
        },
      },
      options,
      cleanup,
      'config.json',
      async (more) => void extended.push(more),
    );
    return { checks, series, extended, tools, cleanup };
  };

  test('are off in every region, and get back what they had, whatever happens', async () => {
    const { checks, series, extended, tools, cleanup } = await measure(async () => 429);

    expect(extended).toEqual([{ memory: true }]);
    expect(checks.every(({ isPassed }) => isPassed)).toBe(true);
    expect(series[0]?.values).toHaveLength(1);
    const puts = () => tools.calls.filter((call) => call.includes('put-function-concurrency'));
    expect(puts().filter((call) => call.endsWith(' 0'))).toHaveLength(3);
    expect(puts().filter((call) => call.endsWith(' 10'))).toHaveLength(3);
    await cleanup.run();
    expect(puts().filter((call) => call.endsWith(' 10'))).toHaveLength(6);
  });

  test('are not off when one still answers', async () => {
    const { checks } = await measure(async (url) => (url.includes('us-west-2') ? 200 : 429));

    expect(checks.map(({ isPassed }) => isPassed)).toEqual([true, false, true, true]);
  });

  test('are left alone where nothing is reserved: there would be nothing to give back', async () => {
    const { tools } = movingTools({ 'lambda get-function-concurrency': () => ({}) });
    const cleanup = new Cleanup(tools.say);

    await expect(measureDarkOracles(tools, options, cleanup, 'config.json', async () => {})).rejects.toThrow(
      'no reserved concurrency',
    );
    expect(tools.calls.some((call) => call.includes('put-function-concurrency'))).toBe(false);
  });
});

describe('a third site', () => {
  test('is added while the first serves, and moved to and back from', async () => {
    const { tools, state } = movingTools({});
    const extended: Extras[] = [];
    const { checks, series } = await measureThirdSite(tools, options, 'config.json', async (more) => {
      extended.push(more);
      await tools.sleep(600_000);
    });

    expect(extended).toEqual([{ third: true }]);
    expect(checks.every(({ isPassed }) => isPassed)).toBe(true);
    expect(series[0]?.values[0]).toBeGreaterThanOrEqual(600_000);
    expect(state.site).toBe('first');
  });

  test('that sends somebody away while it comes is found', async () => {
    const { tools, state } = movingTools({});
    const { checks } = await measureThirdSite(tools, options, 'config.json', async () => {
      state.astray = 'third';
      for (let second = 0; second < 10; second += 1) await tools.sleep(1_000);
      state.astray = null;
    });

    expect(checks.map(({ isPassed }) => isPassed)).toEqual([false, true, true]);
  });
});

describe('an association by the deployment', () => {
  const measure = async (isMoved: boolean) => {
    let holder = 'i-1';
    const tools = fakeTools(
      {
        'ec2 run-instances': () => ({ Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] }),
        'ec2 allocate-address': () => ({ AllocationId: 'eipalloc-1' }),
        'ec2 wait': () => null,
        'ec2 associate-address': () => ({}),
        'ec2 describe-addresses': () => ({ Addresses: [{ InstanceId: holder }] }),
        'ec2 terminate-instances': () => ({}),
        'ec2 release-address': () => ({}),
      },
      {
        failover: async (...args) => {
          if (isMoved) holder = args.includes('right') ? 'i-2' : 'i-1';
          return {};
        },
      },
    );
    const cleanup = new Cleanup(tools.say);
    const extended: Extras[] = [];
    const findings = await measureAssociation(tools, options, cleanup, 'config.json', async (more) => {
      extended.push(more);
    });
    await cleanup.run();
    return { ...findings, extended, tools };
  };

  test('is made by its own function: this script associates once, before', async () => {
    const { checks, series, extended, tools } = await measure(true);

    expect(extended).toEqual([{ address: { allocationId: 'eipalloc-1', left: 'i-1', right: 'i-2' } }]);
    expect(checks.map(({ isPassed }) => isPassed)).toEqual([true, true]);
    expect(series[0]?.values).toHaveLength(2);
    expect(tools.calls.filter((call) => call.includes('associate-address'))).toHaveLength(1);
    expect(tools.calls.filter((call) => /release|terminate-instances/.test(call))).toHaveLength(2);
  });

  test('that does not come is found, and what was made is removed all the same', async () => {
    const { checks, tools } = await measure(false);

    expect(checks.map(({ isPassed }) => isPassed)).toEqual([false, true]);
    expect(tools.calls.filter((call) => /release|terminate-instances/.test(call))).toHaveLength(2);
  });
});

describe('memory', () => {
  const report = (usedMb: number) =>
    `REPORT RequestId: 1 Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: ${usedMb} MB\t`;

  test.each([
    [[], false],
    [[90, 97], true],
    [[90, 120], false],
  ])('of %j MB of 128 is enough: %s', async (used, isEnough) => {
    const events = used.map((usedMb, index) => ({ timestamp: index, logStreamName: 's', message: report(usedMb) }));
    const tools = fakeTools({ 'logs filter-log-events': () => ({ events }) });
    const { series, checks } = await measureMemoryUsed(tools, options, 0);

    expect(series.map(({ values }) => values)).toEqual([used, used, used]);
    expect(checks.map(({ isPassed }) => isPassed)).toEqual([isEnough, isEnough, isEnough]);
  });

  test('is read from reports alone', () => {
    expect(memoryIn('REPORT Duration: 3 ms')).toEqual([]);
  });
});
