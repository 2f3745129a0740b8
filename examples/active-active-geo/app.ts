// Clients are answered by where they are; those of the EU stay in the EU. Change the ids in failover.config.yaml, then:
// npx cdk deploy --all
import { readFileSync } from 'node:fs';
import { runFailoverApp } from '../../lib/failover-app.ts';
import { parseDeployment } from '../../src/config/loader.ts';

const file = 'failover.config.yaml';

await runFailoverApp(() => parseDeployment(readFileSync(new URL(file, import.meta.url), 'utf8'), file));
