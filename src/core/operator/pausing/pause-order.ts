import { pauseText, secondOf } from '../../calendar/pause.ts';
import { hasOpenRun, type Pause } from '../../register/register.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from '../command-outcome.ts';

/** The order that nothing shall move by itself. */
export interface PauseOrder {
  readonly verb: 'pause';
  readonly reason: string;
  /** How long; absent: until a person ends it. */
  readonly forMs?: number;
}

/**
 * Pauses a service. A pause that is there is left as it is, but for one that ends by itself: it may be made longer, and
 * keeps its reason. It is never made shorter, because somebody else may count on it.
 */
export function pauseService({ reason, forMs }: PauseOrder, context: CommandContext): CommandOutcome {
  const { register, service, by, votersMs } = context;
  const { pause } = register;
  const already = `${service.name} is already paused`;
  if (pause !== null && (forMs === undefined || pause.untilMs === undefined))
    return unchanged(`${already} ${pauseText(pause)}`);
  if (forMs === undefined) return paused({ by, reason }, `pause: ${reason}`, context);
  if (votersMs === null) {
    const without = `cdk-failover pause ${service.name}`;
    return refuse(`too few watchers are heard to know their time; "${without}" without --for pauses at once`);
  }
  const untilMs = votersMs + forMs;
  if (pause === null) return paused({ by, reason, untilMs }, `pause until ${secondOf(untilMs)}: ${reason}`, context);
  if (untilMs <= (pause.untilMs ?? Number.POSITIVE_INFINITY))
    return unchanged(`${already} ${pauseText(pause)}; "cdk-failover resume ${service.name}" ends it sooner`);
  return paused({ ...pause, untilMs }, `pause made longer, until ${secondOf(untilMs)}`, context);
}

function paused(pause: Pause, what: string, context: CommandContext): CommandOutcome {
  const { register, service } = context;
  const resume = `"cdk-failover resume ${service.name}"`;
  const end = pause.untilMs === undefined ? `until ${resume}` : `until ${secondOf(pause.untilMs)}, or until ${resume}`;
  const message = `${service.name} is paused; automatic moves stop ${end}`;
  // A move that stopped half done would leave clients at a site that is fenced.
  const onWay = hasOpenRun(register)
    ? `; the ${register.run.kind} to ${register.run.to} that is under way goes on to its end`
    : '';
  return accept({ ...register, pause }, what, context, `${message}${onWay}`);
}

/** Ends a pause. */
export function resumeService(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  if (register.pause === null) return unchanged(`${service.name} is not paused`);
  return accept(
    { ...register, pause: null },
    'resume',
    context,
    `${service.name} is resumed; automatic moves are allowed`,
  );
}
