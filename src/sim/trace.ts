import type { FailoverEvent } from '../core/alerting/event.ts';
import type { SimEvent } from './event.ts';

/** Writes one event as one line; what happens thousands of times without meaning anything is left out. */
export function traceLine(event: SimEvent, write: (line: string) => void): void {
  const text = textOf(event);
  if (text !== null) write(`${(event.atMs / 1_000).toFixed(3).padStart(9)} ${text}`);
}

function textOf(event: SimEvent): string | null {
  switch (event.type) {
    case 'scenario':
      return `-- ${event.what}`;
    case 'decided': {
      const { epoch, active, serving, run } = event.register;
      const steps = run?.steps.map((step) => `${step.name}:${step.state}`).join(' ') ?? '';
      return `== ${event.service} epoch ${epoch} active ${active} serving ${serving.join()} ${run?.state ?? 'no run'} ${steps}`;
    }
    case 'write':
      return `>> ${event.thing} ${event.target} = ${event.value}${event.hasChanged ? '' : ' (unchanged)'} by ${event.by.place}`;
    case 'claim':
      return event.isGranted
        ? null
        : `!! claim of epoch ${event.token.epoch}.${event.token.attempt} refused in ${event.region}`;
    case 'logged':
      return `${event.by.role === 'watcher' ? '' : `${event.by.role} `}${event.by.place}#${event.by.serial} ${event.event.kind}: ${saidOf(event.event)}`;
    case 'notified':
      return `@@ ${saidOf(event.event)}`;
    case 'operator':
      return `$$ ${event.name}: ${event.line} -> ${event.exit} ${event.output.split('\n')[0]}`;
    case 'api':
      return event.outcome === 'ok'
        ? null
        : `~~ ${event.api} in ${event.region} for ${event.by.place}: ${event.outcome}`;
    case 'writer':
      return `>> ${event.service}: ${event.writer} takes writes`;
    case 'hook':
      return `hook ${event.request}${event.isBeside ? ', beside another one' : ''}`;
    case 'claim-read':
    case 'load':
    case 'accept':
    case 'order':
    case 'look':
    case 'probe':
    case 'voice':
    case 'client':
      return null;
  }
}

/** Sites of two services may have one name, and what is said of them comes at one instant. */
function saidOf({ service, detail }: FailoverEvent): string {
  return service === null ? detail : `${service}: ${detail}`;
}
