// Three regions serve together; who is down leaves the DNS answers. Change the ids in failover.config.yaml, then:
// npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
