// Clients inside the account are told where the service is, besides DNS. Change the ids in failover.config.yaml,
// then: npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
