import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { Cleanup, findRemains, removeRetained } from '../../../scripts/real-account/cleanup.ts';
import { firstWordMs, initMsIn, measureColdStart } from '../../../scripts/real-account/measures/cold-start.ts';
import { measureElasticIp } from '../../../scripts/real-account/measures/elastic-ip.ts';
import { measureFunctionUrl, subjectOf } from '../../../scripts/real-account/measures/function-url.ts';
import { isMajority, measureHealthChecks } from '../../../scripts/real-account/measures/health-checks.ts';
import { measurePermissions } from '../../../scripts/real-account/measures/permissions.ts';
import { measureSchedule } from '../../../scripts/real-account/measures/schedule.ts';
import { type Options, readOptions } from '../../../scripts/real-account/options.ts';
import { showFindings, summaryOf } from '../../../scripts/real-account/report.ts';
import { timeUntil } from '../../../scripts/real-account/tools.ts';
import { siteAddresses, trialDeployment } from '../../../scripts/real-account/trial.ts';
import { parseDeploymentValue } from '../../../src/config/loader.ts';
import { oraclePath } from '../../../src/core/dns/oracle-vote.ts';
import { fakeTools } from './fake-tools.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const words = ['--account', '123456789012', '--zone-id', 'Z0ABC', '--zone', 'test.example.com'];
const options: Options = readOptions(['--yes', '--moves', '2', '--schedule-minutes', '5', ...words], '0a1b2c3d');
const host = (region: string) => ({ Parameter: { Value: `${region}.lambda-url.example` } });
const regionIn = (args: readonly string[]) => args[args.indexOf('--region') + 1] ?? '';

describe('options', () => {
  test.each([
    [words, /say --yes/],
    [['--yes', '--zone-id', 'Z0ABC', '--zone', 'test.example.com'], /name the account/],
    [['--yes', '--account', '123456789012'], /name a public hosted zone/],
    [['--yes', '--regions', 'us-east-1,us-east-1,us-west-2', ...words], /three regions/],
    [['--yes', '--only', 'cold-start,everything', ...words], /no "everything"/],
    [['--yes', '--moves', '0', ...words], /--moves takes 1 to 100/],
    [['--yes', '--clean', 'shop', ...words], /--clean takes a name/],
  ])('%j is refused', (given, why) => {
    expect(() => readOptions(given, '0a1b2c3d')).toThrow(why);
  });

  test('the trial is a deployment that the schema and the rules accept', () => {
    const deployment = parseDeploymentValue(trialDeployment(options), 'the trial');

    expect(deployment).toMatchObject({ name: 'fo-real-0a1b2c3d', account: '123456789012' });
  });

  test('--plan says what would be done, without credentials and without AWS', async () => {
    const script = fileURLToPath(new URL('../../../scripts/real-account.ts', import.meta.url));
    const run = (...args: readonly string[]) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...args], { env: { PATH: '/nowhere' } });

    const [plan, refused] = await Promise.all([run('--plan', ...words), run(...words).catch((error) => error)]);

    expect(plan.stdout).toMatch(/^1\. check that the credentials are for account 123456789012/);
    expect(plan.stdout).toContain('nothing has been done');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('say --yes') });
  });
});

