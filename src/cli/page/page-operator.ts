import { FailoverError } from '../../core/errors.ts';
import { serviceOf } from '../../core/model/deployment.ts';
import { previewCommand } from '../../core/operator/command-run.ts';
import { type OperatorRequest, operate } from '../../core/operator/request.ts';
import { type DeploymentView, noRegister } from '../../core/operator/table-survey.ts';
import type { PageOperator, Preview } from '../../dashboard/live/page-server.ts';
import { runRoutine } from '../../ports/routine-runner.ts';
import { parseOperatorWords } from '../operator/operator-line.ts';
import { signed, type Target } from '../operator/target.ts';

type CommandRequest = Extract<OperatorRequest, { verb: 'command' }>;

/**
 * Carries out what is asked for on a page, by the grammar and the rules of the command line.
 *
 * @param by - name for the history
 * @param view - what the page has read last; null before that
 */
export function createPageOperator(
  target: Omit<Target, 'close'>,
  by: string,
  view: () => DeploymentView | null,
): PageOperator {
  const { deployment, where, ports, timingProfile } = target;
  const nameToType = where.kind === 'aws' ? deployment.name : null;
  const requestOf = (words: readonly string[]): CommandRequest => {
    const line = parseOperatorWords(words, deployment);
    if ('exit' in line) throw new FailoverError('USAGE', line.message);
    if (line.request.verb === 'command' && deployment.services[line.request.service])
      return { ...line.request, command: signed(line.request.command, target) };
    throw new FailoverError('USAGE', `this page does not know: ${lineOf(words)}`);
  };
  return {
    preview: async (words) => {
      const { service, command } = requestOf(words);
      const known = view();
      const judged = known && previewCommand(deployment, serviceOf(deployment, service), command, by, known);
      const common = { line: lineOf(words), nameToType };
      if (!judged) return { ...common, outcome: 'refused', message: unread(known, service), steps: [] };
      const { outcome, message } = judged;
      return { ...common, outcome, message, steps: outcome === 'accepted' ? stepsOf(known, service, judged) : [] };
    },
    operate: async (words, typedName) => {
      const request = requestOf(words);
      if (nameToType !== null && typedName !== nameToType) {
        throw new FailoverError('TARGET', `this changes AWS: type ${nameToType} to go on; nothing was changed`);
      }
      const routine = operate(deployment, { ...request, isWaiting: false }, by, timingProfile);
      const { exit, message } = await runRoutine(routine, ports);
      return { isDone: exit === 0, message };
    },
  };
}

function unread(view: DeploymentView | null, service: string): string {
  if (view === null) return 'the watchers are still being listened to; try again in a moment';
  const isUnborn = view.serviceViews[service]?.register.kind === 'absent';
  return isUnborn ? noRegister : 'no majority of state tables answers, so nothing can be changed';
}

/** The steps of the run that a command would open; none when the run was open before. */
function stepsOf(
  view: DeploymentView,
  service: string,
  judged: NonNullable<ReturnType<typeof previewCommand>>,
): Preview['steps'] {
  const before = view.serviceViews[service]?.register;
  const run = judged.outcome === 'accepted' ? judged.register.run : null;
  const old = before !== undefined && 'register' in before ? before.register.run : null;
  if (run === null || (run.epoch === old?.epoch && run.attempt === old.attempt)) return [];
  return run.steps.map(({ name, resource, region }) => `${name} ${resource}${region === null ? '' : ` in ${region}`}`);
}

/** The line of a shell that says the same. */
function lineOf(words: readonly string[]): string {
  const quoted = words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`));
  return ['cdk-failover', ...quoted].join(' ');
}
