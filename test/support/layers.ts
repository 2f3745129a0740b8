/** A layer of the source tree and what it may lean on. `*` at the end of a package stands for any ending. */
export interface Layer {
  readonly name: string;
  /** Where its files are, from the root of the repository. */
  readonly folders: readonly string[];
  /** Other layers whose modules it may import. */
  readonly layers: readonly string[];
  /** Other layers of which it may import types only. */
  readonly typesOf: readonly string[];
  readonly packages: readonly string[];
  /** Single files outside all layers that it may import. */
  readonly files: readonly string[];
}

const nothing = { layers: [], typesOf: [], packages: [], files: [] } as const;

/** Who may import what. CONTRIBUTING.md shows the same table; a test holds the two together. */
export const layers: readonly Layer[] = [
  { ...nothing, name: 'core', folders: ['src/core/'] },
  { ...nothing, name: 'ports', folders: ['src/ports/'], layers: ['core'] },
  { ...nothing, name: 'config', folders: ['src/config/'], layers: ['core'], packages: ['zod', 'yaml'] },
  { ...nothing, name: 'scenario', folders: ['src/scenario/'], layers: ['core', 'config'], packages: ['zod', 'yaml'] },
  {
    ...nothing,
    name: 'adapters',
    folders: ['src/adapters/'],
    layers: ['core', 'ports', 'config'],
    packages: ['@aws-sdk/*', 'dns-packet', 'node:*'],
  },
  { ...nothing, name: 'sim', folders: ['src/sim/'], layers: ['core', 'ports', 'config', 'scenario'] },
  {
    ...nothing,
    name: 'dashboard',
    folders: ['src/dashboard/'],
    layers: ['core', 'ports', 'config'],
    packages: ['hono', 'hono/*'],
  },
  { ...nothing, name: 'client', folders: ['src/client/'], typesOf: ['core'] },
  {
    ...nothing,
    name: 'lambda',
    folders: ['lambda/'],
    layers: ['core', 'ports', 'config', 'adapters'],
    packages: ['@aws-lambda-powertools/logger', '@aws-lambda-powertools/metrics'],
  },
  {
    ...nothing,
    name: 'cli',
    folders: ['src/cli/'],
    layers: ['core', 'ports', 'config', 'scenario', 'adapters', 'sim', 'dashboard'],
    packages: ['@hono/node-server', 'commander', 'dynalite', 'tsx/esm/api', 'node:*'],
    files: ['package.json'],
  },
  {
    ...nothing,
    name: 'lib, bin',
    folders: ['lib/', 'bin/'],
    layers: ['config'],
    typesOf: ['core'],
    packages: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'node:*'],
    files: ['failover.config.ts'],
  },
];

/** Folders in which a layer, and nothing else, may be. */
export const layeredFolders = ['src/', 'lambda/', 'lib/', 'bin/'] as const;

/** The layer that a file belongs to, if any. */
export function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.folders.some((folder) => path.startsWith(folder)));
}

/** Whether the layer may import the package that a specifier such as `aws-cdk-lib/aws-iam` names. */
export function mayUsePackage(layer: Layer, specifier: string): boolean {
  return layer.packages.some((allowed) =>
    allowed.endsWith('*') ? specifier.startsWith(allowed.slice(0, -1)) : specifier === allowed,
  );
}

/** The table as rows of Markdown: layer, other layers, packages. */
export function layerRows(): readonly string[] {
  const list = (words: readonly string[]) => (words.length === 0 ? 'nothing' : words.join(', '));
  return layers.map((layer) => {
    const imports = [...layer.layers, ...layer.typesOf.map((name) => `${name} (types)`)];
    return `| ${layer.name} | ${list(imports)} | ${list(layer.packages.map((name) => `\`${name}\``))} |`;
  });
}

/** What Biome is told to refuse in a layer below `src/`, so that an editor shows a breach as it is typed. */
export function biomePatternsOf(layer: Layer): readonly string[] {
  const names = layers.filter(({ folders }) => folders[0]?.startsWith('src/')).map(({ name }) => name);
  // That only types are taken from a layer is for `tidy.test.ts` to see.
  const allowed = [layer.name, ...layer.layers, ...layer.typesOf];
  const refused = names.filter((name) => !allowed.includes(name));
  const packages = layer.packages.flatMap((name) => (name.endsWith('*') ? [name, `${name}/**`] : [name]));
  return ['**', ...packages.map((name) => `!${name}`), '!./**', '!../**', ...refused.map((name) => `../**/${name}/**`)];
}