describe('measurements', () => {
  test('the oracles are timed, and asked whether they vote', async () => {
    const tools = fakeTools({ 'ssm get-parameter': (args) => host(regionIn(args)) });
    const { series, checks } = await measureFunctionUrl(tools, options);

    expect(series.map(({ values }) => values.length)).toEqual([50, 50, 50]);
    expect(checks.every(({ isPassed }) => isPassed)).toBe(true);
    const voting = await measureFunctionUrl({ ...tools, get: async () => 200 }, options);
    expect(voting.checks.some(({ isPassed }) => isPassed)).toBe(false);
  });

  test('a move is timed at votes, checkers, name servers and resolvers', async () => {
    let movedAtMs = Number.POSITIVE_INFINITY;
    let to: keyof typeof siteAddresses = 'first';
    const tools = fakeTools({
      'ssm get-parameter': (args) => host(regionIn(args)),
      'route53 get-hosted-zone': () => ({ DelegationSet: { NameServers: ['ns.example'] } }),
      'route53 list-health-checks': () => ({
        HealthChecks: ['first', 'second'].flatMap((site) =>
          options.regions.map((region) => ({
            Id: `${region}/${site}`,
            HealthCheckConfig: {
              FullyQualifiedDomainName: `${region}.lambda-url.example`,
              ResourcePath: oraclePath(subjectOf(options), [site]),
            },
          })),
        ),
      }),
      'route53 get-health-check-status': (_, nowMs) => {
        const Status = nowMs - movedAtMs > 10_000 ? 'Success: HTTP Status Code 200' : 'Failure: HTTP Status Code 503';
        return { HealthCheckObservations: [{ StatusReport: { Status } }, { StatusReport: { Status } }] };
      },
    });
    const passedMs = () => tools.nowMs() - movedAtMs;
    const { series, checks } = await measureHealthChecks(
      {
        ...tools,
        failover: async (...args) => {
          to = args[3] === 'second' ? 'second' : 'first';
          movedAtMs = tools.nowMs();
          return {};
        },
        get: async () => (passedMs() > 2_000 ? 200 : 503),
        ask: async (_, name) => {
          if (name === 'ns.example') return ['192.0.2.53'];
          return [siteAddresses[passedMs() > 20_000 ? to : to === 'first' ? 'second' : 'first']];
        },
      },
      options,
      'config.json',
    );

    expect(series.map(({ values }) => values.length)).toEqual([2, 2, 2, 2, 2]);
    const [votes = 0, checkers = 0, servers = 0] = series.map(({ values }) => values[0]);
    expect(votes).toBeGreaterThan(2_000);
    expect(checkers).toBeGreaterThan(Math.max(10_000, votes));
    expect(servers).toBeGreaterThan(Math.max(20_000, checkers));
    expect(checks).toMatchObject([{ isPassed: true }]);
  });

  test('an association counts once EC2 itself says so, and is undone', async () => {
    let [holder, wanted, askedMs] = ['', '', 0];
    const tools = fakeTools({
      'ec2 run-instances': () => ({ Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] }),
      'ec2 allocate-address': () => ({ AllocationId: 'eipalloc-1' }),
      'ec2 wait': () => null,
      'ec2 associate-address': (args, nowMs) => {
        wanted = args[args.indexOf('--instance-id') + 1] ?? '';
        askedMs = nowMs;
        return {};
      },
      'ec2 describe-addresses': (_, nowMs) => {
        if (nowMs - askedMs > 1_000) holder = wanted;
        return { Addresses: [{ InstanceId: holder }] };
      },
      'ec2 terminate-instances': () => ({}),
      'ec2 release-address': () => ({}),
    });
    const cleanup = new Cleanup(tools.say);
    const { series } = await measureElasticIp(tools, options, cleanup);
    await cleanup.run();

    expect(series[0]?.values.length).toBe(10);
    expect(Math.min(...(series[0]?.values ?? []))).toBeGreaterThan(1_000);
    expect(tools.calls.filter((call) => /release|terminate-instances/.test(call)).length).toBe(2);
  });

  test('permissions are found too wide as well as too narrow', async () => {
    const answering = (decision: string) =>
      fakeTools({
        'lambda get-function-configuration': () => ({ Role: 'arn:aws:iam::123456789012:role/x' }),
        'iam simulate-principal-policy': () => ({ EvaluationResults: [{ EvalDecision: decision }] }),
      });
    const wide = await measurePermissions(answering('allowed'), options);
    const narrow = await measurePermissions(answering('implicitDeny'), options);

    const failed = ({ checks }: typeof wide) => checks.filter(({ isPassed }) => !isPassed).map(({ name }) => name);
    expect(failed(wide).every((name) => name.includes(' may not '))).toBe(true);
    expect(failed(narrow).every((name) => name.includes(' may ') && !name.includes(' may not '))).toBe(true);
    expect(failed(wide).length + failed(narrow).length).toBe(wide.checks.length);
    expect(failed(narrow).length).toBeGreaterThan(0);
  });

  test('cold starts and gaps are read from the logs', async () => {
    const events = (times: readonly number[], message: string) => ({
      events: times.map((timestamp) => ({ timestamp, logStreamName: 's', message })),
    });
    const tools = fakeTools({
      'logs filter-log-events': (args) => {
        const pattern = args[args.indexOf('--filter-pattern') + 1] ?? '';
        if (pattern.includes('START')) return events([60_000, 120_000, 400_000], 'START RequestId: 1');
        if (pattern.includes('watcher-started')) return events([68_000], 'watcher-started');
        return pattern.includes('Init Duration')
          ? events([61_000], 'REPORT ... Init Duration: 312.45 ms')
          : { events: [] };
      },
    });
    const cold = await measureColdStart(tools, options, 0);
    const schedule = await measureSchedule(tools, options);

    expect(cold.series.slice(0, 2).map(({ values }) => values)).toEqual([[312.45], [8_000]]);
    expect(schedule.series[0]?.values).toEqual([60_000, 280_000]);
    expect(schedule.checks.map(({ isPassed }) => isPassed)).toEqual([false, false, false]);
    expect(initMsIn('REPORT Duration: 3 ms')).toEqual([]);
    expect(firstWordMs([], [])).toBeNull();
  });
});

