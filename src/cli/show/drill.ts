import { type DrillResult, type FirstAnswer, startRole } from '../../dashboard/drill-result.ts';
import { columns, duration, type Page, plainPage, wrapAll } from './layout.ts';
import { secondsOf } from './timeline.ts';

/** What the user's own sites answer before the drill, a line each. */
export function showRest(service: string, answers: readonly FirstAnswer[]): string {
  const rows = answers.map((answer) => [
    answer.site,
    answer.place,
    startRole(answer),
    answer.outcome,
    `${answer.asked}, ${answer.saw}`,
  ]);
  return `Sites of ${service}, asked once from here:\n${columns(rows, '  ')}\n`;
}

const phaseNames: { readonly [K in keyof DrillResult['phases']]: readonly [string, string] } = {
  fault: ['fault', ''],
  detected: ['detected', 'a quorum of watchers holds the site down'],
  decided: ['decided', 'a majority of state tables holds the new epoch'],
  shifted: ['shifted', 'the name server answers with the new site'],
  answered: ['answered', 'the client gets good answers from the new site'],
  verified: ['verified', 'the watcher that did it has seen the new answer itself'],
};

/** The phases of a drill as a table, and what came of it. */
export function showLedger(result: DrillResult, { width }: Page = plainPage): string {
  const rows = Object.entries(result.phases)
    .filter(([, atMs]) => atMs !== null || result.expectation !== 'stays')
    .sort(([, a], [, b]) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY))
    .map(([phase, atMs]) => {
      const [name, meaning] = phaseNames[phase as keyof DrillResult['phases']];
      return [name, atMs === null ? '-' : `${secondsOf(atMs)} s`, phase === 'fault' ? result.faultDetail : meaning];
    });
  const bound = `${duration(result.boundMs)} (health checkers look every ${duration(result.checkIntervalMs)} here and nobody keeps the name; with Route 53's 10 s and a TTL of ${result.ttlSeconds} s it would be ${duration(result.awsBoundMs)})`;
  const figures = [
    ['recovery time', describeRecovery(result)],
    ['requests lost', `${result.lostRequests} of ${result.requests}`],
    ['bound', bound],
    ['expected', result.expected],
    ['seen', result.seen],
    ['again', result.repeat],
  ];
  const tables = [rows, [...figures, ...mendingRows(result)]].map((table) => columns(table, '  ', width));
  return wrapAll(`Ledger\n${tables.join('\n\n')}`, width);
}

function describeRecovery({ recoveryMs, lostRequests }: DrillResult): string {
  if (lostRequests === 0) return 'no outage';
  return recoveryMs === null ? 'never' : duration(recoveryMs);
}

function mendingRows({ mending }: DrillResult): readonly (readonly string[])[] {
  if (mending === null) return [];
  const { command, fault, tookMs, backMs } = mending;
  const back = fault ?? `took ${duration(tookMs)}, good answer ${duration(backMs ?? 0)} later`;
  return [['started again', `${command}: ${back}`]];
}
