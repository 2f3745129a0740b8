import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../test/support/tls');

/** Path of the tests' certificate of `localhost`, which vouches for itself: for `NODE_EXTRA_CA_CERTS`. */
export const authorityPath = join(folder, 'site.cert.pem');

/** With its key, on the curve that AWS's own endpoints use. */
export const certificate = {
  cert: readFileSync(authorityPath, 'utf8'),
  key: readFileSync(join(folder, 'site.key.pem'), 'utf8'),
};
