import { connect, createServer, type Socket } from 'node:net';
import { serveLab } from '../lab/child.ts';
import { listenOn } from '../lab/listener.ts';
import type { Wire } from '../lab/protocol.ts';

/** One connection through a wire: the side that called, and the side that was called. */
type Pair = readonly [Socket, Socket];

/**
 * The network between the regions: a forwarder for each pair of ends.
 *
 * A region that is cut off keeps its connections and may open new ones, and no byte comes through any more, in either
 * direction: nobody is told, as when a route is gone. When it is healed, new connections pass; those that lost bytes
 * meanwhile are ended, because nothing can bring the bytes back.
 */
serveLab('link', async ({ links }) => {
  const cuts = new Set<string>();
  const wake = new Set<number>();
  const open = new Map<Pair, Wire>();
  const sink = new Sink();

  const ports = await Promise.all(
    links.map((wire) =>
      listenOn(
        createServer({ allowHalfOpen: true }, (caller) => forward(wire, caller)),
        '127.0.0.1',
      ),
    ),
  );
  return {
    ports,
    obey: (command) => {
      if ('wakeAtEnd' in command) wake.add(command.wakeAtEnd);
      else if ('cut' in command) cutOff(command.cut);
      else heal(command.heal);
    },
    end: () => {
      for (const pid of wake) resume(pid);
    },
  };

  function forward(wire: Wire, caller: Socket): void {
    if (isCut(wire)) {
      sink.swallow(wire, caller);
      return;
    }
    const called = connect({ host: wire.host, port: wire.port, allowHalfOpen: true });
    const pair: Pair = [caller, called];
    open.set(pair, wire);
    caller.pipe(called);
    called.pipe(caller);
    for (const [one, other] of [pair, [called, caller] as const]) {
      one.on('error', () => {
        if (open.has(pair)) other.resetAndDestroy();
      });
      one.on('close', () => {
        if (open.delete(pair)) other.destroySoon();
      });
    }
  }

  function isCut(wire: Wire): boolean {
    return cuts.has(wire.from) || cuts.has(wire.to);
  }

  function cutOff(region: string): void {
    cuts.add(region);
    for (const [pair, wire] of open) {
      if (!isCut(wire)) continue;
      open.delete(pair);
      const [caller, called] = pair;
      caller.unpipe(called);
      called.unpipe(caller);
      sink.swallow(wire, caller);
      sink.swallow(wire, called);
    }
  }

  function heal(region: string): void {
    cuts.delete(region);
    sink.release((wire) => !isCut(wire));
  }
});

/** Connections that are cut. */
class Sink {
  readonly #connections = new Map<Socket, Wire>();

  /** Reads and forgets, and leaves the other side waiting. */
  swallow(wire: Wire, socket: Socket): void {
    this.#connections.set(socket, wire);
    socket.removeAllListeners('error');
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#connections.delete(socket));
    socket.resume();
  }

  /** Ends the connections that are whole again. */
  release(isWhole: (wire: Wire) => boolean): void {
    for (const [socket, wire] of this.#connections) if (isWhole(wire)) socket.resetAndDestroy();
  }
}

function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended already.
  }
}
