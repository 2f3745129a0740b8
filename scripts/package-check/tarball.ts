import { run } from './steps.ts';

/** What may be in the package, by path. */
const wanted = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|failover\.schema\.json)$/,
  /^schemas\/(doctor|gameday|notification|scenario|status)\.schema\.json$/,
  // What README.md and the messages of the command line name.
  /^docs\/([a-z-]+\/)?[A-Za-z0-9-]+\.(md|svg|pml)$/,
  /^examples\/[a-z-]+\/(app\.ts|cdk\.json|failover\.config\.yaml|package\.json)$/,
  /^dist\/cdk-failover\.1$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^dist\/[A-Za-z0-9-]+\.js$/,
  /^dist\/(processes|client|lib)\/[a-z-]+(\.js|\.cjs|\.d\.ts|\.d\.cts)$/,
  /^dist\/lambda\/[a-z]+\/index\.mjs$/,
  // What the watcher imports only when it needs it; each name ends in a digest.
  /^dist\/lambda\/watcher\/[A-Za-z0-9-]+-[A-Z0-9]{8}\.mjs$/,
  /^dist\/types\/.*\.d\.ts$/,
  /^dist\/types\/package\.json$/,
];

/** What would match and must not be there. */
const forbidden = [/\/(bench[a-z-]*|peers-backend|probe-target)\.js$/, /\.(test|fixture)\./];

/** Paths of the files in a package, without the folder that npm puts around them. */
export async function filesOf(tarball: string): Promise<readonly string[]> {
  const listed = await run('tar', ['-tzf', tarball], '.');
  return listed
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => path.replace(/^package\//, ''));
}

/** Files that have no place in a package: sources, tests, benchmarks, maps of sources that are not there. */
export function unwantedFiles(files: readonly string[]): readonly string[] {
  return files.filter((path) => !wanted.some((form) => form.test(path)) || forbidden.some((form) => form.test(path)));
}
