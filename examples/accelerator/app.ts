// Two regions behind a Global Accelerator. Change the ARNs in failover.config.yaml, then: npm install && npx cdk deploy
// --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
