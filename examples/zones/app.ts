// Three zones behind one load balancer. Change the ARN in failover.config.yaml, then: npm install && npx cdk deploy
// --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
