// Clients inside the account are told where the service is, besides DNS. Change the ids in failover.config.yaml, then:
// npx cdk deploy --all
import { readFileSync } from 'node:fs';
import { runFailoverApp } from '../../lib/failover-app.ts';
import { parseDeployment } from '../../src/config/loader.ts';

const file = 'failover.config.yaml';

await runFailoverApp(() => parseDeployment(readFileSync(new URL(file, import.meta.url), 'utf8'), file));
