/** Writes docs/config.md. Run it after a change of the schema or the rules: `npx tsx scripts/config-page.ts`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configPage } from '../src/config/config-page.ts';

writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/config.md'), configPage());
