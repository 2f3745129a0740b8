/** Makes the tables of docs/modes.md anew, by simulation: `npx tsx scripts/modes-page.ts`. Half a minute. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { costTable, faultTable, readExamples, withTables } from './modes/tables.ts';

const page = join(resolve(import.meta.dirname, '..'), 'docs', 'modes.md');
const examples = readExamples();
const tables = { costs: costTable(examples), faults: faultTable(examples) };
writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables));
