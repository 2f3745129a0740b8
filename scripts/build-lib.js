/**
 * Bundles what other people's programs import: the constructs for their CDK apps (`cdk-failover`) and the library for
 * clients inside the account (`cdk-failover/client`).
 *
 * The CDK stays outside: an app has its own, and its constructs are only good in that one. The clients' library is one
 * file that needs nothing but Node.
 */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

await Promise.all([
  build({
    ...common,
    entryPoints: ['lib/cdk-failover.ts'],
    outfile: join(root, 'dist/lib/cdk-failover.js'),
    // The reader of YAML is CommonJS, which an ES module cannot hold.
    external: ['aws-cdk-lib', 'constructs', 'yaml'],
  }),
  build({ ...common, entryPoints: ['src/client/client.ts'], outfile: join(root, 'dist/client/client.js') }),
]).catch(() => process.exit(1));
