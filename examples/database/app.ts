// A global database and the web service that writes to it, which move together. Change the ids in failover.config.yaml,
// then: npx cdk deploy --all
import { readFileSync } from 'node:fs';
import { runFailoverApp } from '../../lib/failover-app.ts';
import { parseDeployment } from '../../src/config/loader.ts';

const file = 'failover.config.yaml';

await runFailoverApp(() => parseDeployment(readFileSync(new URL(file, import.meta.url), 'utf8'), file));
