import { describe, expect, test } from 'vitest';
import { parseOperatorLine } from '../../../../src/cli/operator/operator-line.ts';
import { deploymentOf } from '../deployment.fixture.ts';

const one = deploymentOf('web');
const two = deploymentOf('web', 'api');

const command = (given: object, isWaiting = true) => ({ verb: 'command', service: 'web', command: given, isWaiting });
const planned = { verb: 'plan-switchover', to: 'oregon', atMs: Date.UTC(2026, 11, 1, 2) };

describe('reads each verb', () => {
  test.each([
    ['status', { verb: 'status', service: null }],
    ['status web', { verb: 'status', service: 'web' }],
    ['quorum web --json', { verb: 'quorum', service: 'web' }],
    ['history', { verb: 'history', service: null, sinceMs: null }],
    ['history web --since 12h', { verb: 'history', service: 'web', sinceMs: 43_200_000 }],
    ['explain', { verb: 'explain', service: null }],
    ['explain web last', { verb: 'explain', service: 'web' }],
    ['explain last', { verb: 'explain', service: null }],
    ['explain web 7', { verb: 'explain', service: 'web', epoch: 7 }],
    ['explain 7', { verb: 'explain', service: null, epoch: 7 }],
    ['plan web', { verb: 'plan', service: 'web', to: null }],
    ['plan --to oregon', { verb: 'plan', service: 'web', to: 'oregon' }],
    ['switchover web --to oregon', command({ verb: 'switchover', to: 'oregon' })],
    [
      'switchover web --to oregon --at 2026-12-01T02:00Z',
      command({ ...planned, withinMs: 600_000, reason: 'no reason given' }),
    ],
    [
      'switchover --to oregon --at 2026-12-01T03:00+01:00 --within 1h --reason "new kernel"',
      command({ ...planned, withinMs: 3_600_000, reason: 'new kernel' }),
    ],
    ['switchover web --cancel', command({ verb: 'cancel-switchover' })],
    ['switchover --list', { verb: 'planned', service: null }],
    ['switchover web --list', { verb: 'planned', service: 'web' }],
    ['switchover --to=oregon --no-wait', command({ verb: 'switchover', to: 'oregon' }, false)],
    [
      'failover web',
      command({ verb: 'failover', to: null, isForced: false, isDataLossAllowed: false, isProofWaived: false }),
    ],
    [
      'failover web --force --allow-data-loss --to oregon',
      command({ verb: 'failover', to: 'oregon', isForced: true, isDataLossAllowed: true, isProofWaived: false }),
    ],
    ['failback web', command({ verb: 'failback' })],
    ['release web oregon', command({ verb: 'release', site: 'oregon', areTwoWritersAllowed: false })],
    [
      'release web oregon --allow-two-writers',
      command({ verb: 'release', site: 'oregon', areTwoWritersAllowed: true }),
    ],
    [
      'failover web --force --without-fence-proof',
      command({ verb: 'failover', to: null, isForced: true, isDataLossAllowed: false, isProofWaived: true }),
    ],
    ['continue web', command({ verb: 'continue' })],
    ['continue --no-wait', command({ verb: 'continue' }, false)],
    ['skip web start', command({ verb: 'skip', step: 'start', areTwoWritersAllowed: false })],
    ['skip fence --allow-two-writers', command({ verb: 'skip', step: 'fence', areTwoWritersAllowed: true })],
    ['pause web --reason "planned work"', command({ verb: 'pause', reason: 'planned work' })],
    ['pause', command({ verb: 'pause', reason: 'no reason given' })],
    ['pause web --for 2h', command({ verb: 'pause', reason: 'no reason given', forMs: 7_200_000 })],
    ['resume web', command({ verb: 'resume' })],
    ['ack web', command({ verb: 'ack' })],
    ['approve web', command({ verb: 'approve' })],
    ['cdk-failover ack web', command({ verb: 'ack' })],
    ['failover ack web', command({ verb: 'ack' })],
    [
      'cdk-failover failover web',
      command({ verb: 'failover', to: null, isForced: false, isDataLossAllowed: false, isProofWaived: false }),
    ],
  ])('%s', (line, request) => {
    expect(parseOperatorLine(line, one)).toEqual({ request });
  });

  test.each([
    ['maintenance on web oregon', true, false],
    ['maintenance web oregon on --allow-failover', true, true],
    ['maintenance off oregon', false, false],
    ['maintenance oregon off', false, false],
  ])('%s', (line, isOn, isFailoverAllowed) => {
    expect(parseOperatorLine(line, one)).toEqual({
      request: command({ verb: 'maintenance', site: 'oregon', isOn, isFailoverAllowed }),
    });
  });
});

describe('says what is wrong, exit 2', () => {
  test.each([
    ['', /^name a verb/],
    ['--help', /^name one of: status/],
    ['statsu web', "unknown command 'statsu' (Did you mean status?)"],
    ['drill', /unknown command 'drill'/],
    ['switchover web --too oregon', "unknown option '--too' (Did you mean --to?)"],
    ['switchover web --to', "option '--to <site>' argument missing"],
    ['status web api', /too many arguments for 'status'/],
    ['switchover web', 'name the target: --to SITE (sites of web: virginia, oregon)'],
    ['pause', 'name the service; this deployment has: web, api'],
    ['maintenance web oregon', /^say on or off/],
    ['maintenance on', /^say on or off/],
    ['skip web', /^say the service and one step: cdk-failover skip SERVICE STEP \(steps: fence, promote, start, /],
    ['skip web fance', /^say the service and one step/],
    ['maintenance on web oregon extra', /^say on or off/],
    ['pause web --reason "x', /a quote is not closed/],
  ])('%s', (line, says) => {
    const read = parseOperatorLine(line, two);

    expect(read).toMatchObject({ exit: 2 });
    expect('message' in read && read.message).toMatch(says);
  });

  test('leaves a name that does not exist to the verb itself, even when the target is missing too', () => {
    expect(parseOperatorLine('switchover nosuch', two)).toMatchObject({ request: { service: 'nosuch' } });
  });
});

test('the alias of the program is skipped only when no service is called like the verb (service=status)', () => {
  const named = deploymentOf('status', 'web');

  expect(parseOperatorLine('failover status', named)).toMatchObject({
    request: { verb: 'command', service: 'status' },
  });
  expect(parseOperatorLine('cdk-failover status', named)).toMatchObject({ request: { verb: 'status' } });
});
