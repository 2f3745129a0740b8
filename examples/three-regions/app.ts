// Three regions with a site each, DNS follows the active site. Change the ids in failover.config.yaml, then: npm
// install && npx cdk deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
