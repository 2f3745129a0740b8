/** Writes the manual page of the command line, which npm installs with it: `dist/cdk-failover.1`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { grammarOf } from '../src/cli/grammar/grammar.ts';
import { manualPage } from '../src/cli/grammar/manual-page.ts';
import { type Actions, buildProgram } from '../src/cli/program.ts';

const silent = { out: () => {}, err: () => {} };
const program = buildProgram({} as Actions, silent, manifest.version, () => {});
const page = manualPage(program.description(), manifest.version, grammarOf(program));
writeFileSync(join(import.meta.dirname, '../dist/cdk-failover.1'), page);
