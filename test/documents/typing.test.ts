import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { blocksIn, documents } from './document.fixture.ts';

const root = join(import.meta.dirname, '../..');

/** What parts of programs take from around them, by a name that only they have. */
const around: Readonly<Record<string, string>> = {
  ActiveGuard: `
declare const one: string, two: string, three: string;
declare const credentials: import('cdk-failover/client').ActiveGuardOptions['credentials'];
declare const positions: { translate(from: string | null, to: string, epoch: number): Promise<void> };
declare const stream: AsyncIterable<string>;
declare function handle(batch: string, by: { readonly fencingToken: number }): Promise<void>;`,
  CfnAccessEntry: `
import type { Stack } from 'aws-cdk-lib';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { FailoverRegion } from 'cdk-failover';
declare const stack: Stack;
declare const region: FailoverRegion;
declare const clusterName: string;`,
  grantOperator: `
import type { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { FailoverRegion } from 'cdk-failover';
declare const stack: Stack;
declare const region: FailoverRegion;`,
};

/** Statements, not parts of a configuration. */
const programs = documents.flatMap(({ file, text }) =>
  blocksIn(text)
    .filter((block) => block.language === 'ts' && /^(import|const|new) /.test(block.text))
    .map((block, index) => {
      const [, given = ''] = Object.entries(around).find(([name]) => block.text.includes(name)) ?? [];
      return { name: `${file} (${index})`, text: `${given}\n${block.text}\nexport {};\n` };
    }),
);

/** A package that users of it have, and this project has not; its part by the AWS SDK for JavaScript's reference. */
const foreign = `
declare module '@aws-sdk/credential-providers' {
  interface Identity {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
    readonly expiration?: Date;
  }
  export function fromNodeProviderChain(): () => Promise<Identity>;
}
`;

/** The options of a strict project, with the sources in place of the package. */
const options = {
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    paths: {
      'cdk-failover': [join(root, 'lib/cdk-failover.ts')],
      'cdk-failover/client': [join(root, 'src/client/client.ts')],
    },
    noUnusedLocals: false,
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: ['*.ts'],
};

test('the programs of the documents type-check in a strict project', async () => {
  // Below the repository, so that programs there find its packages.
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out/types-'));
  try {
    const named = programs.map(({ name, text }, index) => ({ name, text, file: `program-${index}.ts` }));
    for (const { file, text } of named) writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, 'foreign.d.ts'), foreign);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
    const tsc = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['--project', folder, '--pretty', 'false']);
    const printed = await tsc.then(
      () => '',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );

    const toDocument = (line: string) =>
      named.reduce((told, { file, name }) => told.replace(`${file}(`, `${name}, ${file}(`), line);
    expect(printed.split('\n').filter(Boolean).map(toDocument)).toEqual([]);
    expect(programs.length).toBeGreaterThanOrEqual(9);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
