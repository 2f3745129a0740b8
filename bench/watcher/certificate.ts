import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate of `localhost` that signs itself, on the curve that AWS's own endpoints use. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Path of the certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly path: string;
  readonly remove: () => void;
}

/** @throws where there is no `openssl` */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'failover-bench-'));
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...name, '-keyout', key, '-out', path], {
    stdio: 'ignore',
  });
  return {
    key: readFileSync(key, 'utf8'),
    cert: readFileSync(path, 'utf8'),
    path,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
