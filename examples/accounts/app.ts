// Two accounts: the instances, their Elastic IP and the hosted zone are in the second one. Change the ids in
// failover.config.yaml, then: npm install && npx cdk deploy shop-failover-account-222233334444 --profile other-account
// and, with the profile of the deployment's own account, npx cdk deploy 'shop-failover-us-*' shop-failover-records
import { readDeployment, runFailoverApp } from 'cdk-failover';

await runFailoverApp(() => readDeployment('failover.config.yaml'));
