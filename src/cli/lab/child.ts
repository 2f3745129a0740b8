import { systemClock } from '../../adapters/system/clock.ts';
import type { FromChild, LabCommands, LabConfigs, LabRole, OwnEvent, ToChild } from './protocol.ts';

/** A process that does its work. */
export interface Started<R extends LabRole> {
  readonly ports: readonly number[];
  readonly obey?: (command: LabCommands[R]) => void;
  /** Last thing done when the lab is gone. */
  readonly end?: () => void;
}

/** Tells the lab of an event that happens now. */
export type Tell = (event: Omit<OwnEvent, 'atMs'>) => void;

/**
 * Is a process of the lab: waits for its configuration, starts, reports its ports, and ends when the lab is gone.
 *
 * @param start - does the work; what it throws ends the process, and the lab hears why
 */
export function serveLab<R extends LabRole>(
  _role: R,
  start: (config: LabConfigs[R], tell: Tell) => Started<R> | Promise<Started<R>>,
): void {
  let started: Started<R> | null = null;
  const fail = (error: unknown): void => {
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
  };
  const tell: Tell = (event) => send({ kind: 'event', event: { ...event, atMs: systemClock.wallMs() } });

  process.on('message', (message: ToChild) => {
    if (message.kind === 'command') {
      started?.obey?.(message.command as LabCommands[R]);
      return;
    }
    Promise.resolve(start(message.config as LabConfigs[R], tell)).then((result) => {
      started = result;
      send({ kind: 'ready', ports: result.ports });
    }, fail);
  });
  process.on('disconnect', () => {
    started?.end?.();
    process.exit(0);
  });
  // Ctrl-C reaches every process of the terminal; the lab decides who ends when.
  process.on('SIGINT', () => {});
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  if (process.send === undefined) {
    process.stderr.write('this program is a part of "cdk-failover lab" and is started by it\n');
    process.exit(2);
  }
}

function send(message: FromChild, onSent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, {}, onSent);
  else onSent();
}
