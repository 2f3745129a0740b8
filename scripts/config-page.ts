/**
 * Writes what is made from the schema: docs/config.md, docs/lint.md, failover.schema.json, what stands in schemas/, and
 * the types in src/config/input/. Run it after a change of schema, rules or lint: `npx tsx scripts/config-page.ts`.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configPage } from '../src/config/config-page.ts';
import { lintPage } from '../src/config/lint/lint-page.ts';
import { doctorSchema } from '../src/config/published/doctor-schema.ts';
import { gameDaySchema } from '../src/config/published/gameday-schema.ts';
import { inputTypeFiles } from '../src/config/published/input-types.ts';
import { publishedSchema } from '../src/config/published/json-schema.ts';
import { notificationSchema } from '../src/config/published/notification-schema.ts';
import { statusSchema } from '../src/config/published/status-schema.ts';
import { scenarioSchema } from '../src/scenario/scenario-schema.ts';

const root = resolve(import.meta.dirname, '..');
writeFileSync(join(root, 'docs/config.md'), configPage());
writeFileSync(join(root, 'docs/lint.md'), lintPage());
writeFileSync(join(root, 'failover.schema.json'), publishedSchema());
writeFileSync(join(root, 'schemas/notification.schema.json'), notificationSchema());
writeFileSync(join(root, 'schemas/gameday.schema.json'), gameDaySchema());
writeFileSync(join(root, 'schemas/status.schema.json'), statusSchema());
writeFileSync(join(root, 'schemas/doctor.schema.json'), doctorSchema());
writeFileSync(join(root, 'schemas/scenario.schema.json'), scenarioSchema());

const input = join(root, 'src/config/input');
const files = inputTypeFiles();
mkdirSync(input, { recursive: true });
for (const name of readdirSync(input).filter((present) => !files.has(present))) rmSync(join(input, name));
for (const [name, text] of files) writeFileSync(join(input, name), text);
