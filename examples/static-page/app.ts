// One region serves, and clients get a static page while it is down. Change the ids in failover.config.yaml, then:
// npm install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
