import { expect, test } from 'vitest';
import type { SiteSurvey } from '../../../../src/core/detection/site-survey.ts';
import { ballotAbove } from '../../../../src/core/register/ballot.ts';
import { genesis } from '../../../../src/core/register/register.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import {
  isAliveBySurvey,
  type SurveyingState,
  sitesToSurvey,
  surveyAgeMsMax,
  surveyIntervalMs,
  surveyOf,
  surveySites,
  withSurvey,
} from '../../../../src/core/watcher/surveys/survey.ts';
import { service } from '../service.fixture.ts';

const survey: SiteSurvey = { replicationLagMs: 900, load: 40, size: 3, healthyTargets: 2, findings: ['one'] };
const { one, two, far } = service.sites;
if (!one || !two || !far) throw new Error('the fixture has three sites');
const scaled = {
  ...service,
  sites: { one: { ...one, scale: [{ kind: 'instances', instanceIds: ['i-1'] }] as const }, two, far },
};
const stateOf = (named: SurveyingState['services'][number]): SurveyingState => ({
  setup: { deployment: undefined as never, region: 'region-1', lifeMs: 1, hasSelfCheck: false },
  services: [named],
  memories: new Map(),
  surveys: new Map(),
});

/** Runs one round at a time of the clock; `answer` answers every survey at once, null never. */
function round(state: SurveyingState, nowMs: number, answer: unknown): number {
  let asked = 0;
  const run = (routine: Routine<unknown>): void => {
    let next = routine.next();
    while (!next.done) {
      const request = next.value;
      let given: unknown;
      if (request.kind === 'time') given = { wallMs: 0, monotonicMs: nowMs };
      if (request.kind === 'spawn') run(request.routine);
      if (request.kind === 'call') {
        asked += 1;
        expect(request).toMatchObject({ name: 'survey', input: { region: 'region-1', service: 'shop', site: 'one' } });
        if (answer === null) return;
        given = answer;
      }
      next = routine.next(given);
    }
  };
  run(surveySites(state));
  return asked;
}

const answered = { ok: true, value: survey };
const fault = { ok: false, fault: { kind: 'timeout', detail: 'no answer' } };

test('asks about the sites of its own region of which there is something to know', () => {
  expect(sitesToSurvey(service, 'region-1')).toEqual([]);
  expect(sitesToSurvey(scaled, 'region-1')).toEqual(['one']);
  expect(sitesToSurvey(scaled, 'region-2')).toEqual([]);
  expect(sitesToSurvey({ ...service, data: { kind: 'dynamodb-global', tableName: 't' } }, 'region-1')).toEqual([
    'one',
    'two',
  ]);
});

test('asks again when the interval is over, and not before', () => {
  const state = stateOf(scaled);

  const asked = [0, surveyIntervalMs - 1, surveyIntervalMs].map((nowMs) => round(state, nowMs, answered));

  expect(asked).toEqual([1, 0, 1]);
  expect(surveyOf(state, 'shop', 'one', surveyIntervalMs)).toEqual(survey);
});

test('asks at once for what opens a fence that has become owed, and then each interval as before', () => {
  const state = stateOf(scaled);
  const first = round(state, 0, answered);
  const register = { ...genesis('two'), owed: [{ site: 'one', epoch: 2, proof: 'closed' as const }] };
  state.memories.set('shop', { newest: null, decided: { ballot: ballotAbove([], 'a'), register } });

  const asked = [1, 2, surveyIntervalMs, surveyIntervalMs + 1].map((nowMs) => round(state, nowMs, answered));

  expect([first, ...asked]).toEqual([1, 1, 0, 0, 1]);
});

test('does not ask again while the last question has no answer', () => {
  const state = stateOf(scaled);

  expect([0, 3 * surveyIntervalMs].map((nowMs) => round(state, nowMs, null))).toEqual([1, 0]);
});

test('keeps a survey through faults until it is too old', () => {
  const state = stateOf(scaled);
  round(state, 0, answered);
  round(state, surveyIntervalMs, fault);

  expect(surveyOf(state, 'shop', 'one', surveyAgeMsMax)).toEqual(survey);
  expect(surveyOf(state, 'shop', 'one', surveyAgeMsMax + 1)).toBeNull();
  expect(surveyOf(state, 'shop', 'two', 0)).toBeNull();
});

test('takes the higher of two lags, and says how many findings there are', () => {
  expect(withSurvey({ replicationLagMs: 100, role: 'standby' }, survey)).toEqual({
    role: 'standby',
    replicationLagMs: 900,
    load: 40,
    size: 3,
    findings: 1,
  });
  expect(withSurvey({ replicationLagMs: 1_000 }, survey).replicationLagMs).toBe(1_000);
  expect(withSurvey({ ready: true }, { findings: [], isDataUsable: false }).ready).toBe(false);
  expect(withSurvey({ ready: false }, { findings: [], isDataUsable: true }).ready).toBe(false);
  expect(withSurvey({}, { findings: [] }).ready).toBeUndefined();
});

test('says of backups how old they are, or that there are none, and nothing where that is not known', () => {
  expect(withSurvey({}, { findings: [], backupAgeMs: 7, restoreAgeMs: null })).toEqual({
    findings: 0,
    backupAgeMs: 7,
    restoreAgeMs: null,
  });
});

test('adds nothing where nothing is known', () => {
  expect(withSurvey({ load: 1 }, null)).toEqual({ load: 1 });
  expect(withSurvey({}, { findings: [] })).toEqual({ findings: 0 });
});

test.each([[null, false] as const, [{ findings: [] }, false] as const, [survey, true] as const])(
  'healthy targets are a sign of life (%j)',
  (seen, isAlive) => {
    expect(isAliveBySurvey(seen)).toBe(isAlive);
  },
);
