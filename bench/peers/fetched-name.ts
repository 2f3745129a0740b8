import { request } from 'node:http';
import { askTimeoutMs } from './peer.ts';

/** Name of the backend that answers at an address, over a new connection; null when none does in time. */
export function fetchName(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: '/', agent: false, timeout: askTimeoutMs }, (answer) => {
      let text = '';
      answer.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      answer.on('error', () => resolve(null));
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : null));
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(null));
    asking.on('close', () => resolve(null));
    asking.end();
  });
}
