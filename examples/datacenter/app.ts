// A datacenter with a standby in AWS. Change names and addresses in failover.config.yaml, then: npm install && npx cdk
// deploy --all
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
