/** Makes docs/compare.md anew: `npx tsx scripts/compare-page.ts`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { blocks, rows, sources } from './compare/list.ts';
import { comparePage } from './compare/page.ts';

const page = join(resolve(import.meta.dirname, '..'), 'docs', 'compare.md');
writeFileSync(page, comparePage({ rows, blocks, sources }));
