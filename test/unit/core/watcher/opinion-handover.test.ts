import { expect, test } from 'vitest';
import { blankTrack, type SiteTrack } from '../../../../src/core/detection/opinion.ts';
import { inheritTracks } from '../../../../src/core/watcher/opinion-handover.ts';
import { newWatcherState } from '../../../../src/core/watcher/state.ts';
import { deploymentOf } from '../group.fixture.ts';
import { service } from '../service.fixture.ts';

const deployment = deploymentOf({ shop: service }, {});

const before: SiteTrack = { ...blankTrack, opinion: 'up', passStreak: 3, report: { load: 76 } };

test.each<[string, Partial<SiteTrack>, number | undefined]>([
  ['says what it carries', { opinion: 'up', passStreak: 3, report: { load: 10 } }, 10],
  ['answers, and says nothing of its load', { opinion: 'up', passStreak: 3 }, undefined],
  ['has stopped answering', { opinion: 'down', failureStreak: 3 }, 76],
])('after a handover, the load of a site that %s', (_, own, load) => {
  const state = newWatcherState({ deployment, region: 'region-1', lifeMs: 1, hasSelfCheck: false }, 'a');
  state.tracks = { shop: { one: { ...blankTrack, ...own } } };

  inheritTracks(state, { shop: { one: before } }, 0);

  expect(state.tracks.shop?.one?.report.load).toBe(load);
});
