/** The CDK app of the trial: all stacks of the deployment in the JSON file that is named last on the command line. */
import { readFileSync } from 'node:fs';
import { runFailoverApp } from '../../lib/failover-app.ts';
import { parseDeployment } from '../../src/config/loader.ts';

const file = process.argv.at(-1) ?? '';
await runFailoverApp(() => parseDeployment(readFileSync(file, 'utf8'), file));
