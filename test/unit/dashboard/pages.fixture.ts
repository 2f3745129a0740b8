import { statusIn } from '../../../src/core/operator/answers.ts';
import { readDeployment } from '../../../src/core/operator/table-survey.ts';
import { drillPage } from '../../../src/dashboard/drill-page.ts';
import { gameDayPage } from '../../../src/dashboard/gameday-page.ts';
import { Feed } from '../../../src/dashboard/live/feed.ts';
import { livePage, type Powers } from '../../../src/dashboard/live/live-page.ts';
import { liveStyle } from '../../../src/dashboard/live/live-style.ts';
import { mapParts } from '../../../src/dashboard/live/map-parts.ts';
import { type PageState, type PageTarget, unreadState } from '../../../src/dashboard/live/page-state.ts';
import { serviceParts } from '../../../src/dashboard/live/service-parts.ts';
import { type TunePoint, tunePage } from '../../../src/dashboard/tune-page.ts';
import { runRoutine } from '../../../src/ports/routine-runner.ts';
import { deploymentOf } from '../cli/deployment.fixture.ts';
import { fakeTarget } from '../cli/operator/target.fixture.ts';
import { drillResult } from './drill-result.fixture.ts';
import { gameDayResult } from './gameday-result.fixture.ts';

/** A page as a browser gets it, with its style inside. */
export interface Page {
  readonly name: string;
  readonly html: string;
}

const sinceMs = 1_700_000_000_000;
const trouble = { sinceMs, why: 'no answer within 3000 ms from dynamodb.us-east-2.amazonaws.com' };

/** As much as can be seen at once: one region dark, another one cut off, votes and memories old. */
async function livelyState(dark: readonly string[]): Promise<PageState> {
  const { deployment, ports } = fakeTarget(dark);
  const view = await runRoutine(readDeployment(deployment), ports);
  return {
    ...unreadState,
    status: statusIn(deployment, null, view).json,
    names: { web: { addresses: ['198.51.100.20'], sites: ['oregon'], trouble } },
    oracles: {
      'us-east-1': { isOff: { 'web/virginia': true }, trouble },
      'us-west-2': { isOff: { 'web/virginia': false }, trouble: null },
    },
    memories: { 'us-east-1': { isOff: { 'web/virginia': true }, trouble: null } },
    broken: [
      { kind: 'site', name: 'oregon', fault: 'killed', sinceMs },
      { kind: 'region', name: 'us-east-2', fault: 'cut off from the other regions', sinceMs },
    ],
  };
}

async function lively(kind: PageTarget['kind'], powers: Powers, dark: readonly string[]): Promise<string> {
  const where = 'shop in the lab of process 4711, us-east-1, us-west-2, us-east-2';
  const target: PageTarget = { kind, where, deployment: deploymentOf('web', 'api'), resolver: "the lab's name server" };
  const state = await livelyState(dark);
  const feed = new Feed();
  feed.show({ ...serviceParts(target, state), ...mapParts(target, state) }, sinceMs);
  const tones = ['plain', 'fault', 'good', 'doubtful', 'bad'] as const;
  feed.add(tones.map((tone) => ({ atMs: sinceMs, who: 'us-east-1', words: `what is ${tone}`, tone })));
  const head = `<style>${liveStyle}</style>`;
  return livePage(target, feed, powers, 'one')
    .replace('<link rel="stylesheet" href="/page.css">', head)
    .replace('<script src="/page.js" type="module"></script>', '');
}

const setting: TunePoint = {
  setting: { intervalMs: 2_000, fallCount: 3, minDownMs: 3_000 },
  killMs: 4_000,
  hangMs: 6_000,
  falseMovesIn100Days: 0.4,
  listUsd: 31.2,
};

const all: Powers = { canOperate: true, canBreak: true, ownSites: ['virginia', 'oregon'] };
const none: Powers = { canOperate: false, canBreak: false, ownSites: [] };

/** Every page there is, in the states that show most. */
export async function allPages(): Promise<readonly Page[]> {
  const service = 'web';
  const named = { now: setting, 'fewest false moves': { ...setting, killMs: 5_000 }, 'three plain ticks': setting };
  return [
    { name: 'lab', html: await lively('lab', all, ['us-east-2']) },
    { name: 'aws', html: await lively('aws', none, ['us-west-2', 'us-east-2']) },
    { name: 'drill', html: drillPage(drillResult()) },
    { name: 'gameday', html: gameDayPage({ ...gameDayResult, course: drillResult() }) },
    { name: 'tune', html: tunePage({ deployment: 'shop', service, days: 10, named, trials: [setting] }) },
  ];
}
