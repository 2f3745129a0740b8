import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../lambda/logging/log.ts';
import { type FailoverEvent, newEvent } from '../../../src/core/alerting/event.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lines that the log writes for an event, parsed. */
function linesOf(event: FailoverEvent): readonly Record<string, unknown>[] {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  for (const method of ['log', 'info'] as const) {
    vi.spyOn(console, method).mockImplementation((text) => void written.push(`${text}\n`));
  }
  createLog('shop').write(event);
  vi.restoreAllMocks();
  return written
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What a line says of its metrics. */
interface Directive {
  readonly Dimensions: readonly (readonly string[])[];
}

describe('log', () => {
  it('writes an event as one line of JSON', () => {
    const event = newEvent('opinion-changed', 'web', 'virginia: up > suspect', { site: 'virginia' });
    expect(linesOf(event)).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'virginia: up > suspect',
        service: 'shop',
        failover: { kind: 'opinion-changed', service: 'web', site: 'virginia', data: {} },
      }),
    ]);
  });

  it('counts an alarm in the embedded metric format, by deployment and service', () => {
    const event = newEvent('verdict-changed', 'web', 'virginia: down', {
      site: 'virginia',
      data: { verdict: 'down' },
    });
    const metric = linesOf(event).find((line) => line._aws !== undefined);
    expect(metric).toMatchObject({ deployment: 'shop', service: 'web', 'site-down': 1 });
    expect(metric?._aws).toMatchObject({
      CloudWatchMetrics: [
        {
          Namespace: 'CdkFailover',
          Dimensions: [['service', 'deployment']],
          Metrics: [{ Name: 'site-down', Unit: 'Count' }],
        },
      ],
    });
  });

  it('counts what concerns the whole deployment under no service', () => {
    const metric = linesOf(newEvent('clock-gap', null, 'no tick for 9000 ms')).find((line) => line._aws !== undefined);
    expect(metric).toMatchObject({ deployment: 'shop', service: '-', 'clock-gap': 1 });
  });

  it.each([0, 3])('counts what an hourly checkup finds bad: %i', (count) => {
    const data = { bad: count, doubtful: 1, unknown: 0, ok: 20 };
    const [metric, ...others] = linesOf(newEvent('checkup', null, 'would a failover work now', { data })).filter(
      ({ _aws }) => _aws,
    );

    expect(metric).toMatchObject({ deployment: 'shop', service: '-', 'doctor-red': count });
    expect(others).toEqual([]);
  });

  it('counts no finding by itself: its checkup has counted it', () => {
    const data = { state: 'bad', check: 'quorum', subject: 'web', todo: null };

    expect(linesOf(newEvent('finding', null, 'BAD quorum of web', { data })).filter(({ _aws }) => _aws)).toEqual([]);
  });

  it('writes what is to be remembered as a metric of its sites, 0 and 1 alike, beside alarms without that dimension', () => {
    const data = { 'left.virginia': 1, 'left.oregon+virginia': 0, 'site-down': true };
    const metrics = linesOf(newEvent('pulse', 'web', 'oregon is active', { data })).filter(({ _aws }) => _aws);

    const written = metrics.map((line) => [line.sites, line.left, line['site-down']]);
    expect(written).toHaveLength(3);
    expect(written).toEqual(
      expect.arrayContaining([
        ['virginia', 1, undefined],
        ['oregon+virginia', 0, undefined],
        [undefined, undefined, 1],
      ]),
    );
    for (const { _aws, sites } of metrics) {
      const [{ Dimensions: [dimensions = []] = [] } = {}] = (_aws as { CloudWatchMetrics: Directive[] })
        .CloudWatchMetrics;
      expect(dimensions.toSorted()).toEqual(
        sites === undefined ? ['deployment', 'service'] : ['deployment', 'service', 'sites'],
      );
    }
  });

  it('counts each alarm that a pulse says is still raised', () => {
    const pulse = newEvent('pulse', 'web', 'virginia is active', { data: { 'site-down': true, 'no-quorum': true } });
    const counted = linesOf(pulse).flatMap((line) => (line._aws === undefined ? [] : [line]));
    expect(counted.flatMap((line) => Object.keys(line).filter((key) => line[key] === 1)).sort()).toEqual([
      'no-quorum',
      'site-down',
    ]);
  });

  it('counts nothing when all is well', () => {
    expect(linesOf(newEvent('pulse', 'web', 'virginia is active')).some((line) => line._aws !== undefined)).toBe(false);
  });
});
