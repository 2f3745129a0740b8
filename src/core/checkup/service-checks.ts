import { advice, adviceLine } from '../alerting/advice.ts';
import { pauseText } from '../calendar/pause.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import { nextStep } from '../operator/next-step.ts';
import { protectionText } from '../operator/protection.ts';
import { type ServiceStatus, statusOf } from '../operator/status.ts';
import type { Register } from '../register/register.ts';
import type { Run } from '../register/run.ts';
import { describeRun } from '../register/run-words.ts';
import { capacityChecks } from './capacity-checks.ts';
import { bad, type Check, doubtful, ok, unknown } from './check.ts';
import { type TablesHeard, unheardWatchers } from './control-checks.ts';
import { driftChecks } from './drift-checks.ts';
import { passedTime } from './passed-time.ts';
import { siteChecks } from './site-checks.ts';

/**
 * Age from which the last move no longer shows that the next one works. Source: our own; a quarter of a year, in which
 * most configurations have changed.
 */
const proofAgeMsMax = 90 * 86_400_000;

/** Everything about one service that `status` reads, as checks. */
export function serviceChecks(
  deployment: Deployment,
  name: string,
  { view, readings }: Pick<TablesHeard, 'view' | 'readings'>,
  wallMs: number,
): readonly Check[] {
  const service = serviceOf(deployment, name);
  const serviceView = view.serviceViews[name];
  if (serviceView === undefined) throw new RangeError(`nothing is known of ${name}`);
  const status = statusOf(deployment, name, view, readings);
  const register = 'register' in serviceView.register ? serviceView.register.register : null;
  return [
    protectionCheck(name, status, unheardWatchers(deployment, { view })),
    ...(register === null ? [] : registerChecks(name, status, register)),
    ...agreementChecks(name, status),
    ...siteChecks({ service, status, view: serviceView }),
    ...driftChecks(service, view.items),
    ...(register === null
      ? []
      : capacityChecks({
          service,
          register,
          knowledge: serviceView.knowledge,
          stopwatches: view.stopwatches,
        })),
    ...(register === null ? [] : [lastMoveCheck(name, register.run, wallMs)]),
  ];
}

/** Whoever cannot see cannot say that a failover would work; only watchers that may yet speak leave it open. */
function protectionCheck(name: string, status: ServiceStatus, unheard: readonly string[]): Check {
  const asked = { name: 'protection', subject: name };
  const { level, isWell } = status.protection;
  const why = protectionText(status.protection);
  if (level === 'protected') return ok(asked, why);
  if (isWell) return doubtful(asked, `${level}: ${why}`, adviceLine(advice.watch, { service: name }));
  const todo = nextStep(name, status) ?? adviceLine(advice.watch, { service: name });
  if (level !== 'cannot-see') return bad(asked, `${level}: ${why}`, todo);
  return unheard.length > 0 ? unknown(asked, why, todo) : bad(asked, `cannot see: ${why}`, todo);
}

/** What people or earlier moves have left in the register. */
function registerChecks(name: string, status: ServiceStatus, register: Register): readonly Check[] {
  const asked = (what: string, site: string | null = null) => ({
    name: what,
    subject: site === null ? name : `${name}/${site}`,
  });
  const { pause, blockLeftMs, owed } = status;
  return [
    pause === null
      ? ok(asked('pause'), 'automatic moves are allowed')
      : bad(asked('pause'), pauseText(pause), adviceLine(advice.resume, { service: name })),
    ...(blockLeftMs > 0
      ? [
          doubtful(
            asked('block'),
            `no automatic move back for ${passedTime(blockLeftMs)} more`,
            adviceLine(advice.endBlock, { service: name }),
          ),
        ]
      : []),
    ...register.maintenance.map((site) =>
      doubtful(
        asked('maintenance', site),
        'in maintenance: no move chooses it',
        adviceLine(advice.endMaintenance, { service: name, site }),
      ),
    ),
    ...owed.map(({ site, proof, state, sinceEpoch, opensWhen }) => {
      const found = `${state}, owed since epoch ${sinceEpoch}; opens when ${opensWhen}`;
      const todo = adviceLine(advice.releaseFence, { service: name, site });
      return proof === 'closed' ? doubtful(asked('fence', site), found, todo) : bad(asked('fence', site), found, todo);
    }),
    ...register.setbacks.map(({ site, kind, count, step, detail }) =>
      doubtful(
        asked('setback', site),
        `${count} ${kind}${count > 1 ? 's' : ''} failed at ${step}: ${detail || 'no detail'}`,
        `remove the cause that ${step} names before the next move`,
      ),
    ),
  ];
}

/** What is not the same everywhere yet: the configuration of the watchers, and the list of voters. */
function agreementChecks(name: string, { disputes, voters }: ServiceStatus): readonly Check[] {
  const regions = [...new Set(disputes.flatMap((dispute) => dispute.regions))].sort();
  const what = `the watchers of ${regions.join(', ')} have another one than this`;
  return [
    ...(regions.length > 0
      ? [doubtful({ name: 'configuration', subject: name }, what, adviceLine(advice.agree, { service: name }))]
      : []),
    ...(voters === null || voters.waits === null
      ? []
      : [
          doubtful(
            { name: 'voters', subject: name },
            `${voters.now.join(', ')}; ${voters.waits}`,
            'wait, or bring back the region that the list waits for',
          ),
        ]),
  ];
}

/** A move or a drill in the deployment: it is the only proof that every step works in this account. */
function lastMoveCheck(name: string, run: Run | null, wallMs: number): Check {
  const asked = { name: 'last move', subject: name };
  const rehearse = `rehearse one while all is well: "cdk-failover gameday ${name} --rehearse", then switchover`;
  if (run === null) return doubtful(asked, 'none yet: no move of this service has shown that its steps work', rehearse);
  if (run.state === 'running') return unknown(asked, `${describeRun(run)} is in progress`);
  const ageMs = Math.max(0, wallMs - (run.times.verifiedMs ?? run.times.decidedMs));
  const found = `${describeRun(run)}, ${run.state} ${passedTime(ageMs)} ago`;
  if (run.state === 'failed') return bad(asked, found, adviceLine(advice.goOn, { service: name }));
  return ageMs > proofAgeMsMax ? doubtful(asked, found, rehearse) : ok(asked, found);
}
