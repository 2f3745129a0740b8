import { createResolve } from '../../adapters/net/resolver.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import { Feed } from '../../dashboard/live/feed.ts';
import type { TimelineRow } from '../../dashboard/live/page-state.ts';
import type { Lab } from '../lab/lab.ts';
import type { LabFile } from '../lab/lab-file.ts';
import { connectToLab } from '../operator/lab-target.ts';
import { showWhere } from '../operator/location.ts';
import { eventActor, eventWords } from '../show/timeline.ts';
import { PageFaults } from './page-faults.ts';
import { hostPage } from './page-host.ts';
import { createPageOperator } from './page-operator.ts';
import { PageReader } from './page-reader.ts';

/** Pause between two looks of a lab's page; events of the lab shorten it. With it a change shows within 300 ms. */
export const labLookMs = 150;
const resolveTimeoutMs = 500;

/** The page of a lab that this process runs. */
export interface LabPage {
  readonly url: string;
  readonly hear: (event: LabEvent) => void;
  readonly close: () => Promise<void>;
}

/**
 * Opens the page of a lab: what it shows is read as operators read it, and its faults are those of the lab.
 *
 * @param port - 0 picks a free one
 * @param tell - hears of the faults that are made on the page
 * @throws {FailoverError} USAGE when somebody else has the port
 */
export async function openLabPage(
  lab: Lab,
  file: LabFile,
  by: string,
  port: number,
  tell: (event: LabEvent) => void,
): Promise<LabPage> {
  const target = connectToLab(file);
  const feed = new Feed();
  const faults = new PageFaults(lab, tell);
  const { deployment, where } = target;
  const pageTarget = {
    kind: 'lab',
    where: showWhere(deployment.name, where),
    deployment,
    resolver: "the lab's name server",
  } as const;
  const resolve = createResolve([lab.nameServer], { timeoutMs: resolveTimeoutMs, attemptsMax: 1 });
  const reader = new PageReader({ target, pageTarget, resolve, broken: () => faults.broken, everyMs: labLookMs }, feed);
  const operator = createPageOperator(target, by, () => reader.view);
  const { url, close } = await hostPage(
    { target: pageTarget, feed, status: () => reader.status, operator, faults },
    port,
  );
  reader.start();
  return {
    url,
    hear: (event) => {
      const row = rowOf(event);
      if (row !== null) feed.add([row]);
      reader.poke();
    },
    close: async () => {
      close();
      await reader.stop();
      target.close();
    },
  };
}

/** The same words as in the lab's own output. */
function rowOf(event: LabEvent): TimelineRow | null {
  const words = eventWords(event);
  return words === null ? null : { atMs: event.atMs, who: eventActor(event), words, tone: toneOf(event) };
}

function toneOf({ kind, data }: LabEvent): TimelineRow['tone'] {
  switch (kind) {
    case 'fault':
      return 'fault';
    case 'healed':
    case 'rejoined':
      return 'good';
    case 'process-ended':
    case 'no-majority':
    case 'run-too-slow':
      return 'bad';
    case 'opinion-changed':
    case 'verdict-changed':
      return data.opinion === 'down' || data.verdict === 'down' ? 'bad' : 'plain';
    case 'run-started':
    case 'answer-changed':
      return 'doubtful';
    default:
      return 'plain';
  }
}
