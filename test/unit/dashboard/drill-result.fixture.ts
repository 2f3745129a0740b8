import type { ClientAnswer, DrillResult } from '../../../src/dashboard/drill-result.ts';
import type { LabActor, LabEvent, LabEventKind } from '../../../src/dashboard/lab-event.ts';

function event(
  atMs: number,
  actor: LabActor,
  place: string | null,
  kind: LabEventKind,
  data: LabEvent['data'],
): LabEvent {
  const site = typeof data.site === 'string' ? data.site : 'virginia';
  return { atMs, actor, place, kind, service: 'web', site, detail: `${kind} of ${site}`, data };
}

function answer(sentMs: number): ClientAnswer {
  if (sentMs < 0) return { sentMs, endedMs: sentMs + 3, site: 'virginia', isGood: true, reason: null };
  if (sentMs < 1_900) return { sentMs, endedMs: sentMs + 2, site: 'virginia', isGood: false, reason: 'refused' };
  return { sentMs, endedMs: sentMs + 3, site: 'oregon', isGood: true, reason: null };
}

/** A drill that went well: a kill at 0, a quorum at 1.5 s, good answers from 1.9 s on. */
export function drillResult(more: Partial<DrillResult> = {}): DrillResult {
  const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
  return {
    fault: 'kill',
    faultDetail: 'SIGKILL to the site virginia (process 1)',
    stopCommand: null,
    mending: null,
    firstAnswers: [],
    repeat: 'npx cdk-failover drill',
    expectation: 'back-in-time',
    isAsExpected: true,
    expected: 'Traffic is back within 3.9 s, from another site.',
    seen: 'Traffic was back after 1.9 s; 38 requests were lost; the bound was 3.9 s.',
    service: 'web',
    record: 'www.drill.example',
    sites: ['virginia', 'oregon'],
    controlRegions: regions,
    from: 'virginia',
    to: 'oregon',
    startedAt: '2026-01-01T00:00:00.000Z',
    faultAt: '2026-01-01T00:00:08.000Z',
    recoveryMs: 1_903,
    boundMs: 3_850,
    awsBoundMs: 14_850,
    checkIntervalMs: 1_000,
    ttlSeconds: 0,
    requests: 60,
    lostRequests: 38,
    phases: { fault: 0, detected: 1_500, decided: 1_540, shifted: 1_880, answered: 1_903, verified: 2_050 },
    events: [
      ...regions.map((region) => event(-5_000, 'watcher', region, 'opinion-changed', { opinion: 'up' })),
      ...regions.map((region) => event(-5_000, 'oracle', region, 'vote-changed', { vote: 'no-vote' })),
      event(-4_000, 'dns', null, 'answer-changed', { answer: '127.0.0.2' }),
      event(0, 'lab', null, 'fault', {}),
      ...regions.map((region, index) =>
        event(300 + 200 * index, 'watcher', region, 'opinion-changed', { opinion: 'suspect' }),
      ),
      ...regions.map((region, index) =>
        event(1_300 + 200 * index, 'watcher', region, 'opinion-changed', { opinion: 'down' }),
      ),
      ...regions.map((region, index) => event(1_550 + 20 * index, 'oracle', region, 'vote-changed', { vote: 'off' })),
      event(1_880, 'dns', null, 'answer-changed', { site: 'oregon', answer: '127.0.0.3' }),
    ],
    answers: Array.from({ length: 80 }, (_, index) => answer(-1_000 + 50 * index)),
    ...more,
  };
}
