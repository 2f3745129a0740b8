import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/**
 * The healthy site of `probes.bench.ts`, in a process of its own so that its processor time is not counted.
 *
 * Answers every connection's first bytes with the same response and closes; tells its parent the port and ends with it.
 */
const body = 'ok';
const response = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${body.length}`,
  'X-Failover-Role: active',
  'X-Failover-Lag-Ms: 12',
  'Date: Thu, 01 Jan 2026 00:00:00 GMT',
  'Connection: close',
  '',
  body,
].join('\r\n');

const server = createServer((socket) => {
  socket.once('data', () => socket.end(response));
  socket.on('error', () => socket.destroy());
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
