// Two regions behind CloudFront. Change the store and the ids of the origins in failover.config.yaml, then: npm install
// && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
