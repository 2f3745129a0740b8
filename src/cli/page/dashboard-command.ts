import { createResolve } from '../../adapters/net/resolver.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { Feed } from '../../dashboard/live/feed.ts';
import type { PageTarget } from '../../dashboard/live/page-state.ts';
import { findPlace } from '../operator/connection.ts';
import { connectToLab } from '../operator/lab-target.ts';
import { showWhere } from '../operator/location.ts';
import { shortestTtlMs } from '../operator/table-looks.ts';
import type { DashboardFlags } from '../program.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { labLookMs } from './lab-page.ts';
import { openInBrowser } from './opener.ts';
import { hostPage } from './page-host.ts';
import { createPageOperator } from './page-operator.ts';
import { PageReader } from './page-reader.ts';

/**
 * Pause between two looks at a deployment on AWS, in milliseconds: a watcher's default tick. Each look is one read of
 * each state table. Source: our own.
 */
const awsLookMs = 2_000;
/** Looks within the time for which an opinion counts: with fewer, a living watcher is taken for a silent one. */
const looksPerTtl = 3;
/** Node's timers take no more than 24 days; the page's server sleeps again after this. */
const napMs = 3_600_000;

/**
 * Shows a deployment on a page until interrupted. It only reads, unless it is told to operate.
 *
 * @returns 0 when it was stopped
 * @throws {FailoverError} when there is no deployment, or the port is taken
 */
export async function dashboard(flags: DashboardFlags, terminal: Terminal): Promise<number> {
  const place = await findPlace({ lab: flags.lab, config: flags.config });
  const isLab = place.kind === 'lab';
  const target = isLab
    ? connectToLab(place.lab)
    : await (await import('../operator/aws-target.ts')).connectToAws(place.file, terminal.signal);
  const { deployment, where } = target;
  const pageTarget: PageTarget = {
    kind: where.kind,
    where: showWhere(deployment.name, where),
    deployment,
    resolver: isLab ? "the lab's name server" : "this machine's resolver",
  };
  const feed = new Feed();
  const reader = new PageReader(
    {
      target,
      pageTarget,
      resolve: createResolve(isLab ? [place.lab.dns] : []),
      broken: () => [],
      everyMs: isLab ? labLookMs : Math.min(awsLookMs, shortestTtlMs(deployment) / looksPerTtl),
    },
    feed,
  );
  const operator = flags.operate ? createPageOperator(target, flags.by ?? terminal.userName, () => reader.view) : null;
  try {
    const page = await hostPage(
      { target: pageTarget, feed, status: () => reader.status, operator, faults: null },
      flags.port ?? 0,
    );
    reader.start();
    try {
      announce(page.url, pageTarget, flags, terminal);
      while (true) await systemClock.sleep(napMs, terminal.signal);
    } finally {
      page.close();
      await reader.stop();
    }
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    return 0;
  } finally {
    target.close();
  }
}

function announce(url: string, { where }: PageTarget, flags: DashboardFlags, terminal: Terminal): void {
  if (flags.json) printJson(terminal, { page: url, canOperate: flags.operate ?? false });
  else {
    const powers = flags.operate ? 'It can change the deployment.' : 'It only reads; --operate lets it act.';
    terminal.out(`${where}\n\nThe page, until Ctrl-C:\n  ${url}\n${powers}\n`);
  }
  if (flags.open) void openInBrowser(url, terminal.signal);
}