describe('cleaning up', () => {
  const listing = (tables: readonly string[]) => ({
    'dynamodb list-tables': () => ({ TableNames: tables }),
    'dynamodb update-table': () => ({}),
    'dynamodb wait': () => null,
    'dynamodb delete-table': () => ({}),
    'logs describe-log-groups': () => ({
      logGroups: [{ logGroupName: '/aws/lambda/fo-real-0a1b2c3d-failover-watcher' }],
    }),
    'logs delete-log-group': () => ({}),
    'cloudformation describe-stacks': () => ({ Stacks: [{ StackName: 'shop-failover-us-east-1' }] }),
    'ec2 describe-instances': () => ({ Reservations: [] }),
    'ec2 describe-addresses': () => ({ Addresses: [] }),
  });

  test('deletes the tables of its own name and no others', async () => {
    const tools = fakeTools(listing(['shop-failover-state', 'fo-real-0a1b2c3d-failover-state']));
    await removeRetained(tools, options);

    const deleted = tools.calls.filter((call) => call.includes('delete-table'));
    expect(deleted.length).toBe(3);
    expect(deleted.every((call) => call.endsWith('--table-name fo-real-0a1b2c3d-failover-state'))).toBe(true);
    await expect(removeRetained(tools, { ...options, name: 'shop' })).rejects.toThrow(
      'not a name of this script: shop',
    );
  });

  test('lists what is left, and nothing of others', async () => {
    const tools = fakeTools(listing(['shop-failover-state', 'fo-real-0a1b2c3d-failover-state']));

    expect(await findRemains(tools, options)).toEqual(
      options.regions.flatMap((region) => [
        `table fo-real-0a1b2c3d-failover-state in ${region}`,
        `log group /aws/lambda/fo-real-0a1b2c3d-failover-watcher in ${region}`,
      ]),
    );
  });

  test('goes on after what fails, newest first, and only once', async () => {
    const tools = fakeTools();
    const cleanup = new Cleanup(tools.say);
    const undone: string[] = [];
    cleanup.later('first', async () => void undone.push('first'));
    cleanup.later('second', async () => Promise.reject(new Error('no')));
    cleanup.later('third', async () => void undone.push('third'));
    await Promise.all([cleanup.run(), cleanup.run()]);

    expect(undone).toEqual(['third', 'first']);
    expect(tools.said).toContain('  could not: Error: no');
  });
});

test('what does not come to hold within the limit has no time, and a look that fails is no end', async () => {
  const tools = fakeTools();
  const limits = { sinceMs: tools.nowMs(), everyMs: 100, limitMs: 1_000 };
  let looks = 0;

  expect(await timeUntil(tools, async () => false, limits)).toBeNull();
  const holds = async () => {
    looks += 1;
    if (looks === 1) throw new Error('lost');
    return true;
  };
  expect(await timeUntil(tools, holds, { ...limits, sinceMs: tools.nowMs() })).toBe(100);
});

test.each([
  [[], false],
  [[true], true],
  [[true, false], false],
  [[true, true, false], true],
])('most of %j: %s', (votes, is) => {
  expect(isMajority(votes)).toBe(is);
});

test('figures are laid out with their median, and what failed is named', () => {
  expect(summaryOf({ values: [3, 1, 2, 10] })).toEqual({ count: 4, least: 1, median: 2.5, most: 10 });
  expect(summaryOf({ values: [] })).toBeNull();
  const shown = showFindings({
    series: [{ name: 'a', unit: 'ms', values: [1, 2, 3], note: 'n' }],
    checks: [{ name: 'c', isPassed: false, detail: 'd' }],
  });
  expect(shown).toContain('| a | 3 | 1 | 2 | 3 | ms | n |');
  expect(shown).toContain('0 of 1 checks passed.\n- failed: c (d)');
});
