// Two instances behind one Elastic IP, and DNS to a second region. Change the ids in failover.config.yaml, then: npm
// install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
