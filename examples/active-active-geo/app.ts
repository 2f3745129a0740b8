// Clients are answered by where they are; those of the EU stay in the EU. Change the ids in failover.config.yaml,
// then: npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
