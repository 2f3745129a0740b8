// A global database and the web service that writes to it, which move together. Change the ids in
// failover.config.yaml, then: npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
