/**
 * Writes docs/config.md and docs/lint.md. Run it after a change of schema, rules or lint:
 * `npx tsx scripts/config-page.ts`.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configPage } from '../src/config/config-page.ts';
import { lintPage } from '../src/config/lint/lint-page.ts';

const docs = join(resolve(import.meta.dirname, '..'), 'docs');
writeFileSync(join(docs, 'config.md'), configPage());
writeFileSync(join(docs, 'lint.md'), lintPage());
