// Two regions serve together, and a third one waits in reserve. Change the ids in failover.config.yaml, then:
// npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
