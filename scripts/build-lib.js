/**
 * Bundles the constructs for other people's CDK apps: `import { FailoverRegion } from 'cdk-failover'`.
 *
 * The CDK stays outside: an app has its own, and its constructs are only good in that one.
 */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

await build({
  absWorkingDir: root,
  entryPoints: ['lib/cdk-failover.ts'],
  outfile: join(root, 'dist/lib/cdk-failover.js'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The reader of YAML is CommonJS, which an ES module cannot hold.
  external: ['aws-cdk-lib', 'constructs', 'yaml'],
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
}).catch(() => process.exit(1));
