// A second region whose instances are stopped and started before it serves. Change the ids in failover.config.yaml,
// then: npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
